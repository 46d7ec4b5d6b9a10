"""The products of an input that may be sold, counted as they go by, with a few titles to tune an index on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from indexer.sources.limits import Limits
from indexer.sources.readers import read_products
from indexer.sources.records import Product
from indexer.sources.rejects import RejectLog

Inspect = Callable[[Product, RejectLog], Product | None]
"""Gives a product as it is to be indexed, or rejects it."""

_PROBES = 200
_PROBE_CHARS = 10
"""Query-like texts to tune the recall of the vector index on: the starts of titles, as long as real queries are."""


class Feed:
    """Iterated once.

    Attributes:
        documents, withheld: products that came by, and those that are off or banned.
        probes: evenly spaced starts of titles.
    """

    def __init__(
        self, paths: Sequence[Path], limits: Limits, log: RejectLog, progress: Callable[[int], None],
        withhold: Callable[[Product], None] | None = None, inspect: Inspect | None = None,
    ) -> None:  # fmt: skip
        """`withhold` is told of every product that is off or banned; `inspect` looks at every other one."""
        self._records = read_products(paths, limits=limits, rejects=log, progress=progress)
        self._withhold, self._inspect, self._log = withhold, inspect, log
        self.documents = self.withheld = 0
        self.probes: list[str] = []
        self._stride = 1

    def __iter__(self) -> Iterator[Product]:
        for product in self._records:
            if product.status != "on":
                self.withheld += 1
                if self._withhold:
                    self._withhold(product)
                continue
            if self._inspect:
                inspected = self._inspect(product, self._log)
                if inspected is None:
                    continue
                product = inspected
            self._probe(product.title)
            self.documents += 1
            yield product

    def _probe(self, title: str) -> None:
        """Keeps every stride-th title; the stride doubles whenever twice as many as needed are kept."""
        if self.documents % self._stride == 0:
            self.probes.append(title[:_PROBE_CHARS])
            if len(self.probes) == 2 * _PROBES:
                self.probes = self.probes[::2]
                self._stride *= 2
