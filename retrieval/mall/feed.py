"""The feed: what the mall shows somebody who has not asked for anything, a page at a time, nothing twice.

Who is not known sees everybody's mall: popular things of good quality, balanced over categories, and the same for all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson

from retrieval.analysis.analyzer import Analyzer
from retrieval.answer import WhyNeutral
from retrieval.errors import InvalidRequest
from retrieval.interest.taste import Taste
from retrieval.interest.wording import strongest_reason
from retrieval.mall.answer import FeedAnswer, FeedRequest, Shown, Source
from retrieval.mall.choose import LOOK_BACK, Chosen, Field, choose, words_of
from retrieval.mall.columns import marked
from retrieval.mall.cursor import FeedCursor, decode, encode, seed_of
from retrieval.mall.options import MallOptions
from retrieval.mall.place import Place
from retrieval.mall.recall import Candidates, FeedRecall
from retrieval.mall.shopper import NOBODY, Shopper, who_asks
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows
from retrieval.request import SearchRequest, mark_of
from retrieval.snapshot import Snapshot
from retrieval.types import Filters, IntArray

POLICY = "feed-1"
"""Changes whenever the same events may give other places."""
_HOUR_S = 3_600.0
"""Everybody's feed is the same for so long."""
_TITLE_CHARS = 16
_COMPARED, _COMPARED_LEAST = 8, 160
"""Times as many candidates are compared with each other as are shown."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page under way."""

    request: FeedRequest
    at: FeedCursor
    reader: IndexReader
    place: Place
    analyzer: Analyzer


class Feed:
    """Thread-safe. Without a `taste` everybody sees everybody's mall."""

    def __init__(self, taste: Taste | None, options: MallOptions) -> None:
        self._taste, self._options = taste, options.feed
        self._recall = FeedRecall(taste, options.feed, options.fields)

    def page(self, visit: Visit) -> FeedAnswer:
        """The next page. Raises DeadlineExceeded."""
        now = time.time() if visit.request.now is None else visit.request.now
        shopper, why = self._shopper(visit, now)
        if shopper is NOBODY:
            now = now // _HOUR_S * _HOUR_S
        at = visit.at if visit.request.cursor else replace(visit.at, **_first_of(visit, shopper, now))
        shown = np.array([row for row in at.shown if row < visit.reader.rows], np.int64)
        size = min(visit.request.size, self._options.depth - len(shown))
        candidates, chosen = self._chosen(visit, at, shopper, shown, size, now) if size > 0 else (None, [])
        hits = self._hits(visit.reader, candidates, chosen, len(shown)) if candidates else ()
        rows = [int(candidates.rows[one.at]) for one in chosen] if candidates else []
        ends = len(chosen) < size or len(shown) + len(rows) >= self._options.depth or not rows
        return FeedAnswer(
            hits, at.category, why, None if ends else encode(replace(at, shown=(*shown.tolist(), *rows))),
            at.snapshot.generation,
        )  # fmt: skip

    def _shopper(self, visit: Visit, now: float) -> tuple[Shopper, WhyNeutral | None]:
        request, at = visit.request, visit.at
        mark = mark_for(request, at.snapshot)
        if request.cursor and at.mark and at.mark != mark:
            raise InvalidRequest(
                "this feed is of a shopper, and that is not who asks now", field="cursor",
                hint="send the user_id and session_id that it was made for, or leave the cursor out",
            )  # fmt: skip
        if request.cursor and not at.mark and self._taste is not None and request.personalize:
            return NOBODY, WhyNeutral.FROZEN
        return who_asks(
            self._taste, request.user_id, request.session_id, request.personalize, visit.reader, now, self._options,
            visit.place.shelf.columns.sensitive,
        )  # fmt: skip

    def _chosen(
        self, visit: Visit, at: FeedCursor, shopper: Shopper, shown: IntArray, size: int, now: float
    ) -> tuple[Candidates, list[Chosen]]:
        reader, place = visit.reader, visit.place
        filters = Filters({"category": (at.category,)} if at.category else {}, in_stock=True)
        gone = marked(reader.rows, np.concatenate([shown, np.fromiter(shopper.done, np.int64, len(shopper.done))]))
        rng = np.random.default_rng([at.seed, len(shown)])
        sample = self._recall.offer(reader, place, filters).sample
        sample = sample[~gone[sample]]
        drawn = rng.permutation(sample)[:size] if self._options.explore else sample[:0]
        last = shown[-self._options.window :]
        found = self._recall.candidates(reader, place, shopper, gone, filters, now, visit.analyzer, drawn, last)
        found = found.best(max(_COMPARED * size, _COMPARED_LEAST), drawn)
        before = shown[-LOOK_BACK:]
        words = words_of(ForwardRows.decode(reader.forward(np.concatenate([found.rows, before]))))
        many, interests, sampled = len(found.rows), found.interests, marked(reader.rows, sample)
        field = Field(
            found.rows, found.worth, np.searchsorted(found.rows, drawn), sampled[found.rows], len(sample),
            shown, words[:many], words[many:], (interests[:many], interests[many:]), not at.category,
        )  # fmt: skip
        return found, choose(field, place.shelf.columns, size, self._options, rng)

    def _hits(
        self, reader: IndexReader, found: Candidates, chosen: list[Chosen], before: int
    ) -> tuple[Shown, ...]:  # fmt: skip
        rows = found.rows[[one.at for one in chosen]]
        records = [orjson.loads(source) for source in reader.sources(rows)]
        seeds = {found.seeds[row] for row in rows.tolist() if row in found.seeds}
        titles = _titles(reader, sorted(seeds))
        hits = []
        for rank, (one, record) in enumerate(zip(chosen, records, strict=True), before + 1):
            source = Source.EXPLORED if one.explored else found.source(one.at)
            sentence = _because(found, one.at, source, titles)
            hits.append(Shown(
                record["id"], rank, float(found.worth[one.at]), record, source, sentence, POLICY, one.propensity
            ))  # fmt: skip
        return tuple(hits)


def mark_for(request: FeedRequest, snapshot: Snapshot) -> str:
    """A keyed digest of who asks; "" where nobody does, or nothing of them is to be read."""
    if not request.personalize or not (request.user_id or request.session_id):
        return ""
    asked = SearchRequest("", user_id=request.user_id, session_id=request.session_id)
    return mark_of(asked, snapshot.generation)


def begin(request: FeedRequest, snapshot: Snapshot) -> FeedCursor:
    """Where a page is: that of its cursor, or the first. Raises InvalidRequest."""
    return decode(request.cursor) if request.cursor else FeedCursor(snapshot, "", 0, request.category)


def _first_of(visit: Visit, shopper: Shopper, now: float) -> dict[str, Any]:
    mark = "" if shopper is NOBODY else mark_for(visit.request, visit.at.snapshot)
    return {"mark": mark, "seed": seed_of(visit.at.snapshot.generation, mark, repr(now), visit.at.category)}


def _titles(reader: IndexReader, rows: list[int]) -> Mapping[int, str]:
    records = reader.sources(np.array(rows, np.int64)) if rows else []
    return {row: str(orjson.loads(record).get("title") or "") for row, record in zip(rows, records, strict=True)}


def _because(found: Candidates, at: int, source: Source, titles: Mapping[int, str]) -> str | None:
    """A sentence for the shopper; none for what everybody is shown."""
    row = int(found.rows[at])
    if source in (Source.VIEWED, Source.BOUGHT):
        title = titles[found.seeds[row]]
        short = title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS]}…"
        return f"看过「{short}」的人也{'看了' if source is Source.VIEWED else '买了'}"
    if source is Source.DUE:
        return "你买过，可能又需要了"
    if source is Source.INTEREST and found.liking is not None:
        return strongest_reason(found.liking.interests, found.liking.parts[at])
    return None
