"""看后搜: what a viewer would search next.

What several viewers searched after this very video comes first; then the things that it shows, and those that it says,
as queries of a log say them. Every one of them finds something, and none is misspelled or sensitive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Protocol

from retrieval.analysis.normalize import normalize
from retrieval.serving.understandings import Understanding
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.plan import Plan
from retrieval.videos.watching import Watched

_TRIED = 4
"""Times as many are tried as are wanted: some find nothing."""
_LIKE = 1
"""Queries of the log for each thing."""
_LOGGED = 10
"""So many of them are looked at."""
_TITLE = 2
"""Lines that the title counts as."""
_LINES = 60
"""Segments that are read for things, evenly apart: 2 ms each."""
_NAMES = (Kind.BRAND, Kind.PRODUCT)
_KNOWN = (Source.LEXICON, Source.CATALOGUE)


class AskedBefore(Protocol):
    """What is known of other shoppers' queries: a `retrieval.mall.mall.Mall`."""

    def asked_after(self, video: str) -> tuple[str, ...]: ...
    def asked_like(self, query: str, size: int) -> tuple[str, ...]: ...
    def fit(self, query: str) -> bool: ...


class AfterSource(StrEnum):
    """Where a query after watching is known from."""

    WATCHED = "watched"
    """Viewers of this video asked it."""
    SHOWN = "shown"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class AfterQuery:
    """One query."""

    query: str
    source: AfterSource


def queries_after(
    video: Watched, reads: Understanding, asked: AskedBefore | None, finds: Callable[[str], bool], size: int
) -> tuple[AfterQuery, ...]:  # fmt: skip
    """The best, each once.

    Args:
        finds: whether a query has results.
    """
    candidates = _each_once(_candidates(video, reads, asked))
    fit = (one for one in islice(candidates, _TRIED * size) if (not asked or asked.fit(one.query)) and finds(one.query))
    return tuple(islice(fit, size))


def _candidates(video: Watched, reads: Understanding, asked: AskedBefore | None) -> Iterator[AfterQuery]:
    for query in asked.asked_after(video.id) if asked else ():
        yield AfterQuery(query, AfterSource.WATCHED)
    told = normalize(" ".join((str(video.record["title"]), *(str(each["text"]) for each in video.segments))))
    for names, source in ((_shown(video, reads), AfterSource.SHOWN), (_said(video, reads), AfterSource.SAID)):
        for name in names:
            queries = [query for query in asked.asked_like(name, _LOGGED) if name in query] if asked else []
            # What nobody asks for is a word rather than a thing: 如果, 里面.
            if source is AfterSource.SHOWN or queries or not asked:
                yield AfterQuery(name, source)
            fit = (query for query in queries if _fits(reads.plan(query), told))
            yield from (AfterQuery(query, source) for query in islice(fit, _LIKE))


def _fits(plan: Plan, told: str) -> bool:
    """Whether a query wants no brand, model or shop of which the video says nothing."""
    named = (entity for entity in plan.entities if entity.kind in (Kind.BRAND, Kind.MODEL, Kind.SHOP))
    return all(plan.query[entity.start : entity.end] in told for entity in named)


def _shown(video: Watched, reads: Understanding) -> Iterator[str]:
    """What the products are called, in the order in which they are shown."""
    for record in {link["id"]: link["record"] for link in video.products}.values():
        category = record.get("category") or ()
        yield from _names(reads.plan(str(record.get("title") or "")), str(category[-1]) if category else "")


def _said(video: Watched, reads: Understanding) -> Iterator[str]:
    """Things that are named in the title and the transcript, the most frequent first; read only if asked for."""
    counted: Counter[str] = Counter()
    lines = video.segments[:: -(-len(video.segments) // _LINES) or 1]
    texts = [str(video.record["title"]), *(str(segment["text"]) for segment in lines)]
    for number, text in enumerate(texts):
        # What a title names is what a video is about.
        counted.update(dict.fromkeys(_things(reads.plan(text[:64])), 1 if number else _TITLE))
    yield from (thing for thing, _ in counted.most_common())


def _names(plan: Plan, leaf: str) -> Iterable[str]:
    """A thing as it is called, with its brand first: the word of its title that is most like its category, or that."""
    things = [thing for thing in reversed(_things(plan)) if not leaf or _alike(thing, leaf)]
    thing = max(things, key=lambda thing: len(set(thing) & set(leaf)), default=leaf)
    brands = [entity.value for entity in plan.entities if entity.kind is Kind.BRAND and entity.source in _KNOWN]
    if thing:
        yield from (f"{brand} {thing}" for brand in brands[:1])
        yield thing


def _alike(thing: str, leaf: str) -> bool:
    """Whether it may be of this category: a title of bowls says 洗碗机, too, and one of cat food 颗粒."""
    return thing[-1] == leaf[-1] or len(set(thing) & set(leaf)) > 1


def _things(plan: Plan) -> list[str]:
    return [
        plan.query[entity.start : entity.end]
        for entity in plan.entities
        if entity.kind is Kind.PRODUCT and entity.source in _KNOWN and entity.end - entity.start > 1
    ]


def _each_once(found: Iterable[AfterQuery]) -> Iterator[AfterQuery]:
    seen: set[str] = set()
    for one in found:
        key = "".join(one.query.split())
        if key not in seen:
            seen.add(key)
            yield one
