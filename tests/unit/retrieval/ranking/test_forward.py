"""Forward rows:

1. What is encoded is decoded: title length, words, texts, keys of brand and shop, for any records in any order.
2. A word has the same hash in every process: it is CRC-32, whose check value is published.
3. A row is short: ≤ 300 bytes for a title of 30 characters with brand, category and shop.
4. Records with missing or strange fields have a row; a damaged row is refused and the rebuild named.
5. `having` finds the documents with a word.
6. Tokens of the title are put at the end, replaced and taken away, and are read back; nothing else of the row changes,
   whatever bytes numbers, hashes and tokens have. A row without them is what it was before there were any.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import GenerationError
from retrieval.forward_head import with_numbers
from retrieval.ranking.forward import (
    MAX_TITLE_CHARS,
    MAX_WORDS,
    ForwardRows,
    encode_forward,
    title_tokens,
    with_tokens,
    word_hash,
    words_of,
)
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row, rows


@given(st.lists(st.text(max_size=60), max_size=5))
def test_round_trip(titles: list[str]) -> None:
    found = rows(*titles)
    assert found.texts.size == len(titles)
    for i, title in enumerate(found.texts.titles):
        assert found.lengths[i] == len(title)
        words = dict.fromkeys(map(word_hash, words_of(title, built_in_analyzer())))
        assert found.words[found.starts[i] : found.starts[i + 1]].tolist() == list(words)[:80]


def test_keys_of_brand_and_shop() -> None:
    found = ForwardRows.decode([row("锅", brand="苏泊尔", shop={"name": "小店"}), row("锅")])
    assert found.brands.tolist() == [word_hash("苏泊尔"), 0]
    assert found.shops.tolist() == [word_hash("小店"), 0]


def test_hash_is_stable() -> None:
    assert word_hash("123456789") == 0xCBF43926  # the check value of CRC-32


def test_rows_are_short() -> None:
    title = "家用老式加厚平底不粘铁锅燃气灶电磁炉通用少油烟大号炒菜锅子套"
    assert len(title) == 30
    assert len(row(title, brand="苏泊尔", category=["厨具", "锅", "铁锅"], shop="旗舰店")) <= 300


@pytest.mark.parametrize("record", [{}, {"title": None}, {"title": 3, "brand": [], "shop": {}, "category": {"a": 1}}])
def test_strange_records(record: dict[str, object]) -> None:
    assert ForwardRows.decode([encode_forward(record, built_in_analyzer())]).texts.documents == ["\n\n"]


@pytest.mark.parametrize("damaged", [b"", b"short", row("铁锅 平底")[:24], row("铁锅")[:-1] + b"\xff"])
def test_damaged(damaged: bytes) -> None:
    with pytest.raises(GenerationError, match="damaged") as caught:
        ForwardRows.decode([damaged])
    assert "rebuild" in str(caught.value.hint)


def test_long_titles() -> None:
    """More of a title than `MAX_TITLE_CHARS`, and more words than `MAX_WORDS`, are not read."""
    found = rows("锅" * (MAX_TITLE_CHARS + 1), " ".join(f"{i}x" for i in range(MAX_WORDS)))
    assert found.lengths[0] == len(found.texts.titles[0]) == MAX_TITLE_CHARS
    assert np.diff(found.starts)[1] == MAX_WORDS


def test_having() -> None:
    found = rows("Cheez It 饼干", "奶酪", "cheez-it 芝士")
    assert found.having(word_hash("奶酪")).tolist() == [1]
    assert np.array_equal(found.having(word_hash("没有")), [])


FULL_HASHES = ("a173", "a13169")
"""Words whose hashes hold the byte that stands before tokens."""

tokens = st.binary(max_size=70) | st.sampled_from([b"\xff", b"\xff" * 32, b"\n" * 32])
titles = st.text(max_size=12) | st.sampled_from(FULL_HASHES)


@given(st.lists(st.tuples(titles, tokens), max_size=4))
def test_tokens(given: list[tuple[str, bytes]]) -> None:  # 6
    bare = [row(title, price=1.5) for title, _ in given]
    having = [with_tokens(each, found) for each, (_, found) in zip(bare, given, strict=True)]
    assert [title_tokens(each) for each in having] == [found for _, found in given]
    plain, found = ForwardRows.decode(bare), ForwardRows.decode(having)
    assert ([*plain.tokens], [*found.tokens]) == ([b""] * len(given), [tokens for _, tokens in given])
    assert found.texts.documents == plain.texts.documents
    for name in ("groups", "brands", "shops", "sales", "prices", "listed", "lengths", "starts", "words"):
        assert getattr(found, name).tolist() == getattr(plain, name).tolist()


@given(titles, tokens, tokens)
def test_tokens_are_replaced(title: str, first: bytes, second: bytes) -> None:  # 6
    bare = row(title)
    having = with_tokens(bare, first)
    assert with_tokens(having, second) == with_tokens(bare, second)
    assert with_tokens(having, b"") == bare
    assert with_tokens(having, title_tokens(having)) == having
    patched = with_numbers(having, 7, 0xFFFFFFFF)
    assert (title_tokens(patched), with_tokens(patched, b"")) == (first, with_numbers(bare, 7, 0xFFFFFFFF))


def test_hashes_of_the_byte_before_tokens() -> None:  # 6
    assert all(0xFF in word_hash(title).to_bytes(4, "little") for title in FULL_HASHES)
    assert 0xFF in row(FULL_HASHES[0])  # unknown numbers and a hash: none of them is where tokens begin
    assert title_tokens(row(FULL_HASHES[0])) == b""


@pytest.mark.parametrize("short", [b"", b"cut anew", row("铁锅")[:33]])
def test_tokens_of_what_is_no_row(short: bytes) -> None:  # 6
    """As moments and videos have; they get none."""
    assert title_tokens(short) == b""
    assert with_tokens(short, b"") == short
