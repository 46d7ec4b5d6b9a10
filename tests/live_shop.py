"""A small shop whose products change while it is open, built in a moment, and a model of what should be in it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from configs.settings import load_settings
from indexer.changes.catch_up import CatchUp
from indexer.changes.settling import settling
from indexer.changes.shelf import SHELF, Shelving
from indexer.changes.writer import ProductWriter
from indexer.documents.analysed import analysed, with_title_tokens
from indexer.sources.limits import Limits
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.changes.products import POSITION, ProductChanges
from retrieval.changes.sqlite_journal import FILE, SqliteJournal
from retrieval.encoders.hashing import HashingEncoder, HashingOptions
from retrieval.late.encoder import encode_titles
from retrieval.protocols import Encoder, IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import EVERYTHING, LexicalQuery
from retrieval.wiring import make_analyzer

Row = dict[str, Any]
ENCODER = HashingEncoder(HashingOptions(dim=16))


@cache
def analyzer() -> Analyzer:
    return make_analyzer(load_settings())


@dataclass
class LiveShop:
    """Everything that one process has of it."""

    backend: EmbeddedBackend
    journal: SqliteJournal
    changes: ProductChanges
    catch_up: CatchUp
    writer: ProductWriter
    folder: Path
    limits: Limits = field(default_factory=Limits)
    encoder: Encoder = ENCODER

    @classmethod
    def of(cls, folder: Path, *, patience_s: float = 10.0, encoder: Encoder = ENCODER) -> LiveShop:
        """As another process would open it."""
        backend, journal = EmbeddedBackend(folder, patience_s=patience_s), SqliteJournal(folder / FILE)
        changes = ProductChanges(journal, backend)
        catch_up = CatchUp(backend, changes, lambda _: analyzer(), lambda: encoder)
        changes.catch_up = catch_up
        writer = ProductWriter(catch_up, limits=Limits())
        return cls(backend, journal, changes, catch_up, writer, folder, encoder=encoder)

    def build(self, rows: Sequence[Row], position: int = 0, *, publish: bool = True, off: Sequence[Row] = ()) -> str:
        """A generation of these rows, that has the journal up to `position`; `off` are off in its file."""
        made = [analysed(Product.model_validate(row), analyzer()).indexed for row in rows]
        with self.backend.create(
            analyzer=analyzer().fingerprint, encoder=self.encoder.fingerprint, dim=self.encoder.dim
        ) as writer:
            found = encode_titles(self.encoder, [each.document.embedded_text for each in made])
            writer.collection(PRODUCT.kind).add(with_title_tokens(made, found.tokens), found.vectors)
            shelving = Shelving()
            for one in off:
                shelving.add(Product.model_validate(one | {"status": "off"}))
            if shelved := shelving.attachment():
                writer.attach(SHELF, shelved)
            name = writer.finish({POSITION: position}, None).generation
        if publish:
            settling(self.backend, self.catch_up).publish(name)
        return name

    def now(self, generation: str | None = None) -> IndexReader:
        """The products as the next request sees them."""
        name = generation or self.backend.current()
        assert name is not None
        built = self.backend.open(name).collection(PRODUCT.kind)
        return self.changes.since_built(PRODUCT.kind, built, self.changes.epoch())

    def records(self, generation: str | None = None) -> dict[str, Row]:
        """Id → record of all that can be found."""
        reader = self.now(generation)
        found = [orjson.loads(each) for each in reader.sources(reader.rows_passing(EVERYTHING))]
        assert len(found) == len({each["id"] for each in found}) == reader.documents
        return {each["id"]: each for each in found}


def found_by(reader: IndexReader, word: str) -> set[str]:
    """Ids of products whose title has a word, as one Latin token."""
    found = reader.lexical(LexicalQuery({word: 1.0}, {"title": 1.0}, (((word,),),), 1), EVERYTHING, 1000)
    return {orjson.loads(each)["id"] for each in reader.sources(found.rows)}


def row(number: int, word: str = "first", **more: Any) -> Row:
    """A product; `word` stands in its title."""
    return {"id": f"p{number:03d}", "title": f"保温杯 {word}", "price": 10.0 + number, "stock": number % 3, **more}


def changes_of(rng: random.Random, count: int, word: str, ids: int = 40) -> list[Row]:
    """Some of every kind; some about products that are not there."""
    made: list[Row] = []
    for _ in range(count):
        number, kind = rng.randrange(ids), rng.random()
        if kind < 0.3:
            made.append({"op": "upsert", **row(number, word, price=float(rng.randrange(1, 500)))})
        elif kind < 0.85:
            fields = {"price": float(rng.randrange(1, 500)), "stock": rng.choice((None, 0, 7))}
            made.append({"op": "patch", "id": row(number)["id"], **fields})
        else:
            made.append({"op": "delete", "id": row(number)["id"]})
    return made


def applied(records: dict[str, Row], changes: Sequence[Row]) -> None:
    """The same done to a dictionary: the model."""
    for change in changes:
        fields = {name: value for name, value in change.items() if name not in ("op", "id")}
        name = change["id"]
        if change["op"] == "upsert":
            records[name] = {"id": name, **fields}
        elif change["op"] == "delete":
            records.pop(name, None)
        elif name in records:
            merged = records[name] | fields
            records[name] = {field: value for field, value in merged.items() if value is not None}


def same_answers(reader: IndexReader, records: dict[str, Row]) -> None:
    """What is found by words, by price and by meaning is what the records say."""
    words = {each["title"].split()[1] for each in records.values()}
    for word in words:
        assert found_by(reader, word) == {name for name, each in records.items() if each["title"].endswith(f" {word}")}
    rows = reader.rows_passing(EVERYTHING)
    ids = [orjson.loads(each)["id"] for each in reader.sources(rows)]
    titles = [records[name]["title"] for name in ids]
    cosines = np.einsum("ij,ij->i", reader.vectors(rows), ENCODER.encode_documents(titles)) if titles else np.ones(1)
    assert abs(cosines - 1).max() < 1e-2
