"""The tokens of e5.

1. The vectors that come with tokens are those that come without, of titles and of queries.
2. A title has a token for each piece of its text, up to `MOST_TOKENS`, in any company: up to what a step may differ,
   and what lies beyond changes only what the pieces before say. A query has as many and a colon, of weights that sum
   to 1.
3. Read against each other, a query finds its own title before others, and best what is asked for.
4. A tuning without them, and none at all, give b"" for each title and None for each query.
5. A file that is missing, cut, flipped in one byte, that lacks a part, is of another width or of no numbers is an error
   that names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.encoders.e5 import E5Encoder, load
from retrieval.encoders.e5_calibration import PASSAGE_PREFIX, PASSAGES, QUERY_PREFIX
from retrieval.encoders.e5_late import COLUMNS, MOST_QUERY_TOKENS, MOST_TOKENS, read_late
from retrieval.encoders.e5_tuning import TRADE_FILE
from retrieval.encoders.e5_vocabulary import E5Tokenizer
from retrieval.errors import EncoderError
from retrieval.late.titles import WIDTH, TitleTokens
from tests.token_encoder import steps_of
from tests.unit.retrieval.encoders.test_e5 import TEXTS

LONG = "登山鞋 防水 男款 " * 40
STRANGE = ("", " ", "😀🛒", "红\x00裙", "\ud800", LONG)


@pytest.fixture(scope="module")
def encoder(e5_cache: Path) -> E5Encoder:
    return load({}, cache_dir=e5_cache, threads=2)


def pieces(e5_folder: Path, prefix: str, text: str) -> int:
    """Of a text alone: without `<s>`, `</s>` and the prefix. Of an empty one there is the blank before it."""
    whole, empty = E5Tokenizer(e5_folder, max_tokens=128).encode(prefix, [text, ""])
    assert whole[:3].tolist() == empty[:3].tolist()
    return 1 + len(whole) - len(empty)


def test_the_same_vectors(encoder: E5Encoder) -> None:  # 1
    texts = [*TEXTS, *STRANGE]
    titles, queries = encoder.encode_titles(texts), encoder.read_queries(texts)
    np.testing.assert_allclose(titles.vectors, encoder.encode_documents(texts), atol=1e-5)
    np.testing.assert_allclose([read.vector for read in queries], encoder.encode_queries(texts), atol=1e-5)
    nothing = encoder.encode_titles([])
    assert (nothing.vectors.shape, [*nothing.tokens], encoder.read_queries([])) == ((0, 384), [], [])


def test_a_token_for_each_piece(encoder: E5Encoder, e5_folder: Path) -> None:  # 2
    texts = [*TEXTS, *STRANGE]
    for text, tokens, read in zip(texts, encoder.encode_titles(texts).tokens, encoder.read_queries(texts), strict=True):
        assert TitleTokens.decode([tokens]).counts[0] == min(pieces(e5_folder, PASSAGE_PREFIX, text), MOST_TOKENS)
        assert read.tokens is not None
        count = min(1 + pieces(e5_folder, QUERY_PREFIX, text), MOST_QUERY_TOKENS)
        assert (read.tokens.vectors.shape, read.tokens.weights.shape) == ((count, WIDTH), (count,))
        assert read.tokens.weights.sum() == pytest.approx(1, abs=1e-5)
        assert (read.tokens.weights >= 0).all()
    assert pieces(e5_folder, PASSAGE_PREFIX, LONG) > MOST_TOKENS


def test_in_any_company(encoder: E5Encoder, e5_cache: Path) -> None:  # 2
    one_thread = load({}, cache_dir=e5_cache, threads=1)
    together = encoder.encode_titles([*TEXTS, *PASSAGES]).tokens[: len(TEXTS)]
    alone = [one_thread.encode_titles([text]).tokens[0] for text in TEXTS]
    assert [*map(len, together)] == [*map(len, alone)]
    steps, others = steps_of(*together), steps_of(*alone)
    assert abs(steps - others).max() <= 1
    assert (steps != others).mean() < 0.01
    weights, same = (TitleTokens.decode(each).weights for each in (together, alone))
    assert abs(np.log(weights / same)).max() <= 1 / 16 + 1e-5
    queries = encoder.read_queries([*TEXTS, *PASSAGES])
    for text, read in zip(TEXTS, queries, strict=False):
        (single,) = one_thread.read_queries([text])
        assert read.tokens is not None
        assert single.tokens is not None
        for name in ("vectors", "weights"):
            np.testing.assert_allclose(getattr(read.tokens, name), getattr(single.tokens, name), atol=1e-4)


def test_numbers_of_titles(encoder: E5Encoder) -> None:  # 2
    """All steps are used, and what they stand for has unit norm, up to what they round."""
    tokens = TitleTokens.decode(encoder.encode_titles([*PASSAGES]).tokens)
    used = np.unique(steps_of(*encoder.encode_titles([*PASSAGES]).tokens))
    assert (len(used), used.min(), used.max()) == (16, -7.5, 7.5)
    late = read_late(TRADE_FILE)
    assert late is not None
    lengths = np.linalg.norm(tokens.products(np.eye(WIDTH, dtype=np.float32), late.scale), axis=1)
    assert np.median(lengths) == pytest.approx(1, abs=0.05)
    assert len(np.unique(tokens.weights)) > 9


def test_what_is_asked_for(encoder: E5Encoder) -> None:  # 3
    questions = ["半身裙", "手机钢化膜", "纸尿裤", "水龙头", "四川香肠", "wireless mouse", "登山鞋", "狗"]
    offered = encoder.encode_titles(TEXTS)
    titles = TitleTokens.decode(offered.tokens)
    for place, read in enumerate(encoder.read_queries(questions)):
        assert read.tokens is not None
        assert read.tokens.read(titles, offered.vectors @ read.vector).argmax() == place


@pytest.mark.parametrize("tuning", ["none", "without tokens"])
def test_without_tokens(tuning: str, e5_cache: Path, tmp_path: Path) -> None:  # 4
    if tuning != "none":
        np.savez(path := tmp_path / "t.npz", **{k: v for k, v in parts().items() if not k.startswith("late.")})
        assert read_late(path) is None
        return
    plain = load({"tuning": "none"}, cache_dir=e5_cache, threads=1)
    titles, queries = plain.encode_titles(TEXTS), plain.read_queries(TEXTS)
    assert [*titles.tokens] == [b""] * len(TEXTS)
    assert [read.tokens for read in queries] == [None] * len(TEXTS)
    assert titles.vectors.tolist() == plain.encode_documents(TEXTS).tolist()
    np.testing.assert_allclose([read.vector for read in queries], plain.encode_queries(TEXTS), atol=1e-5)


def parts() -> dict[str, Any]:
    """Of the tuning that comes with Xunhuo."""
    with np.load(TRADE_FILE) as stored:
        return {name: stored[name] for name in stored.files}


CHANGES: dict[str, tuple[str, Any]] = {
    "narrow": ("late.projection", lambda a: a[:, :-1]),
    "flat": ("late.projection", lambda a: a[0]),
    "short": ("late.projection", lambda a: a[:-1]),
    "no number": ("late.projection", lambda a: a * np.float16(np.nan)),
    "middle": ("late.middle", lambda a: a[1:]),
    "step": ("late.step", lambda a: a[None]),
    "no step": ("late.step", lambda a: a * 0),
    "numbers": ("late.head.direct", lambda a: a[:4]),
    "spread": ("late.head.spread", lambda a: a[:1]),
    "hidden": ("late.head.outer", lambda a: a[:-1]),
    "turned": ("late.head.inner", lambda a: a.T),
    "bias": ("late.head.bias", lambda a: np.array([a, a])),
    "text": ("late.head.middle", lambda a: np.array(["a"] * 4)),
}
LOST = ("late.projection", "late.middle", "late.step", "late.head.inner", "late.head.bias")


def refused(path: Path) -> None:
    with pytest.raises(EncoderError, match="tuning of e5") as caught:
        read_late(path)
    assert caught.value.field == str(path)
    assert "none" in str(caught.value.hint)


@pytest.mark.parametrize("how", [*CHANGES, *LOST])
def test_a_bad_part_is_named(how: str, tmp_path: Path) -> None:  # 5
    good = {name: array for name, array in parts().items() if name.startswith("late.")}
    if how in LOST:
        del good[how]
    else:
        name, change = CHANGES[how]
        good[name] = change(good[name])
    np.savez(path := tmp_path / "t.npz", **good)
    refused(path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("how", ["cut", "flipped", "text", "empty"])
def test_a_bad_file_is_named(how: str, save: Any, tmp_path: Path) -> None:  # 5
    path = tmp_path / "t.npz"
    save(path, **{name: array for name, array in parts().items() if name.startswith("late.")})
    whole = path.read_bytes()
    half = len(whole) // 2
    flipped = whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :]
    made = {"cut": whole[:half], "flipped": flipped, "text": b"no npz", "empty": b""}
    path.write_bytes(made[how])
    refused(path)
    path.unlink()
    refused(path)


def test_the_trade_has_them() -> None:
    late = read_late(TRADE_FILE)
    assert late is not None
    assert late.projection.shape == (384, COLUMNS)
    assert (late.scale.step > 0).all()
