"""Counts of neighbours:

1. Symbols of a query are those that are counted in texts: Han as it is, one for a Latin word, a number, an edge.
2. Counts of single symbols, pairs and triples are what can be counted by hand; texts do not run into each other.
3. Triples seen once are left out; of pairs and triples only the most frequent are kept.
4. A text seen n times counts 1 + log2(n) times; what is learned later adds up, in chunks or at once.
5. Counts survive being stored, also as generations of before stored them; damaged bytes and those of another version
   are an error.
6. Probabilities over all symbols after a context sum to about 1, and a text that was seen is likelier than one not.
"""

from __future__ import annotations

import io

import numpy as np
import pytest

from retrieval.analysis.packed import pack, unpack
from retrieval.errors import GenerationError
from retrieval.understanding.spelling import counts as spelling_counts
from retrieval.understanding.spelling.context import EDGE, Context, log_of, symbols_of
from retrieval.understanding.spelling.counts import ContextLearner, context_of_counts, learn_context

TEXTS = ["保温杯 500ml", "保温壶", "保温杯", "nike保温杯"]


def symbols(text: str) -> str:
    return "".join(map(chr, symbols_of(text)[0]))


def pair(context: Context, text: str) -> int:
    return int(context.pair(np.array([ord(text[0])]), np.array([ord(text[1])]))[0])


def triple(context: Context, text: str) -> int:
    return int(context.triple(*(np.array([ord(char)]) for char in text))[0])


@pytest.mark.parametrize(
    ("text", "expected", "starts"),
    [
        ("保温杯", "保温杯", [0, 1, 2, 3]),
        ("nike 2.5l水杯", "A|0A水杯", [0, 4, 5, 8, 9, 10, 11]),
        ("a-b", "A|A", [0, 1, 2, 3]),
        ("", "", [0]),
    ],
)
def test_symbols(text: str, expected: str, starts: list[int]) -> None:
    assert symbols(text) == expected
    assert symbols_of(text)[1] == starts


def test_counts() -> None:
    context = learn_context(TEXTS)
    assert context.ones[ord("温")] == 4
    assert pair(context, "温杯") == 3
    assert pair(context, "温壶") == 1
    assert pair(context, "杯保") == 0
    assert pair(context, "A保") == 1
    assert triple(context, "保温杯") == 3
    assert triple(context, "保温壶") == 0
    assert context.total == int(context.ones.sum())


@pytest.mark.parametrize(("count", "times"), [(1, 1), (2, 2), (3, 2), (4, 3), (1000, 10)])
def test_repeated_texts(count: int, times: int) -> None:
    learner = ContextLearner()
    learner.add("保温杯", count)
    assert learner.finish().ones[ord("温")] == times


def test_learning_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    once = learn_context(TEXTS * 2)
    learner = ContextLearner(learn_context(TEXTS))
    monkeypatch.setattr(spelling_counts, "_CHUNK", 10)
    for text in TEXTS:
        learner.add(text)
    later = learner.finish()
    assert np.array_equal(once.ones[EDGE + 1 :], later.ones[EDGE + 1 :])
    for text in ("保温", "温杯", "温壶", "杯|", "A保"):
        assert pair(once, text) == pair(later, text) > 0


def test_only_the_most_frequent_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling_counts, "MOST_PAIRS", 2)
    context = learn_context(["保温"] * 3 + ["水杯"])
    assert len(context.pairs[0]) == 2
    assert pair(context, "水杯") == 0


def test_stored_form() -> None:
    context = learn_context(TEXTS * 3)
    again = Context.of_arrays(unpack(pack(context.arrays())))
    assert_equal(again, context)


def of_version_one(context: Context, version: int = 1) -> bytes:
    """As generations of format 3 keep them."""
    seen = np.flatnonzero(context.ones)
    stored = io.BytesIO()
    np.savez_compressed(
        stored, version=np.array([version]), seen=seen, ones=context.ones[seen], pairs=np.stack(context.pairs),
        triples=np.stack(context.triples),
    )  # fmt: skip
    return stored.getvalue()


def test_counts_of_version_one() -> None:
    context = learn_context(TEXTS * 3)
    assert_equal(context_of_counts(of_version_one(context)), context)


def assert_equal(one: Context, other: Context) -> None:
    assert np.array_equal(one.ones, other.ones)
    for name in ("pairs", "triples"):
        assert all(np.array_equal(a, b) for a, b in zip(getattr(one, name), getattr(other, name), strict=True))
    assert one.total == other.total > 0


def test_damaged_bytes() -> None:
    stored = of_version_one(learn_context(TEXTS))
    for damaged in (b"", stored[:200], stored[:-200], b"nothing", stored.replace(b"triples", b"quadruples"[:7])):
        with pytest.raises(GenerationError, match="spelling counts"):
            context_of_counts(damaged)
    with pytest.raises(GenerationError, match="version"):
        context_of_counts(of_version_one(learn_context(TEXTS), 2))


def test_probabilities() -> None:
    context = learn_context(TEXTS * 5)
    seen = np.flatnonzero(context.ones)
    run = np.column_stack([np.full(len(seen), ord("保")), np.full(len(seen), ord("温")), seen])
    pairs = context.pair(run[:, :-1], run[:, 1:])
    triples = context.triple(run[:, :1], run[:, 1:2], run[:, 2:])
    chances = np.exp(log_of(context, run, pairs, triples))
    assert 0.5 < chances.sum() <= 1.0
    assert chr(seen[chances.argmax()]) == "杯"


def test_no_text() -> None:
    context = learn_context([])
    assert context.total == 0
    assert pair(context, "保温") == 0
