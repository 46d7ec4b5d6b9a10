"""How sure an edit is: a conditional logit over all proposals for a query and “nothing is wrong”.

    P(edit) = exp(w · x) / (1 + Σ exp(w · x'))                                            (McFadden 1974)

The features x of an edit that turns the symbols ``a b | old | c d`` into ``a b | new | c d``:

    gain         log P(after) − log P(before), natural log (`spelling_context`)
    gain_each    the same, per symbol of the query
    most_before  log(1 + n), n of the most frequent pair inside ``b old c``
    pmi_before   the greatest log(n(xy) N / (n(x) n(y))) of the pairs inside ``b old c``
    pmi_after    the same of ``b new c``
    triples      Σ log(1 + n) over the triples of ``a b new c d``
    one_after    log(1 + n) of the rarest symbol of ``new``
    word_after   the greatest log(1 + n) + 2 (length − 2) of the known words of 2–5 characters that hold ``new``
    long_after   the length of the longest of them, 0 without one
    word_before, long_before   the same of ``old``
    known_after  log(1 + n) of the whole query as edited, where that is known
    at_end       1 for one before or after all others: the query would do without it
    its kind     one weight each: how likely such an error is, before anything is seen of it

Counts n are those of five million symbols at most: a larger catalogue repeats its accidents too. `WEIGHTS` were
fitted by maximum likelihood on 4,800 queries with a planted error (`eval.planted`) and 15,000 untouched ones of a real
log, each with and without the rest of that log among the texts; one query in twenty counts as misspelt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from retrieval.understanding.kinds import CorrectionKind
from retrieval.understanding.spelling.context import Context, Counts, Symbols, log_of
from retrieval.understanding.spelling.known import WORD_LENGTHS, KnownTexts

Floats: TypeAlias = npt.NDArray[np.float64]
Proposal: TypeAlias = tuple[int, int, int, tuple[int, ...]]
"""(index of its kind, start, end, symbols to stand there): offsets into the symbols of the query."""

KINDS = (
    CorrectionKind.PINYIN, CorrectionKind.NEAR_PINYIN, CorrectionKind.SHAPE, CorrectionKind.SWAP,
    CorrectionKind.MISSING, CorrectionKind.EXTRA,
)  # fmt: skip
WEIGHTS = {
    "gain": 0.29,
    "gain_each": -0.74,
    "most_before": -0.07,
    "pmi_before": -0.20,
    "pmi_after": 0.31,
    "triples": 0.05,
    "one_after": 0.51,
    "word_after": 0.15,
    "long_after": 0.57,
    "word_before": -0.11,
    "long_before": -0.93,
    "known_after": 0.69,
    "at_end": -2.44,
    "pinyin": -10.35,
    "near_pinyin": -10.59,
    "shape": -12.43,
    "swap": -9.54,
    "missing": -10.20,
    "extra": -4.68,
}
FEATURES = tuple(WEIGHTS)

_VECTOR = np.array([*WEIGHTS.values()])
_FROM_COUNTS, _NUMBERS = 7, len(FEATURES) - len(KINDS)
_LARGEST = 50.0
"""Bound of w · x, against overflow."""


def probabilities(rows: Floats) -> Floats:
    """P of each proposal, shape (proposals,), from features of shape (proposals, 19); with “nothing” they sum to 1."""
    odds = np.exp(np.minimum(rows @ _VECTOR, _LARGEST))
    chances: Floats = odds / (1.0 + odds.sum())
    return chances


def features(
    context: Context,
    known: KnownTexts,
    query: str,
    starts: Sequence[int],
    padded: Symbols,
    pairs: Counts,
    proposals: Sequence[Proposal],
) -> Floats:
    """Features of (kind, start, end, new symbols), shape (proposals, 19).

    Args:
        query, starts: the normalised query, and where in it each symbol begins (`spelling_context.symbols_of`).
        padded: the query's symbols between two edges on each side, shape (n + 4,).
        pairs: their pair counts, shape (n + 3,).
    """
    logs_before = _log_probability(context, padded[None], pairs[None])[0][0]
    before = np.concatenate([[0.0], np.cumsum(logs_before)])
    old_pmi = _pmi(context, padded[None], pairs[None])[0]
    rows = np.zeros((len(proposals), len(FEATURES)))
    rows[np.arange(len(proposals)), [_NUMBERS + kind for kind, *_ in proposals]] = 1.0
    for width in {len(new) for *_, new in proposals}:
        members = [i for i, proposal in enumerate(proposals) if len(proposal[3]) == width]
        start = np.array([proposals[i][1] for i in members]) + 2
        end = np.array([proposals[i][2] for i in members]) + 2
        new = np.array([proposals[i][3] for i in members], np.int64).reshape(len(members), width)
        window = np.column_stack([padded[start - 2], padded[start - 1], new, padded[end], padded[end + 1]])
        two = context.pair(window[:, :-1], window[:, 1:])
        logs, three = _log_probability(context, window, two)
        gain = logs.sum(1) - (before[end] - before[start - 2])
        spans = list(zip((start - 1).tolist(), end.tolist(), strict=True))
        rows[members, :_FROM_COUNTS] = np.column_stack(
            [
                gain,
                gain / (len(padded) - 3),
                np.log1p([pairs[i:j].max() * context.scale for i, j in spans]),
                [old_pmi[i:j].max() for i, j in spans],
                _pmi(context, window[:, 1:-1], two[:, 1:-1]).max(1),
                np.log1p(three * context.scale).sum(1),
                np.log1p(context.ones[new].min(1) * context.scale) if width else np.zeros(len(members)),
            ]
        )
    _add_texts(rows, known, query, starts, proposals)
    return rows


def _add_texts(
    rows: Floats, known: KnownTexts, query: str, starts: Sequence[int], proposals: Sequence[Proposal]
) -> None:
    """Fills in the features that come from known texts."""
    edited = [(starts[i], starts[j], "".join(map(chr, new))) for _, i, j, new in proposals]
    before: dict[tuple[int, int], tuple[float, int]] = {}
    for row, (start, end, new) in enumerate(edited):
        if (start, end) not in before:
            before[start, end] = _word(known, query, start, end)
        missing = KINDS[proposals[row][0]] is CorrectionKind.MISSING
        text = query[:start] + new + query[end:]
        rows[row, _FROM_COUNTS:_NUMBERS] = (
            *_word(known, text, start, start + len(new)),
            *before[start, end],
            known.whole(text),
            missing and (start == 0 or end == len(query)),
        )


def _word(known: KnownTexts, text: str, start: int, end: int) -> tuple[float, int]:
    """The weightiest known word of `text` over ``[start, end)``, or over the seam if that is empty; the longest one."""
    if start == end:
        start, end = start - 1, end + 1
    best, longest = 0.0, 0
    for length in WORD_LENGTHS:
        for at in range(max(0, end - length), min(start, len(text) - length) + 1):
            weight = known.word(text[at : at + length])
            if weight:
                best, longest = max(best, weight + 2 * (length - 2)), length
    return best, longest


def _log_probability(context: Context, run: Symbols, pairs: Counts) -> tuple[Floats, Counts]:
    """log P of each symbol after the two before it, and the triple counts, both of shape (k, m - 2)."""
    three = context.triple(run[:, :-2], run[:, 1:-1], run[:, 2:])
    return log_of(context, run, pairs, three), three


def _pmi(context: Context, run: Symbols, pairs: Counts) -> Floats:
    """log(n(xy) N / (n(x) n(y))) of neighbours, shape (k, m - 1), with half an occurrence added to n(xy)."""
    ones = context.ones[run] + 1.0
    value: Floats = np.log((pairs + 0.5) * context.total / (ones[:, :-1] * ones[:, 1:]))
    return value
