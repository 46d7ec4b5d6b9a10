"""From entries that fit what was typed to a list: ranked, each finding something else, none that finds nothing.

score = ln (1 + demand) · quality · fit · (1 + interest · liking) · (1 + own · asked before)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.suggest.answer import Suggestion
from retrieval.suggest.entry import Entry
from retrieval.suggest.shopper import Shopper
from retrieval.suggest.table import Table
from retrieval.suggest.typed import TEXT, entries_of, forgiven
from retrieval.types import EVERYTHING

LOOKED_AT = 48
"""Entries of a list that are looked at closely, the best by what is known of all shoppers."""


@dataclass(frozen=True, slots=True)
class Weights:
    """See `retrieval.suggest.options.SuggestOptions`."""

    interest: float
    own: float
    scoped: int


def fitting(tables: Iterable[Table], typed: str, own: Iterable[Entry] = ()) -> dict[str, tuple[Entry, float]]:
    """Text → an entry that fits, and how well; a slip is forgiven where none does. The first table knows best.

    Args:
        own: others that begin with what was typed.
    """
    found: dict[str, tuple[Entry, float]] = {}
    for ways in (entries_of, forgiven):
        for table in tables:
            for place, fit in _best(table, ways(table, typed)):
                one = table[place]
                found.setdefault(one.text, (one, fit))
        found = {one.text: (one, TEXT) for one in own} | found
        if found:
            break
    return found


def ranked(entries: Mapping[str, tuple[Entry, float]], shopper: Shopper, weights: Weights) -> list[tuple[Entry, float]]:
    """Entries with their scores, best first.

    Args:
        entries: text → an entry, and how well it fits.
    """
    scored = [
        (
            one,
            math.log1p(one.demand) * one.quality * fit
            * (1 + weights.interest * shopper.liking(one)) * (1 + weights.own * shopper.asked.get(one.text, 0.0)),
        )
        for one, fit in entries.values()
    ]  # fmt: skip
    return sorted(scored, key=lambda each: (-each[1], len(each[0].text), each[0].text))


def listed(
    best: Iterable[tuple[Entry, float]], reader: IndexReader, unsaid: Callable[[str], bool], shopper: Shopper,
    size: int, scoped: int,
) -> tuple[Suggestion, ...]:  # fmt: skip
    """The list.

    Args:
        best: ranked.
        unsaid: whether a text may not be offered now.
        scoped: how many are offered within their category, too.
    """
    known = list(best)
    there = _there(reader, (one for one, _ in known))
    lines: list[Suggestion] = []
    for one, score in _distinct(known):
        if len(lines) >= size:
            break
        if not there.intersection(one.rows) or unsaid(one.text) or unsaid(one.asks) or unsaid(one.shop):
            continue
        own = one.text in shopper.asked
        line = Suggestion(one.text, one.asks or one.text, one.kind, score, shop=one.shop, own=own)
        lines.append(line)
        if scoped and one.category and one.inside in there and not unsaid(one.category):
            lines.append(replace(line, category=one.category))
            scoped -= 1
    return tuple(lines[:size])


def _there(reader: IndexReader, entries: Iterable[Entry]) -> set[int]:
    """Documents of them that can be found."""
    rows = {row for one in entries for row in (*one.rows, one.inside) if 0 <= row < reader.rows}
    found: list[int] = reader.passing(EVERYTHING, np.array(sorted(rows), np.int64)).tolist()
    return set(found)


def _distinct(best: Iterable[tuple[Entry, float]]) -> Iterator[tuple[Entry, float]]:
    """The first of those that find the same: by the same characters, or the same documents, as many of them."""
    seen: set[object] = set()
    for one, score in best:
        same = {
            ("said", "".join(sorted("".join(one.text.split()))), one.shop),
            ("found", frozenset(one.rows), one.found, one.shop),
        }
        if not seen & same:
            yield one, score
        seen |= same


def _best(table: Table, fitting: Mapping[int, float]) -> Iterable[tuple[int, float]]:
    """The best of many by what is known of all, times how well they fit."""
    places, fits = np.array([*fitting], np.int64), np.array([*fitting.values()])
    order = np.lexsort((places, -table.worth[places] * fits))[:LOOKED_AT]
    return zip(places[order].tolist(), fits[order].tolist(), strict=True)
