"""What a catalogue and a query log taught: plain counts that every part of understanding reads.

It is learned in one pass at a rebuild (`indexer.learning.learner`), kept beside the generation as bytes, and read
where it lies (`retrieval.analysis.packed`): a file that is mapped is shared by all workers. Every count is cut by
frequency, so a catalogue of a million products needs no more than one of a hundred thousand. Texts are normalised as
everywhere (`retrieval.analysis.normalize`).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import orjson

from retrieval.analysis.packed import Array, is_packed, pack, part, parts, unpack
from retrieval.errors import GenerationError
from retrieval.types import Buffer
from retrieval.understanding.counted import Counts, Grouped

VERSION = 2
"""Raised whenever a field changes its meaning; knowledge of another version is refused.

1: compressed JSON, still read. 2: packed arrays.
"""
_COUNTS = ("words", "brands", "products", "shops", "categories", "queries", "asked", "withheld", "phrases")
_GROUPED = ("brand_names", "attributes", "category_words", "clicks")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Counts, the most frequent first wherever a mapping counts.

    Attributes:
        documents: how many products were read.
        words: word (≥ 2 characters, or a letter run) → titles that have it.
        brands: name of a brand, Chinese or Latin → products.
        brand_names: name of a brand → brand field that holds it, as it is written, what a filter needs → products.
        products: product noun (中心词) → titles and queries that speak for it.
        shops: shop name → products.
        attributes: attribute name → value → products.
        categories: leaf category (path ``a/b/c``) → products.
        category_words: word → leaf category → titles of that category (and clicks) with the word.
        amounts: base unit (``ml``) → the distinct amounts that texts give in it, ascending.
        queries: normalised query → how often it was asked.
        clicks: normalised query → leaf category → clicks after it.
        asked: word → logged queries that have it, each query once.
        phrases: two or three Han words that follow each other, as one text → titles that have them.
        withheld: normalised title of a product that is off the shelf or banned → pieces sold (`ways_out.withheld`).
    """

    documents: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    brands: Mapping[str, int] = field(default_factory=dict)
    brand_names: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    products: Mapping[str, int] = field(default_factory=dict)
    shops: Mapping[str, int] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    category_words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    amounts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    queries: Mapping[str, int] = field(default_factory=dict)
    clicks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    phrases: Mapping[str, int] = field(default_factory=dict)

    def amount_tokens(self, base: str, least: float | None, most: float | None) -> tuple[str, ...]:
        """The tokens (`retrieval.analysis.quantities`) of all known amounts in ``[least, most]``; None is open."""
        low, high = -math.inf if least is None else least, math.inf if most is None else most
        found = (value for value in self.amounts.get(base, ()) if low <= value <= high)
        return tuple(f"={base}:{Decimal(repr(value)).normalize():f}" for value in found)

    def click_entropy(self, query: str) -> float | None:
        """Entropy of the clicked categories of a normalised query, in [0, 1] (1 = all alike); None without clicks.

        H = -sum p·ln p / ln n over the n clicked categories; 0 for one. Dou et al., WWW 2007 (click entropy).
        """
        clicked = self.clicks.get(query)
        if not clicked:
            return None
        total = sum(clicked.values())
        entropy = -sum(n / total * math.log(n / total) for n in clicked.values())
        return entropy / math.log(len(clicked)) if len(clicked) > 1 else 0.0

    def to_bytes(self) -> bytes:
        """Its stored form: the same knowledge gives the same bytes."""
        arrays = {
            "version": np.array([VERSION]),
            "documents": np.array([self.documents]),
            **parts({name: Counts.of(getattr(self, name)).arrays() for name in _COUNTS}),
            **parts({name: Grouped.of(getattr(self, name)).arrays() for name in _GROUPED}),
            **parts({"amounts": {base: np.array(values, np.float64) for base, values in self.amounts.items()}}),
        }
        return pack(arrays)

    @classmethod
    def from_bytes(cls, stored: Buffer) -> Knowledge:
        """Reads what `to_bytes` gave, over the memory of `stored`.

        Raises:
            GenerationError: these are no such bytes, or they are of another version.
        """
        try:
            if not is_packed(stored):
                return _of_json(stored)
            arrays = unpack(stored)
            _check_version(int(arrays["version"][0]))
            return _of_arrays(arrays)
        except (zlib.error, ValueError, AttributeError, KeyError, TypeError, IndexError):
            raise GenerationError(
                "the knowledge of the catalogue is damaged", hint="rebuild (xunhuo rebuild)"
            ) from None


def _check_version(version: int) -> None:
    if version not in (1, VERSION):
        raise GenerationError(
            f"the knowledge of the catalogue is of version {version}, this is {VERSION}",
            hint="rebuild (xunhuo rebuild)",
        )


def _of_arrays(arrays: Mapping[str, Array]) -> Knowledge:
    # One that was learned before phrases were has none.
    known = ((name, part(arrays, name)) for name in _COUNTS)
    counts: dict[str, Any] = {name: Counts.of_arrays(stored) for name, stored in known if stored or name != "phrases"}
    grouped: dict[str, Any] = {name: Grouped.of_arrays(part(arrays, name)) for name in _GROUPED}
    amounts = {base: tuple(values.tolist()) for base, values in part(arrays, "amounts").items()}
    return Knowledge(documents=int(arrays["documents"][0]), amounts=amounts, **counts, **grouped)


def _of_json(stored: Buffer) -> Knowledge:
    """Version 1."""
    content = orjson.loads(zlib.decompress(stored))
    _check_version(content.pop("version"))
    content["brand_names"] = {name: dict.fromkeys(written, 1) for name, written in content["brand_names"].items()}
    content["amounts"] = {base: tuple(values) for base, values in content["amounts"].items()}
    content["withheld"] = dict.fromkeys(content.get("withheld", ()), 0)
    counts: dict[str, Any] = {name: Counts.of(content.pop(name, {})) for name in _COUNTS}
    grouped: dict[str, Any] = {name: Grouped.of(content.pop(name)) for name in _GROUPED}
    return Knowledge(**content, **counts, **grouped)
