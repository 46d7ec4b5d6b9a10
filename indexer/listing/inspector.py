"""The listing check of a rebuild: every product that goes by, one after another, with what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from indexer.listing.check import Decision, ListingContext, check, decided, listed
from indexer.listing.levels import LevelLearner
from indexer.sources.records import Product
from indexer.sources.rejects import Reject, RejectLog, excerpt_of

_MESSAGE = 300
REASON = "listing"


class Inspector:
    """Used as a context manager; writes each finding as a line of JSON, where there is a file.

    Attributes:
        counts: (rule, decision) → products.
    """

    def __init__(self, context: ListingContext, path: Path | None = None) -> None:
        self._context, self._path = context, path
        self._file: BinaryIO | None = None
        self._levels = LevelLearner()
        self.counts: Counter[tuple[str, str]] = Counter()

    def __enter__(self) -> Self:
        if self._path is not None:
            self._file = self._path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __call__(self, product: Product, log: RejectLog) -> Product | None:
        """The product with its findings; None for one that is blocked, which is rejected instead."""
        findings = check(product, self._context)
        self._learn(product)
        for rule, decision in dict.fromkeys((each.rule, each.decision) for each in findings):
            self.counts[rule, decision.value] += 1
        if self._file is not None:
            for each in findings:
                told = {"id": product.id, "title": product.title, **_as_json(each)}
                self._file.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
        if decided(findings) is Decision.BLOCK:
            worst = next(each for each in findings if each.decision is Decision.BLOCK)
            message = f"{product.id}: {worst.rule}: {worst.message}"[:_MESSAGE]
            excerpt = excerpt_of(orjson.dumps(product.source()))
            log.add(Reject(REASON, sum(log.counts.values()) + 1, "title", REASON, message, excerpt))
            log.accepted -= 1
            return None
        return listed(product, findings, self._context)

    def learned(self) -> bytes:
        """The price levels of what went by, for the next rebuild and live changes."""
        return self._levels.finish().to_bytes()

    def summary(self) -> dict[str, dict[str, int]]:
        """Rule → decision → products."""
        found: dict[str, dict[str, int]] = {}
        for (rule, decision), count in sorted(self.counts.items()):
            found.setdefault(rule, {})[decision] = count
        return found

    def _learn(self, product: Product) -> None:
        shop = product.shop
        seller = str((shop.id or shop.name) or "") if shop else ""
        picture = product.images[0] if product.images else ""
        if seller:
            self._context.originals.note(product.id, seller, product.title, picture)
        if product.brand and product.price:
            self._levels.add(product.brand, "/".join(product.category), float(product.price))


def _as_json(finding: object) -> Mapping[str, str]:
    return {str(name): str(value) for name, value in orjson.loads(orjson.dumps(finding)).items()}
