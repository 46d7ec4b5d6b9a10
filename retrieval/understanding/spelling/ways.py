"""The best ways to put a run of letters together out of pieces that stand for some of them, by a beam."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

Piece: TypeAlias = tuple[str, float, int]
"""(text, logarithm of its share less its cost, 1 for a word, −1 for a character)."""
_Way: TypeAlias = tuple[float, str, int]
"""(score, text, words less single characters)."""
_BEAM = 8


def best_ways(letters: str, pieces: Iterable[tuple[int, int, Piece]]) -> list[tuple[str, int]]:
    """(text, words less single characters) of the best ways through all of `letters`, at most `_BEAM`.

    Args:
        pieces: from where to where each stands.
    """
    ending: defaultdict[int, list[tuple[int, Piece]]] = defaultdict(list)
    for start, end, piece in pieces:
        ending[end].append((start, piece))
    ways: list[list[_Way]] = [[(0.0, "", 0)]] + [[] for _ in letters]
    for end in range(1, len(letters) + 1):
        found: dict[str, _Way] = {}
        for start, (read, cost, balance) in ending[end]:
            for score, before, balanced in ways[start]:
                way = (score + cost, before + read, balanced + balance)
                found[way[1]] = max(way, found.get(way[1], way))
        ways[end] = heapq.nlargest(_BEAM, found.values())
    return [(text, balance) for _, text, balance in ways[-1]]
