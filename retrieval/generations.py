"""The manifest: what a generation is, what it was built with, and whether this code may read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from retrieval.errors import GenerationError
from retrieval.schema import PRODUCT

FORMAT_VERSION = 4
"""Raised when the files of a generation change their meaning; older ones listed in `READABLE` still open.

1: a field without text counts nothing. 2: it counts as one token (`retrieval.backends.common.tokens`), as on a cluster.
3: the forward row has sales, price, listing time and quality. 4: a collection for each kind of documents.
"""

READABLE = frozenset({3, 4})
SINGLE = 3
"""Up to this format a generation holds products only, and they lie where its collections do now."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What a generation holds of one kind.

    Attributes:
        documents: how many.
        field_counts: searched field → documents that have text there.
        vectors: kind of vector index and its parameters (nlist, nprobe, measured recall@100 …); empty without vectors.
        marked: whether its documents carry marks (`retrieval.schema.MARKS`); older generations have none.
    """

    documents: int
    field_counts: Mapping[str, int]
    vectors: Mapping[str, Any]
    marked: bool = False


OWN = frozenset({"compacted_from", "migrated_from", "amended_from"})
"""Details that say how a generation was made: they hold for it alone, and for nothing that is made of it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in ``manifest.json``.

    Attributes:
        generation: its name, ``g<UTC time>-<suffix>``.
        analyzer, encoder: fingerprints of what made the tokens and the vectors; no encoder: no vectors.
        collections: kind → what it holds of it.
        files: relative path → {bytes, sha256}.
        details: what the builder tells: sources, counts, rejects, durations, settings.
        libraries: library → its version, of those that wrote the files.
    """

    generation: str
    created_at: str
    analyzer: str
    encoder: str | None
    dim: int
    collections: Mapping[str, Collection]
    files: Mapping[str, Mapping[str, Any]]
    details: Mapping[str, Any] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    @property
    def documents(self) -> int:
        """How many there are of all kinds."""
        return sum(collection.documents for collection in self.collections.values())

    @property
    def inherited(self) -> dict[str, Any]:
        """The details that hold for what is made of it, too."""
        return {name: detail for name, detail in self.details.items() if name not in OWN}

    def to_json(self) -> bytes:
        """As its format has it, so that whatever reads the format reads it."""
        raw = dataclasses.asdict(self)
        if self.format_version <= SINGLE:
            raw |= raw.pop("collections")[PRODUCT.kind]
        return orjson.dumps(raw, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def read_manifest(data: bytes, where: str) -> Manifest:
    """The manifest in `data`.

    Raises:
        GenerationError: when it is damaged or of a format that this code does not read.
    """
    try:
        raw = orjson.loads(data)
        version = raw["format_version"]
        if version not in READABLE:
            readable = " and ".join(str(known) for known in sorted(READABLE))
            raise GenerationError(
                f"the generation in {where} has format {version}; this version reads {readable}",
                hint="rebuild with this version: xunhuo rebuild",
            )
        found = {PRODUCT.kind: raw} if version <= SINGLE else raw["collections"]
        raw["collections"] = {
            kind: Collection(
                entry["documents"], entry["field_counts"], entry["vectors"], marked=entry.get("marked", False)
            )
            for kind, entry in found.items()
        }
        known = {f.name for f in dataclasses.fields(Manifest)}
        return Manifest(**{key: value for key, value in raw.items() if key in known})
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise GenerationError(f"the manifest in {where} is damaged: {why}", hint="rebuild, or roll back") from None


def check_readable(manifest: Manifest, *, analyzer: str | None, encoder: str | None) -> None:
    """Refuses a generation built with another analyzer or encoder than those that would read it; None: not compared.

    Raises:
        GenerationError: saying which, and what to do.
    """
    if analyzer is not None and manifest.analyzer != analyzer:
        raise GenerationError(
            f"generation {manifest.generation} was built with analyzer {manifest.analyzer}, this is {analyzer}",
            hint="rebuild (xunhuo rebuild), or serve with the version and lexicon that built it",
        )
    if manifest.encoder is not None and encoder is not None and manifest.encoder != encoder:
        raise GenerationError(
            f"generation {manifest.generation} was built with encoder {manifest.encoder}, this is {encoder}",
            hint="set encoder.name and encoder.options to those that built it, or rebuild (xunhuo rebuild)",
        )
