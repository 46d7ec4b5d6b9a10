"""Which products a video shows, and when.

What is given with times is taken as it is. The rest is told from what is said, product against product, by the chain of
`chain.py`: with a basket among its products, without one among those of the whole catalogue that sound most like some
stretch of the speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.videos.links.chain import NOTHING, Beliefs, believe, best_path
from indexer.videos.links.evidence import Evidence, gather, without_common
from indexer.videos.links.features import Features, features, weigh
from indexer.videos.links.matches import Basket
from indexer.videos.links.reasons import reasons
from indexer.videos.links.shelf import Known, Shelf
from indexer.videos.links.sounds import BREAK, fold, units
from indexer.videos.links.weights import Weights
from indexer.videos.nouns import Link, Mark, Reason, Said
from indexer.videos.shown import Given


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a video, from segment `first`, with the products that it may show.

    Attributes:
        open_: whether they were looked for in the whole catalogue.
    """

    first: int
    basket: Basket
    evidence: Evidence
    features: Features
    open_: bool


class Linker:
    """Links by what a shelf knows. Holds nothing of the videos it saw, so their order does not matter."""

    def __init__(self, shelf: Shelf, weights: Weights) -> None:
        self._shelf = shelf
        self._weights = weights

    def link(
        self, said: Sequence[Said], basket: Sequence[str] | None = None, given: Sequence[Given] = ()
    ) -> tuple[Link, ...]:
        """The links of a video that are sure enough to be shown, by their first segments.

        Args:
            basket: ids of the products for sale under the video; None: look in the whole catalogue.
            given: what is known; of these products nothing else is linked, and nothing else in these segments.
        """
        links = [link for each in given if (link := _given(said, each))]
        free = np.ones(len(said), bool)
        for link in links:
            free[link.first : link.last + 1] = False
        known = {product_id for product_id, _, _ in given}
        if basket is None or set(basket) - known:
            for block in self.blocks(said, basket):
                links += [link for link in self._read(block, free) if link.product_id not in known]
        return tuple(sorted(links, key=lambda link: (link.first, link.last, link.product_id)))

    def blocks(self, said: Sequence[Said], basket: Sequence[str] | None) -> Iterator[Block]:
        """The stretches of the video that are read one by one: all of it where there is a basket."""
        if not said:
            return
        if basket is not None:
            if products := self._shelf.of(dict.fromkeys(basket)):
                yield self._block(0, said, products, open_=False)
            return
        count = -(-len(said) // self._weights.candidates.block)
        for i in range(count):
            first = i * len(said) // count
            stretch = said[first : (i + 1) * len(said) // count]
            if products := self._candidates(stretch):
                yield self._block(first, stretch, products, open_=True)

    def _block(self, first: int, said: Sequence[Said], products: Sequence[Known], *, open_: bool) -> Block:
        basket, cues = Basket(products, self._shelf), self._weights.cues
        evidence = gather(basket, [_text(each) for each in said], cues)
        return Block(
            first,
            basket,
            evidence,
            features(evidence, said, [product.brand for product in products], cues, open_=open_),
            open_,
        )

    def _candidates(self, said: Sequence[Said]) -> list[Known]:
        """Products that sound like two segments in a row, those that do most first."""
        limits = self._weights.candidates
        heard = [
            np.append(units(without_common(fold(_text(each)), self._weights.cues)), np.uint16(BREAK)) for each in said
        ]
        best: dict[int, float] = {}
        for i in range(len(heard)):
            for row, nats in self._shelf.near(np.concatenate(heard[i : i + 2]), limits.near, limits.least):
                best[row] = max(best.get(row, 0.0), nats)
        rows = sorted(best, key=lambda row: (-best[row], row))[: limits.most]
        return [self._shelf.row(row) for row in rows]

    def _read(self, block: Block, free: npt.NDArray[np.bool_]) -> Iterator[Link]:
        scores = weigh(block.features, self._weights.chain)
        beliefs = believe(scores)
        for number, first, last in _runs(best_path(scores)):
            for start, end in _free(free, block.first + first, block.first + last):
                link = self._link(block, beliefs, number, start - block.first, end - block.first)
                if link.confidence >= self._weights.shown:
                    yield link

    def _link(self, block: Block, beliefs: Beliefs, number: int, first: int, last: int) -> Link:
        confidence = float(beliefs.on[first : last + 1, number].max())
        best = first + int(block.evidence.heard[first : last + 1, number].argmax())
        mentions = [each for each in block.evidence.mentions[number] if first <= each.segment <= last]
        why = reasons(block.basket.products[number], mentions, last - first + 1)
        product_id = block.basket.products[number].product_id
        place = block.first + best
        return Link(
            product_id,
            block.first + first,
            block.first + last,
            (place, place),
            min(confidence, 1.0),
            why if block.open_ else (Reason.BASKET, *why),
        )


def _text(said: Said) -> str:
    """What was said, "" where it is made up over silence, most probably."""
    return "" if Mark.DOUBTFUL in said.marks and not said.words else said.text


def _given(said: Sequence[Said], given: Given) -> Link | None:
    """The segments of which at least half lies in the given time, None where there are none."""
    product_id, start, end = given
    inside = [
        i
        for i, each in enumerate(said)
        if each.start is not None and each.end is not None and start <= (each.start + each.end) / 2 <= end
    ]
    if not inside:
        return None
    return Link(product_id, inside[0], inside[-1], (inside[0], inside[0]), 1.0, (Reason.GIVEN,))


def _runs(path: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(product, first, last segment) of each stretch in which one product is on."""
    start = 0
    for t in range(1, len(path) + 1):
        if t == len(path) or path[t] != path[start]:
            if path[start] != NOTHING:
                yield path[start], start, t - 1
            start = t


def _free(free: npt.NDArray[np.bool_], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The stretches of `first` to `last` in which nothing is given."""
    start = None
    for t in range(first, last + 1):
        if free[t] and start is None:
            start = t
        if start is not None and (not free[t] or t == last):
            yield start, t if free[t] else t - 1
            start = None
