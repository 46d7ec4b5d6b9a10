"""What the chain decides by: a few numbers of each segment and product, each with a weight of its own.

Evidence enters by its logarithm: the second word says less than the first. What tells products apart is compared with
the rivals of the segment, those that half as much or more of its words may mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from indexer.videos.links.chain import Scores
from indexer.videos.links.cues import Cues
from indexer.videos.links.evidence import Evidence, Floats, Mention
from indexer.videos.nouns import Said

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # the product is on in this segment
        "during": ("heard", "others", "since", "until", "since_until"),
        # nothing is on in it
        "outside": ("bias", "aside", "farewell", "list", "heard", "carry", "price", "open"),
        # the product comes on
        "enter": (
            *("bias", "intro", "intro_linear", "rivals", "rivals_intro", "lead", "head", "next", "back", "pause"),
            *("brand", "no_brand", "open", "open_intro_linear", "open_whole", "open_rivals", "question"),
        ),
        # more, where another was on before
        "switch": ("bias", "next", "pause"),
        # nothing is on any more
        "leave": ("bias", "aside", "farewell", "list", "pause", "next"),
    }
)
"""Group of `chain.Scores` → its features. `open_`: only where the video names no products of its own."""

INTRO, WHOLE = 3, 8
"""Segments in which the words that introduce a product, and most that is said of it, are counted."""
_HEARD, _FAR = 3.0, 20.0
"""Nats from which a segment says something of a product, and segments after which silence is silence."""
_RIVAL, _SMOOTH, _MOST_RATIO = 1.0, 3.0, 2.0
"""Nats of a rival in the segment; what is added to both sides of a ratio; the greatest ln of one."""

Features = Mapping[str, Floats]
"""Group → its features: (segments, products, n) of "during" and "enter", (segments, n) of the others."""


def features(evidence: Evidence, said: Sequence[Said], brands: Sequence[str], cues: Cues, *, open_: bool) -> Features:
    """All features of a video. `brands`: of each product, folded, "" where it is not known."""
    heard, texts = evidence.heard, evidence.texts
    length, count = heard.shape
    every, one = np.ones((length, count)), np.ones(length)

    def wide(values: Floats) -> Floats:
        return every * values[:, None]

    intro, whole = strengths(evidence)
    back = np.zeros((length, count))
    np.maximum.accumulate(intro[:-1], axis=0, out=back[1:])
    since, until = _distance(heard > _HEARD), _distance((heard > _HEARD)[::-1])[::-1]
    best_intro, best_whole = _best_rivals(heard, intro, every * whole)
    is_heard = heard > _RIVAL
    rivals = np.where(is_heard, _ratio(every * whole, best_whole), 0.0)
    rivals_intro = np.where(is_heard, _ratio(intro, best_intro), 0.0)
    lead = np.where(is_heard, np.clip((whole - best_whole) / 10, -1.5, 1.5), 0.0)
    marks = {
        name: _marks(texts, getattr(cues, name).search) for name in ("next", "aside", "farewell", "carry", "question")
    }
    pause = pauses(said)
    known = np.array([brand != "" for brand in brands], np.float64)
    named = np.array([_is_named(*each) for each in zip(brands, evidence.mentions, strict=True)], np.float64)
    intro_linear = np.minimum(intro, 60) / 10
    enter = [
        *(every, np.log1p(intro), intro_linear, rivals, rivals_intro, lead, np.log1p(evidence.head)),
        *(wide(marks["next"]), np.log1p(back), wide(pause), every * named, every * (known - named)),
        *(each * float(open_) for each in (every, intro_linear, every * np.minimum(whole, 100) / 20, rivals)),
        wide(marks["question"]) * np.log1p(heard),
    ]
    most = heard.max(1) if count else np.zeros(length)
    talk = [one, marks["aside"], marks["farewell"], evidence.lists]
    near = np.log1p(since) * np.log1p(until)
    return {
        "during": np.stack([np.log1p(heard), np.log1p(_others(heard)), np.log1p(since), np.log1p(until), near], -1),
        "outside": np.stack([*talk, np.log1p(most), marks["carry"], evidence.prices, one * float(open_)], -1),
        "enter": np.stack(enter, -1),
        "switch": np.stack([one, marks["next"], pause], -1),
        "leave": np.stack([*talk, pause, marks["next"]], -1),
    }


def weigh(values: Features, weights: Mapping[str, Floats]) -> Scores:
    """The scores of the chain: weighted sums of the features of each group."""
    return Scores(**{group: values[group] @ weights[group] for group in NAMES})


def strengths(evidence: Evidence) -> tuple[Floats, Floats]:
    """Nats of different words from a segment that says some on, and the most of each product.

    Shapes: (segments, products), (products,).
    """
    intro, whole = np.zeros_like(evidence.heard), np.zeros(evidence.heard.shape[1])
    for number, mentions in enumerate(evidence.mentions):
        for at, mention in enumerate(mentions):
            t = mention.segment
            if at and mentions[at - 1].segment == t:
                continue
            intro[t, number] = _worth(mentions, at, t + INTRO)
            whole[number] = max(whole[number], _worth(mentions, at, t + WHOLE))
    return intro, whole


def pauses(said: Sequence[Said]) -> Floats:
    """ln of the pause before each segment over the usual one of the video, in [-1, 1.5]; 0 where there are no times."""
    gaps = np.zeros(len(said))
    for i in range(1, len(said)):
        before, now = said[i - 1].end, said[i].start
        gaps[i] = np.nan if before is None or now is None else now - before
    known = gaps[1:][~np.isnan(gaps[1:])]
    if not len(known):
        return np.zeros(len(said))
    ratio: Floats = np.clip(np.log(np.maximum(gaps, 0.01) / max(float(np.median(known)), 0.05)), -1.0, 1.5)
    ratio[0] = 0.0
    ratio[np.isnan(ratio)] = 0.0
    return ratio


def _worth(mentions: Sequence[Mention], start: int, before: int) -> float:
    """Nats of the different words from mention `start` on, in segments before `before`."""
    best: dict[str, float] = {}
    for mention in islice(mentions, start, None):
        if mention.segment >= before:
            break
        best[mention.text] = max(best.get(mention.text, 0.0), mention.weight)
    return sum(best.values())


def _distance(is_heard: npt.NDArray[np.bool_]) -> Floats:
    """Segments since the last True in each column, at most `_FAR`."""
    places = np.where(is_heard, np.arange(len(is_heard))[:, None], -np.inf)
    last: Floats = np.maximum.accumulate(places, axis=0) if len(places) else places
    distance: Floats = np.minimum(np.arange(len(is_heard))[:, None] - last, _FAR)
    return distance


def _others(heard: Floats) -> Floats:
    """The most that any other product has in the segment."""
    if heard.shape[1] < 2:
        return np.zeros_like(heard)
    ordered: Floats = np.sort(heard, axis=1)
    others: Floats = np.where(heard >= ordered[:, -1:], ordered[:, -2:-1], ordered[:, -1:])
    return others


def _best_rivals(heard: Floats, *values: Floats) -> list[Floats]:
    """Of each of `values` the greatest among the rivals of a product in a segment, 0 where it has none."""
    best = [np.zeros_like(heard) for _ in values]
    for t, row in enumerate(heard):
        some = np.flatnonzero(row > _RIVAL)
        rival = row[some][None, :] >= 0.5 * row[some][:, None]
        np.fill_diagonal(rival, False)
        for value, into in zip(values, best, strict=True):
            into[t, some] = np.where(rival, value[t, some][None, :], 0.0).max(axis=1, initial=0.0)
    return best


def _ratio(own: Floats, other: Floats) -> Floats:
    """ln of one over the other, in [-2, 2]."""
    ratio: Floats = np.clip(np.log((own + _SMOOTH) / (other + _SMOOTH)), -_MOST_RATIO, _MOST_RATIO)
    return ratio


def _is_named(brand: str, mentions: Sequence[Mention]) -> bool:
    """Whether two neighbouring characters of the brand were heard."""
    pairs = {brand[i : i + 2] for i in range(len(brand) - 1) if " " not in brand[i : i + 2]}
    return any(pair in mention.text for mention in mentions for pair in pairs)


def _marks(texts: Sequence[str], search: Callable[[str], object]) -> Floats:
    return np.array([search(text) is not None for text in texts], np.float64)
