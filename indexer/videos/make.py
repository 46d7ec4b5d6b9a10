"""A video → what the index gets of it: itself, and its moments with the products that they show.

cleaned → linked → cut (where another product begins, a moment ends) → heard again → documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from indexer.documents.moment import moment_text
from indexer.documents.spoken import moment_of, video_of
from indexer.sources.records import Video
from indexer.videos.amounts import Amounts
from indexer.videos.clean import Cleaner
from indexer.videos.cut import Cutter
from indexer.videos.nouns import Alternative, Cut, Link, Said
from indexer.videos.shown import Given, basket_of, given_in
from retrieval.analysis.analyzer import Analyzer
from retrieval.spoken.moment import Line, Moment, ShownProduct
from retrieval.types import IndexedDocument


class Links(Protocol):
    """Says which products are shown when."""

    def link(self, said: Sequence[Said], basket: Sequence[str] | None, given: Sequence[Given]) -> tuple[Link, ...]:
        """The links of a video, in the order of their first segments."""


class Hears(Protocol):
    """Says what may have been said where something else was written down."""

    def alternatives(self, said: Sequence[Said], also: Sequence[str]) -> tuple[Alternative, ...]:
        """Of all segments; `also` are other texts of the video."""


@dataclass(frozen=True, slots=True)
class Made:
    """A video ready to be written; its moments in their order."""

    video: IndexedDocument
    moments: tuple[IndexedDocument, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """Safe to share between threads where its parts are.

    Attributes:
        known: whether a product is in the catalogue, for sale or withheld.
    """

    analyzer: Analyzer
    cleaner: Cleaner
    cutter: Cutter
    links: Links
    hears: Hears
    amounts: Amounts
    known: Callable[[str], bool]

    def make(self, video: Video) -> Made:
        """All that is indexed of a video."""
        said = self.cleaner.cleaned(video.segments)
        found = self.links.link(said, basket_of(video), given_in(video))
        links = [link for link in found if self.known(link.product_id)]
        also = (video.title, *video.screen)
        heard = self.hears.alternatives(said, also)
        moments = [
            self._moment(video, number, said, cut, heard, links)
            for number, cut in enumerate(split(self.cutter.cut(said), said, links))
        ]
        return Made(self._video(video, said, links, len(moments)), tuple(moments))

    def _moment(
        self, video: Video, number: int, said: Sequence[Said], cut: Cut, heard: Sequence[Alternative],
        links: Sequence[Link],
    ) -> IndexedDocument:  # fmt: skip
        id, text = moment_id(video.id, number), moment_text(said, cut, heard, video.title, self.amounts)
        moment = Moment(
            id, video.id, video.title, video.creator.name if video.creator else None, video.kind,
            _lines(said, cut), _shown(cut, links),
        )  # fmt: skip
        searched = {"said": text.said, "heard": text.heard, "published_at": _published(video)}
        return moment_of(moment.record() | searched, self.analyzer)

    def _video(self, video: Video, said: Sequence[Said], links: Sequence[Link], moments: int) -> IndexedDocument:
        source = video.source()
        record = {
            "id": video.id, "title": video.title, "creator": source.get("creator"), "kind": video.kind,
            "published_at": source.get("published_at"), "published_ts": _published(video), "stats": dict(video.stats),
            "moments": [moment_id(video.id, number) for number in range(moments)],
            "segments": [
                {"start": one.start, "end": one.end, "text": one.text, "marks": sorted(one.marks)} for one in said
            ],
            "products": [_link(link, said) for link in links],
        }  # fmt: skip
        return video_of(record, self.analyzer)


def moment_id(video_id: str, number: int) -> str:
    """Unique in a generation: a video has no two moments of one number."""
    return f"{video_id}#{number}"


def split(cuts: Sequence[Cut], said: Sequence[Said], links: Sequence[Link]) -> list[Cut]:
    """Moments that end where another product begins: what is said of one thing must not stand for another.

    A piece without a word is left out, and one that lies within another.
    """
    turns = sorted({link.first for link in links} | {link.last + 1 for link in links})
    pieces: dict[Cut, None] = {}
    for cut in cuts:
        edges = [cut.first, *(turn for turn in turns if cut.first < turn <= cut.last), cut.last + 1]
        for first, end in pairwise(edges):
            spoken = [place for place in range(first, end) if said[place].words]
            if spoken:
                pieces[Cut(spoken[0], spoken[-1])] = None
    return [piece for piece in pieces if not any(_within(piece, other) for other in pieces)]


def _within(piece: Cut, other: Cut) -> bool:
    return piece != other and other.first <= piece.first and piece.last <= other.last


def _shown(cut: Cut, links: Sequence[Link]) -> tuple[ShownProduct, ...]:
    """Products that are shown somewhere between its first and last segment, the surest first."""
    best: dict[str, Link] = {}
    for link in links:
        over = link.first <= cut.last and cut.first <= link.last
        if over and (link.product_id not in best or link.confidence > best[link.product_id].confidence):
            best[link.product_id] = link
    surest = sorted(best.values(), key=lambda link: (-link.confidence, link.product_id))
    return tuple(ShownProduct(link.product_id, link.confidence, tuple(link.reasons)) for link in surest)


def _link(link: Link, said: Sequence[Said]) -> dict[str, Any]:
    return {
        "id": link.product_id, "start": said[link.first].start, "end": said[link.last].end,
        "segments": [link.first, link.last], "best": list(link.best), "confidence": round(link.confidence, 3),
        "reasons": list(link.reasons),
    }  # fmt: skip


def _lines(said: Sequence[Said], cut: Cut) -> tuple[Line, ...]:
    shown = (one for one in said[cut.first : cut.last + 1] if one.words)
    return tuple(Line(one.start, one.end, one.text.strip()) for one in shown)


def _published(video: Video) -> int | None:
    return int(video.published_at.timestamp()) if video.published_at else None
