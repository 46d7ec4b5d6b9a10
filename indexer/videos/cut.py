"""A transcript → moments of 10–40 s, cut where the topic turns, each with a little of what came before.

Every edge between two segments gets a strength, the sum of three signs that a topic ends there:

    cohesion  1 − cosine of the character bigrams in the 12 s before it and in the 12 s after it
    pause     seconds of silence at it, as a share of 2 s
    turn      1 where what comes after begins as one does who turns to something else (接下来, 第二个, 最后)

Those edges are taken that make Σ (strength − mean strength) − Σ cost(length of a moment) the greatest, by dynamic
programming, with cost(s) = length · log2(s / aim)², and 1 more outside the bounds. Segments without times are taken to
follow each other at 4.8 characters a second (Chinese is spoken at 4 to 5.6).

Sources: cohesion of neighbouring windows is TextTiling (Hearst 1997, Computational Linguistics 23(1)); all cuts at
once, against a cost of lengths, as in Utiyama & Isahara (ACL 2001).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.videos.nouns import Cut, Said
from indexer.videos.phrases import Phrases, any_of, bare

PACE = 4.8
"""Characters a second."""

_LONGEST_PAUSE = 2.0
_SHORTEST = 0.5
"""Seconds; a moment is never taken for shorter."""


@dataclass(frozen=True, slots=True)
class CutOptions:
    """How long moments are, in seconds, and what tells that a topic ends.

    Attributes:
        least, aim, most: of a moment, without what it shares; a single segment may be longer.
        window: what is compared, on each side of an edge.
        overlap: of what came before, at most.
        cohesion, pause, turn: what each sign weighs.
        length: what a moment of twice or half `aim` costs.
    """

    least: float = 10.0
    aim: float = 20.0
    most: float = 40.0
    window: float = 12.0
    overlap: float = 6.0
    cohesion: float = 1.0
    pause: float = 0.5
    turn: float = 0.5
    length: float = 0.5


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A segment with words: its place, its times (seconds), its bare text."""

    place: int
    start: float
    end: float
    text: str


class Cutter:
    """Immutable; safe to share between threads."""

    def __init__(self, phrases: Phrases, options: CutOptions | None = None) -> None:
        self._options = options or CutOptions()
        self._turn = re.compile(any_of(phrases.turns))

    def cut(self, said: Sequence[Said]) -> tuple[Cut, ...]:
        """Moments in order; every segment with words is in one. Nothing worth finding: no moments."""
        spoken = [
            _Spoken(place, *times, bare(one.words))
            for place, (one, times) in enumerate(zip(said, times_of(said), strict=True))
            if one.words
        ]
        edges = self._best(spoken, self._strengths(spoken))
        return tuple(Cut(spoken[self._shared(spoken, i, j)].place, spoken[j - 1].place) for i, j in pairwise(edges))

    def _strengths(self, spoken: Sequence[_Spoken]) -> list[float]:
        """Of the edge before each segment, less their mean; that before the first is 0."""
        options = self._options
        bags = [Counter(map("".join, pairwise(one.text))) for one in spoken]
        found = []
        for i in range(1, len(spoken)):
            before, after = spoken[i - 1], spoken[i]
            left, right = self._window(spoken, i, -1), self._window(spoken, i, 1)
            pause = min(max(after.start - before.end, 0.0), _LONGEST_PAUSE) / _LONGEST_PAUSE
            found.append(
                options.cohesion * (1.0 - _cosine(_sum(bags[left:i]), _sum(bags[i:right])))
                + options.pause * pause
                + options.turn * bool(self._turn.match(after.text))
            )
        mean = sum(found) / max(len(found), 1)
        return [0.0, *(strength - mean for strength in found)]

    def _window(self, spoken: Sequence[_Spoken], edge: int, step: int) -> int:
        """How far a window reaches from an edge: its first segment, or the one after its last; at least one."""
        at = edge + step
        if step < 0:
            while at > 0 and spoken[edge - 1].end - spoken[at - 1].start <= self._options.window:
                at -= 1
        else:
            while at < len(spoken) and spoken[at].end - spoken[edge].start <= self._options.window:
                at += 1
        return at

    def _best(self, spoken: Sequence[_Spoken], strengths: Sequence[float]) -> list[int]:
        """Edges, with 0 and the last; empty without segments."""
        best, way = [0.0], [0]
        for j in range(1, len(spoken) + 1):
            strength = strengths[j] if j < len(spoken) else 0.0
            end, top, chosen = spoken[j - 1].end, -math.inf, j - 1
            for i in range(j - 1, -1, -1):
                length = end - spoken[i].start
                if length > self._options.most and i < j - 1:
                    break
                value = best[i] + strength - self._cost(length)
                if value > top:
                    top, chosen = value, i
            best.append(top)
            way.append(chosen)
        edges = [len(spoken)] if spoken else []
        while edges and edges[-1]:
            edges.append(way[edges[-1]])
        return edges[::-1]

    def _cost(self, length: float) -> float:
        options = self._options
        far = math.log2(max(length, _SHORTEST) / options.aim)
        return options.length * far * far + (not options.least <= length <= options.most)

    def _shared(self, spoken: Sequence[_Spoken], first: int, end: int) -> int:
        """The first segment of a moment together with what it shares with the one before."""
        options, at = self._options, first
        while (
            at > 0
            and spoken[first].start - spoken[at - 1].start <= options.overlap
            and spoken[end - 1].end - spoken[at - 1].start <= options.most
        ):
            at -= 1
        return at


def times_of(said: Sequence[Said]) -> list[tuple[float, float]]:
    """Begin and end of each in seconds; where they were not given, as long as it takes to say the text."""
    found: list[tuple[float, float]] = []
    now = 0.0
    for one in said:
        start = now if one.start is None else one.start
        now = start + len(one.text) / PACE if one.end is None else one.end
        found.append((start, now))
    return found


def _sum(bags: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for bag in bags:
        total.update(bag)
    return total


def _cosine(left: Counter[str], right: Counter[str]) -> float:
    if len(left) > len(right):
        left, right = right, left
    shared = sum(count * right[gram] for gram, count in left.items() if gram in right)
    if not shared:
        return 0.0
    return shared / math.sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
