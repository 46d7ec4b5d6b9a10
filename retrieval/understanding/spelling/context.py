"""What characters stand beside which: counts over the titles and the query log, and the probability of a text.

A text becomes a run of symbols: Han characters as they are, a Latin word ``A``, a number ``0``, anything else an edge
``|``. Its probability is that of an interpolated trigram model, each order smoothed by the next lower one:

    P(c)      = (n(c) + 1/2) / (N + S/2)
    P(c | b)  = (n(bc)  + k₂ P(c))     / (n(b)  + k₂)        k₂ = 20
    P(c | ab) = (n(abc) + k₃ P(c | b)) / (n(ab) + k₃)        k₃ = 3

with n the counts, N all symbols, S = 6,000 distinct ones (Dirichlet smoothing; Chen & Goodman 1998, section 2).
`retrieval.understanding.spelling.counts` learns the counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array

Symbols: TypeAlias = npt.NDArray[np.int64]
"""Code points below 2**18, any shape."""
Counts: TypeAlias = npt.NDArray[np.int64]

BITS = 18
"""Bits of a symbol in a key."""
EDGE, LATIN, NUMBER = ord("|"), ord("A"), ord("0")
REFERENCE = 5_000_000
"""Symbols that the thresholds and weights on counts are made for."""

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_SYMBOL = re.compile(rf"[{_HAN}]|([a-z]+)|([0-9.]+)|([^a-z0-9.{_HAN}]+)")
_CLASSES = (LATIN, NUMBER, EDGE)
_PAIR_WEIGHT, _TRIPLE_WEIGHT, _DISTINCT = 20.0, 3.0, 6_000


@dataclass(frozen=True, slots=True)
class Context:
    """Counts of single symbols, pairs and triples. Plain sorted arrays: safe to share.

    Attributes:
        ones: shape (2**18,), count of each symbol.
        pairs, triples: (sorted keys, their counts), both of shape (m,); a key holds 18 bits a symbol. Stored counts are
            uint32.
        total: N, all symbols counted.
    """

    ones: Counts
    pairs: tuple[Counts, Counts]
    triples: tuple[Counts, Counts]
    total: int

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> Context:
        """That which gave these `arrays`."""
        pairs, triples = ((arrays[name], arrays[f"{name}_counts"]) for name in ("pairs", "triples"))
        return cls(arrays["ones"], pairs, triples, int(arrays["total"][0]))

    def arrays(self) -> dict[str, Array]:
        """What it is stored as."""
        return {
            "ones": self.ones, "total": np.array([self.total]),
            "pairs": self.pairs[0], "pairs_counts": self.pairs[1].astype(np.uint32),
            "triples": self.triples[0], "triples_counts": self.triples[1].astype(np.uint32),
        }  # fmt: skip

    @property
    def scale(self) -> float:
        """What a count is multiplied with to be one of five million symbols, at most 1."""
        return min(1.0, REFERENCE / max(1, self.total))

    def pair(self, a: Symbols, b: Symbols) -> Counts:
        """n(ab), of the common shape of the arguments."""
        return _find(self.pairs, a << BITS | b)

    def triple(self, a: Symbols, b: Symbols, c: Symbols) -> Counts:
        """n(abc); 0 for one that was too rare to keep."""
        return _find(self.triples, (a << BITS | b) << BITS | c)


def symbols_of(text: str) -> tuple[list[int], list[int]]:
    """Symbols of a normalised text, and where in it each begins; the second list also has the end of the text."""
    symbols: list[int] = []
    starts: list[int] = []
    for match in _SYMBOL.finditer(text):
        starts.append(match.start())
        symbols.append(_CLASSES[match.lastindex - 1] if match.lastindex else ord(match.group()))
    return symbols, [*starts, len(text)]


def log_probability(context: Context, text: str) -> float:
    """Natural log P of a normalised text, from its first symbol to the edge after it."""
    run = np.array([[EDGE, EDGE, *symbols_of(text)[0], EDGE]], np.int64)
    pairs = context.pair(run[:, :-1], run[:, 1:])
    triples = context.triple(run[:, :-2], run[:, 1:-1], run[:, 2:])
    return float(log_of(context, run, pairs, triples).sum())


def log_of(context: Context, run: Symbols, pairs: Counts, triples: Counts) -> npt.NDArray[np.float64]:
    """Natural log P of every symbol of `run` (shape (k, m)) after the two before it; shape (k, m - 2).

    Args:
        pairs, triples: the counts of its neighbours, shapes (k, m - 1) and (k, m - 2).
    """
    ones = context.ones[run]
    single = (ones[:, 2:] + 0.5) / (context.total + _DISTINCT / 2)
    second = (pairs[:, 1:] + _PAIR_WEIGHT * single) / (ones[:, 1:-1] + _PAIR_WEIGHT)
    third = (triples + _TRIPLE_WEIGHT * second) / (pairs[:, :-1] + _TRIPLE_WEIGHT)
    value: npt.NDArray[np.float64] = np.log(third)
    return value


def _find(table: tuple[Counts, Counts], keys: Counts) -> Counts:
    known, counts = table
    if not len(known):
        return np.zeros(keys.shape, np.int64)
    place = known.searchsorted(keys)
    place[place == len(known)] = 0
    found: Counts = np.multiply(counts[place], known[place] == keys, dtype=np.int64)
    return found
