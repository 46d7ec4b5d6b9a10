"""From one backend to the other: the served generation is fed again, with the vectors that it has.

Records and vectors are read back from where they are stored; tokens are made again, by the analyzer that made them,
since no backend keeps them. Nothing is encoded, so a large catalogue moves as fast as it can be written. One that was
interrupted on its way to a cluster goes on there when it is started again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import orjson

from indexer.changes.shelf import SHELF, Shelf
from indexer.documents.analysed import Analysed, analysed, with_title_tokens
from indexer.documents.spoken import moment_of, video_of
from indexer.publish import published
from indexer.rebuild import Observer
from indexer.refused import Refusing
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import ATTACHMENT
from retrieval.changes.history import OFF
from retrieval.changes.products import POSITION
from retrieval.errors import CheckFailed, GenerationError, NotFound
from retrieval.generations import Manifest
from retrieval.protocols import Backend, IndexReader
from retrieval.ranking.forward import title_tokens
from retrieval.schema import KINDS, MOMENT, PRODUCT, VIDEO
from retrieval.spoken.said import WITHHELD
from retrieval.suggest.table import ATTACHMENT as SUGGEST
from retrieval.suggest.table import Table
from retrieval.types import EVERYTHING, IndexedDocument, IntArray

_BATCH = 1024
NONE = np.empty(0, np.int64)
SCHEMAS = {schema.kind: schema for schema in KINDS}
ATTACHMENTS = ("knowledge", "words", "things", "spelling", "levels", ATTACHMENT, WITHHELD)
"""What a generation carries beside its documents."""


Now = Callable[[str, IndexReader], IndexReader]
"""Kind, documents as they were built → as they are now."""


def migrate(
    source: Backend, target: Backend, analyzer: Analyzer, observer: Observer | None = None,
    now: Now = lambda _, built: built, details: Mapping[str, object] = MappingProxyType({}),
    off: IntArray = NONE, of: str | None = None, forgotten: Collection[str] = (),
) -> Manifest:  # fmt: skip
    """Copies the generation that `source` serves into `target` and publishes it there.

    Args:
        observer: told how far it is; it counts documents instead of bytes.
        now: what became of documents since; what is gone is not copied.
        details: for the manifest, on top of those of the generation.
        off: rows of products that are copied, too, though they cannot be found: they may be put on again.
        forgotten: ids of products that were off when it was built, and are not to come back.
        of: the generation that is meant, where `now`, `details` and `off` are of one; None: whichever is served.

    Raises:
        NotFound: nothing is published in `source`.
        GenerationError: it was built with another analyzer; somebody else is building in `target`; or another one is
            served by the time that it is our turn.
        CheckFailed: the copy is not whole, or `target` refuses documents; it is not published.
    """
    reader = migratable(source, analyzer)
    manifest, name = reader.manifest, reader.manifest.generation
    kinds = tuple(manifest.collections)
    with (
        closing(source.open(name)) as generation,
        target.building(),
        _still_served(source, of or name),
        target.create(analyzer=manifest.analyzer, encoder=manifest.encoder, dim=manifest.dim, kinds=kinds) as writer,
    ):
        if observer:
            observer.stage("feed", manifest.documents)
        living: dict[str, IntArray] = {}
        for kind in kinds:
            collection = now(kind, generation.collection(kind))
            living[kind] = collection.rows_passing(EVERYTHING)
            if kind == PRODUCT.kind and len(off):
                living[kind] = np.union1d(living[kind], off)
                writer.attach(OFF, np.searchsorted(living[kind], off).astype(np.int64).tobytes())
            encoded = manifest.encoder is not None and SCHEMAS[kind].encoded
            for start in range(0, len(living[kind]), _BATCH):
                rows = living[kind][start : start + _BATCH]
                batch = again(kind, collection.sources(rows), analyzer)
                if kind == PRODUCT.kind:
                    batch = with_title_tokens(batch, map(title_tokens, collection.forward(rows)))
                writer.collection(kind).add(batch, collection.vectors(rows) if encoded else None)
                if observer:
                    observer.advance(len(rows), len(rows))
        if observer:
            observer.stage("finish", 0)
        for attached in ATTACHMENTS:
            if (data := reader.attachment(attached)) is not None:
                writer.attach(attached, data)
        if (data := reader.attachment(SUGGEST)) is not None:
            writer.attach(SUGGEST, Table.from_bytes(data).moved(_places(living[PRODUCT.kind])).to_bytes())
        if shelved := Shelf(reader.attachment(SHELF)).without(forgotten):
            writer.attach(SHELF, shelved)
        if refused := writer.refused() if isinstance(writer, Refusing) else ():
            raise CheckFailed(
                f"{len(refused):,} documents of {name} are refused; the first: {refused[0].id}: {refused[0].reason}",
                hint="a rebuild leaves them out and reports them: xunhuo rebuild",
            )
        copied = writer.finish({**manifest.inherited, "migrated_from": name, **details}, None)
        with published(target, copied.generation):
            if problems := _differences(manifest, living, copied) + target.verify(copied.generation):
                raise CheckFailed(
                    f"the copy of {name} is not whole: {problems[0]}", hint="is the source whole? verify it"
                )
    reader.close()
    return copied


def _places(rows: IntArray) -> IntArray:
    """Where each old row stands now, that rows ``rows`` are one after another; -1 of one that is not copied."""
    places = np.full(int(rows[-1]) + 1 if len(rows) else 0, -1, np.int64)
    places[rows] = np.arange(len(rows))
    return places


@contextmanager
def _still_served(source: Backend, name: str) -> Iterator[None]:
    """Where others built until it was our turn, a copy of what they replaced must not take the place of theirs."""
    if (current := source.current()) != name:
        raise GenerationError(
            f"{name} is served no more: somebody else published {current}", hint="begin again, if that is still wanted"
        )
    yield


def migratable(source: Backend, analyzer: Analyzer) -> IndexReader:
    """The generation that `source` serves, open.

    Raises:
        NotFound: nothing is published there.
        GenerationError: it was built with another analyzer.
    """
    name = source.current()
    if name is None:
        raise NotFound("there is no generation to migrate", hint="run xunhuo rebuild, or xunhuo demo")
    reader = source.open(name).collection(PRODUCT.kind)
    if (built_with := reader.manifest.analyzer) != analyzer.fingerprint:
        reader.close()
        raise GenerationError(
            f"generation {name} was built with analyzer {built_with}, this is {analyzer.fingerprint}",
            hint="rebuild (xunhuo rebuild), or migrate with the version and lexicon that built it",
        )
    return reader


def documents(reader: IndexReader, analyzer: Analyzer, rows: IntArray) -> list[Analysed]:
    """The documents of `rows` as they were when they were written, with the tokens of their titles."""
    made = [analysed(Product.model_validate(orjson.loads(source)), analyzer) for source in reader.sources(rows)]
    written = with_title_tokens([each.indexed for each in made], map(title_tokens, reader.forward(rows)))
    return [replace(each, indexed=indexed) for each, indexed in zip(made, written, strict=True)]


def again(kind: str, sources: Sequence[bytes], analyzer: Analyzer) -> list[IndexedDocument]:
    """Documents of a kind from their records, as they were before they were written."""
    make = {MOMENT.kind: moment_of, VIDEO.kind: video_of}.get(kind, _product_of)
    return [make(orjson.loads(source), analyzer) for source in sources]


def _product_of(record: Mapping[str, Any], analyzer: Analyzer) -> IndexedDocument:
    return analysed(Product.model_validate(record), analyzer).indexed


def _differences(manifest: Manifest, living: Mapping[str, IntArray], copied: Manifest) -> list[str]:
    """Between what was and what was written; fields are compared where nothing came or went."""
    pairs: dict[str, tuple[object, object]] = {}
    for kind, old in manifest.collections.items():
        new = copied.collections[kind]
        pairs[f"{kind} documents"] = (len(living[kind]), new.documents)
        if old.documents == len(living[kind]) and POSITION not in copied.details:
            pairs[f"{kind} field_counts"] = (old.field_counts, new.field_counts)
    return [f"{what} {was} became {now}" for what, (was, now) in pairs.items() if was != now]
