"""What each segment of a video says about each product of a basket, in nats of how rare it is in the catalogue.

Words count little where something is only compared with, or named as not shown now, and in a list that is read out:
a segment whose words need three products to explain them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexer.videos.links.cues import Cues
from indexer.videos.links.matches import Basket, Match
from indexer.videos.links.prices import SaidPrice, said_prices
from indexer.videos.links.sounds import fold

Floats = npt.NDArray[np.float64]

COMPARED, NOT_NOW, LISTED = 0.2, 0.3, 0.2
"""What a word counts after 比 and the like, in a segment about another time, in a list."""
_BEFORE = 7
"""Characters before a word in which 比 is looked for, in the same clause."""
_HEAD = 6
"""Characters at the beginning of a segment that say what it is about."""
_NICKNAME = 4.0
_PRICE, _BARE_PRICE, _VAGUE = 6.0, 4.5, 0.5
"""Nats of a price to the yuan said with a unit of money, of a number that may be one, times of 两百多 and the like."""
_LEAST = 1.0
_LIST_OF, _LISTED_WORD, _LISTED_WEIGHT, _LIST_SHARE = 3, 3.0, 4.5, 0.55
"""A list: so many products, each with words of so many nats, of so many in all, the first with at most this share."""
PRICE = "¥"


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a product that a segment says, as the product has them, folded; `PRICE` where it is the price."""

    segment: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is heard of the products of a basket.

    Attributes:
        texts: the segments, folded.
        heard, head: (segments, products), nats; in the whole segment and at its beginning.
        lists, prices: (segments,), 1 where a list is read out, where a price is said, else 0.
        mentions: of each product, in the order of the segments.
    """

    texts: list[str]
    heard: Floats
    head: Floats
    lists: Floats
    prices: Floats
    mentions: list[list[Mention]] = field(repr=False)


def gather(basket: Basket, texts: Sequence[str], cues: Cues) -> Evidence:
    """Hear `texts`, one of a segment, for the products of `basket`."""
    shape = len(texts), len(basket.products)
    heard, head, lists = np.zeros(shape), np.zeros(shape), np.zeros(len(texts))
    mentions: list[list[Mention]] = [[] for _ in basket.products]
    folded = [cues.filler.sub("", fold(text)) for text in texts]
    prices = [said_prices(text) for text in texts]
    for t, text in enumerate(folded):
        matches = [*basket.matches(without_common(text, cues)), *basket.nicknames(text, cues.nickname, _NICKNAME)]
        listed = _is_list(matches, len(text), shape[1])
        lists[t] = listed
        scale = (LISTED if listed else 1.0) * (NOT_NOW if cues.later.search(text) else 1.0)
        said: set[tuple[int, str]] = set()
        for match in matches:
            words = basket.texts[match.product][match.at : match.at + match.end - match.start]
            weight = match.weight * scale * (COMPARED if _is_compared(text, match.start, cues) else 1.0)
            if weight < _LEAST or (match.product, words) in said:
                continue
            said.add((match.product, words))
            heard[t, match.product] += weight
            head[t, match.product] += weight * (match.start < _HEAD)
            if not listed:
                mentions[match.product].append(Mention(t, words, weight))
        for number, weight in _priced(basket, prices[t]):
            heard[t, number] += weight * scale
            mentions[number].append(Mention(t, PRICE, weight * scale))
    return Evidence(folded, heard, head, lists, np.array([bool(each) for each in prices], np.float64), mentions)


def without_common(folded: str, cues: Cues) -> str:
    """The text with what separates in the place of words of any talk; its length stays."""
    return cues.common.sub(lambda match: "\0" * len(match.group()), folded)


def _is_compared(text: str, start: int, cues: Cues) -> bool:
    clause = text.rfind(" ", 0, start) + 1
    return cues.than.search(text, max(clause, start - _BEFORE), start) is not None


def _priced(basket: Basket, said: Sequence[SaidPrice]) -> list[tuple[int, float]]:
    """(product, nats) of those whose price is said."""
    if not said:
        return []
    found = []
    for number, price in enumerate(product.price for product in basket.products):
        worths = [
            (_PRICE if each.money else _BARE_PRICE) * (1.0 if each.low == each.high else _VAGUE)
            for each in said
            if price and each.fits(price)
        ]
        if worths:
            found.append((number, max(worths)))
    return found


def _is_list(matches: Sequence[Match], length: int, count: int) -> bool:
    """Whether three products are needed to explain the words, each taking what the ones before it leave."""
    if len(matches) < _LIST_OF:
        return False
    worth = np.zeros((count, length))
    for match in matches:
        if match.weight > _LISTED_WORD:
            place = worth[match.product, match.start : match.end]
            np.maximum(place, match.weight / (match.end - match.start), out=place)
    total, left = float(worth.max(0).sum()), worth.copy()
    gains: list[float] = []
    while len(gains) < _LIST_OF:
        sums = left.sum(1)
        best = int(sums.argmax())
        if sums[best] < _LISTED_WEIGHT:
            return False
        gains.append(float(sums[best]))
        left[:, worth[best] > 0] = 0
    return gains[0] < _LIST_SHARE * total
