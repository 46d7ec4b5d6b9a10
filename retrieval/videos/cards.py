"""Cards of videos: the moments that speak to a query, gathered by video."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import orjson

from retrieval.analysis.highlight import Highlighter
from retrieval.analysis.normalize import normalize
from retrieval.spoken.cards import VideoCard
from retrieval.spoken.moment import Moment, MomentRow, decode_rows
from retrieval.spoken.said import Said
from retrieval.types import Filters, FloatArray, Mask
from retrieval.videos.about import About
from retrieval.videos.find import anybody_says, by_video, find_moments
from retrieval.videos.fitting import fitting
from retrieval.videos.options import VideoOptions
from retrieval.videos.quote import SPARE, evidence_of, once


def cards(
    said: Said, about: About, vector: FloatArray | None, kinds: Collection[str], filters: Filters,
    on_air: Collection[str], options: VideoOptions,
) -> tuple[VideoCard, ...]:  # fmt: skip
    """The best videos of these kinds, livestreams on air first among equals; none where nobody says a word of it.

    Args:
        vector: of the query, shape (dim,); None where only words are compared.
        kinds: ``video``, ``live``.
        filters: of products; a moment that shows only others is left out.
        on_air: ids of the livestreams that are on right now.
    """
    text = about.text
    if not anybody_says(said.moments, text, options.find):
        return ()
    among = Filters({"kind": tuple(sorted(kinds))})
    found = find_moments(said.moments, text, vector, said.common, options.find, among)
    rows = decode_rows(said.moments.forward(found.rows))
    open = np.flatnonzero(said.gate.open(rows) & fitting(said.products, rows, filters, options.surely))
    rows, found = [rows[at] for at in open.tolist()], found.take(open)
    videos = {each.video: each for each in by_video(found, [row.video_id for row in rows])}
    best = {video: each.score for video, each in videos.items()}
    speaks = found.saying(rows, text) | (found.scores >= options.least * max(best.values(), default=0.0))
    first = [videos[video].places[0] for video in _first(best, on_air, options)][: SPARE * options.cards]
    near = (found.words >= options.find.floor) & (found.meaning >= (-np.inf if vector is None else options.find.near))
    titles = [orjson.loads(source)["title"] for source in said.moments.sources(found.rows[np.array(first, np.int64)])]
    telling = [
        rows[at].video_id
        for at, title in zip(first, titles, strict=True)
        if about.told(f"{rows[at].spoken} {normalize(title)}", near=bool(near[at]))
    ]
    told = {video: _told(videos[video].places, speaks, options) for video in telling[: options.cards]}
    wanted = [at for places in told.values() for at in places]
    sources = said.moments.sources(found.rows[np.array(wanted, np.int64)]) if wanted else []
    moments = {at: Moment.of(orjson.loads(source)) for at, source in zip(wanted, sources, strict=True)}
    mark = Highlighter(text)
    quotes = {at: evidence_of(moment, mark, options.quote_chars, None) for at, moment in moments.items()}
    shown = {video: once({at: quotes[at] for at in places}, options.in_card) for video, places in told.items()}
    return tuple(
        VideoCard(
            video, moments[places[0]].title, moments[places[0]].creator, moments[places[0]].kind, best[video],
            video in on_air, tuple(quotes[at] for at in places),
            _products([rows[at] for at in places], options.surely),
        )
        for video, places in shown.items()
    )  # fmt: skip


def _told(places: Sequence[int], speaks: Mask, options: VideoOptions) -> list[int]:
    """The best moment of a video, and others that speak to the query: some to spare, for some say the same again."""
    return [places[0], *(place for place in places[1:] if speaks[place])][: SPARE * options.in_card]


def _first(best: Mapping[str, float], on_air: Collection[str], options: VideoOptions) -> list[str]:
    """The ids of the cards in their order, down to a share of the best; those that differ little count as equal."""
    highest = max(best.values(), default=0.0)
    step = highest * options.equal or 1.0

    def place(video: str) -> tuple[float, bool, float, str]:
        return -(best[video] // step), video not in on_air, -best[video], video

    enough = (video for video, score in best.items() if score >= options.least * highest)
    return sorted(enough, key=place)


def _products(rows: list[MomentRow], surely: float) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.id for row in rows for p in row.products if p.confidence >= surely))
