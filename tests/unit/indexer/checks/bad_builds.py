"""Builds that must not be published: each spoils one thing of a sound rebuild of the same mall, and says who tells.

What is spoilt in the rows is a broken feed; in the batches a broken writer; in the parts (encoder, analyzer) a broken
machine; on the disk a broken disk.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.embedded.writer import EmbeddedWriter
from retrieval.generations import Manifest
from retrieval.types import FloatArray, IndexedDocument
from tests import world
from tests.unit.indexer.conftest import Watched

Rows = list[world.Row]
Batch = tuple[list[IndexedDocument], FloatArray]


def unchanged(given: Any) -> Any:
    return given


@dataclass(frozen=True)
class Bad:
    """One bad build.

    Attributes:
        check, told: which check must fail, and a piece of what it must say.
        rows, batch, disk: what is done to the rows of the feed, to what is written, and to the finished folder.
        encoder, analyzer: what replaces them.
    """

    check: str
    told: str
    rows: Callable[[Rows], Rows] = unchanged
    batch: Callable[[Batch], Batch] = unchanged
    disk: Callable[[Path], object] = unchanged
    encoder: Callable[[Watched], Watched] = unchanged
    analyzer: Callable[[Analyzer], Analyzer] = unchanged
    options: Mapping[str, Any] = field(default_factory=dict)


def each(change: Callable[[world.Row], world.Row | None]) -> Callable[[Rows], Rows]:
    """Every row changed, those that become None left out."""
    return lambda rows: [changed for row in rows if (changed := change(dict(row)))]


def setting(**values: Any) -> Callable[[Rows], Rows]:
    return each(lambda row: row | values)


def without(*names: str) -> Callable[[Rows], Rows]:
    return each(lambda row: {name: value for name, value in row.items() if name not in names})


def times(factor: float, root: str = "", every: int = 1) -> Callable[[Rows], Rows]:
    """Prices of a category (all: ""), and of every so many-th row, multiplied."""

    def change(rows: Rows) -> Rows:
        chosen = [not root or row.get("category", [""])[0] == root for row in rows]
        return [
            row | {"price": round(row["price"] * factor, 2)} if ours and "price" in row and n % every == 0 else row
            for n, (row, ours) in enumerate(zip(rows, chosen, strict=True))
        ]

    return change


def shuffled(name: str) -> Callable[[Rows], Rows]:
    """Every row with the `name` of another one."""

    def change(rows: Rows) -> Rows:
        values = [row.get(name) for row in rows]
        random.Random(7).shuffle(values)
        return [row | {name: value} for row, value in zip(rows, values, strict=True)]

    return change


def swapped(row: world.Row) -> world.Row:
    return row | {"title": row.get("brand", "花田"), "brand": row["title"]}


def misread(encoding: str) -> Callable[[Rows], Rows]:
    return each(lambda row: row | {"title": row["title"].encode().decode(encoding, "replace")})


def twice(rows: Rows) -> Rows:
    return rows + [row | {"id": f"{row['id']}-2"} for row in rows]


def documents(change: Callable[[list[IndexedDocument]], list[IndexedDocument]]) -> Callable[[Batch], Batch]:
    return lambda batch: (change(batch[0]), batch[1])


def vectors(change: Callable[[FloatArray], FloatArray]) -> Callable[[Batch], Batch]:
    return lambda batch: (batch[0], change(batch[1].copy()))


def other_columns(given: list[IndexedDocument]) -> list[IndexedDocument]:
    moved = [*given[1:], given[0]]
    return [
        replace(one, document=replace(one.document, numbers=other.document.numbers, keywords=other.document.keywords))
        for one, other in zip(given, moved, strict=True)
    ]


def other_records(given: list[IndexedDocument]) -> list[IndexedDocument]:
    moved = [*given[1:], given[0]]
    return [
        replace(one, document=replace(one.document, source=other.document.source))
        for one, other in zip(given, moved, strict=True)
    ]


def other_forward(given: list[IndexedDocument]) -> list[IndexedDocument]:
    moved = [*given[1:], given[0]]
    return [replace(one, forward=other.forward) for one, other in zip(given, moved, strict=True)]


def no_bigrams(given: list[IndexedDocument]) -> list[IndexedDocument]:
    return [
        replace(one, tokens={name: [t for t in tokens if len(t) == 1] for name, tokens in one.tokens.items()})
        for one in given
    ]


def cut_short(given: FloatArray) -> FloatArray:
    """Only the first half of each vector, made of unit length again."""
    given[:, given.shape[1] // 2 :] = 0
    return np.asarray(given / np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-6), np.float32)


def one_direction(given: FloatArray) -> FloatArray:
    return np.tile(given[:1], (len(given), 1))


def with_nan(given: FloatArray) -> FloatArray:
    given[3] = np.nan
    return given


def with_zero(given: FloatArray) -> FloatArray:
    given[3] = 0
    return given


class Turned(Watched):
    """Another model under the same name: its dimensions are in another order."""

    def __init__(self, of: Watched, fingerprint: str | None = None) -> None:
        super().__init__(of._encoder)
        self.fingerprint = fingerprint or of.fingerprint

    def spoil(self, vectors: FloatArray) -> FloatArray:
        return np.ascontiguousarray(vectors[:, ::-1])


class Letters:
    """A dictionary without words."""

    kind = "rust"

    def __init__(self, name: str) -> None:
        self.name = name

    def cut(self, text: str) -> list[str]:
        return list(text)

    def inner_words(self, word: str) -> list[str]:
        return []

    def knows(self, word: str) -> bool:
        return False


class Pairs(Letters):
    """Another dictionary: it cuts after every second character."""

    def cut(self, text: str) -> list[str]:
        return [text[place : place + 2] for place in range(0, len(text), 2)]


def cutting_by(kind: type[Letters]) -> Callable[[Analyzer], Analyzer]:
    """An analyzer with the name and fingerprint of the right one."""
    return lambda right: Analyzer(kind(right.segmenter.name), right.lexicon)


def truncate(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return change


SETTINGS: dict[str, Any] = {"settings": {"encoder": {"name": "hashing", "options": {"dim": 32}}}}
BAD: dict[str, Bad] = {
    "half the catalogue is missing": Bad("counts", "100 documents, the published", rows=lambda rows: rows[::2]),
    "nothing is on sale": Bad("counts", "the generation is empty: 200 are off", rows=setting(status="off")),
    "a category is missing": Bad(
        "categories", "category 厨具 has 0 products",
        rows=each(lambda row: None if row.get("category", [""])[0] == "厨具" else row),
        options={"min_count_ratio": 0.5},
    ),
    "categories were lost": Bad("fields", "have a category", rows=without("category")),
    "brands are empty": Bad("fields", "0 of 200 sampled products have a brand", rows=setting(brand=" ")),
    "prices are gone": Bad("fields", "have a price", rows=without("price")),
    "prices are nothing": Bad("fields", "have a price", rows=setting(price=0)),
    "prices in fen": Bad("prices", "prices are 100 times those", rows=times(100)),
    "prices in ten thousands": Bad("prices", "prices are 0.000", rows=times(0.0001)),
    "prices of a category in fen": Bad("prices", "prices of category 厨具 are 100 times", rows=times(100, root="厨具")),
    "every tenth price is a typing error": Bad("prices", "moved by more than 10 times", rows=times(100, every=10)),
    "everything is sold out": Bad("stock", "are out of stock (100%", rows=setting(stock=0)),
    "titles are empty": Bad("titles", "titles are without a word", rows=setting(title="—— ！")),
    "titles are brands": Bad("titles", "shorter than their brand", rows=each(swapped)),
    "UTF-8 read as Latin-1": Bad("titles", "garbled", rows=misread("latin-1")),
    "UTF-8 read as GBK": Bad("titles", "garbled", rows=misread("gbk")),
    "ids are shuffled": Bad("identity", "have another title than in the published", rows=shuffled("id")),
    "titles are cut": Bad(
        "identity", "have another title than in the published", rows=each(lambda row: row | {"title": row["title"][:3]})
    ),
    "brands are shuffled": Bad("values", "that they shared their brand with", rows=shuffled("brand")),
    "categories are shuffled": Bad("values", "that they shared their category with", rows=shuffled("category")),
    "records of other rows": Bad("identity", "ids lead to another record", batch=documents(other_records)),
    "columns of other rows": Bad("columns", "column price disagrees", batch=documents(other_columns)),
    "every product twice": Bad("twins", "have a twin that is the same but for the id", rows=twice),
    "vectors with NaN": Bad("vectors", "has length nan", batch=vectors(with_nan)),
    "vectors of nothing": Bad("vectors", "has length 0.0000", batch=vectors(with_zero)),
    "one vector for all": Bad("vectors", "have the vector of another", batch=vectors(one_direction)),
    "vectors of other rows": Bad("drift", "the encoder gives their titles now", batch=vectors(lambda v: v[::-1])),
    "vectors cut short": Bad("drift", "the encoder gives their titles now", batch=vectors(cut_short)),
    "another model under the same fingerprint": Bad("drift", "the same titles have in g", encoder=Turned),
    "another model under the same name": Bad(
        "drift", "its model or library was exchanged", encoder=lambda of: Turned(of, "hashing-other")
    ),
    "a dictionary without words": Bad("analysis", "on average; at least 1.3", analyzer=cutting_by(Letters)),
    "another dictionary": Bad("analysis", "another dictionary?", analyzer=cutting_by(Pairs)),
    "tokens of another analyzer": Bad("analysis", "indexed without words", batch=documents(no_bigrams)),
    "ranking reads other rows": Bad("analysis", "are ranked by other words", batch=documents(other_forward)),
    "a column is cut short": Bad("integrity", "stock.npy has changed", disk=truncate("product/columns/stock.npy")),
    "records are cut short": Bad("integrity", "documents.jsonl", disk=truncate("product/documents/documents.jsonl")),
    "an attachment is cut short": Bad("integrity", "lexicon has changed", disk=truncate("attachments/lexicon")),
    "the vector index is gone": Bad(
        "integrity", "index.faiss is missing", disk=lambda folder: (folder / "product/vectors/index.faiss").unlink()
    ),
}  # fmt: skip


def churned(rows: Sequence[world.Row], *, seed: int = 3) -> Rows:
    """A day later: 3 % are gone and 3 % new, 5 % have another text, 10 % another price, and stock and sales move."""
    rng = random.Random(seed)
    kept = [dict(row) for row in rows if rng.random() > 0.03]
    for row in kept:
        if rng.random() < 0.05:
            row["title"] = f"{row['title']} 新款"
        if "price" in row and rng.random() < 0.1:
            row["price"] = round(row["price"] * rng.uniform(0.7, 1.3), 2)
        row["stock"] = rng.choice((0, 3, 40))
    fresh = world.products(len(rows) // 33, seed=seed + 100)
    return kept + [row | {"id": f"new-{row['id']}"} for row in fresh]


class Spoiling(EmbeddedBackend):
    """Spoils what is written, and what was."""

    def __init__(self, data_dir: Path, bad: Bad) -> None:
        super().__init__(data_dir)
        self._bad = bad

    def create(self, **built_with: Any) -> EmbeddedWriter:
        writer, bad, generations = super().create(**built_with), self._bad, self._generations
        products, finish = writer.collection("product"), writer.finish
        add = products.add

        def add_spoilt(documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> None:
            assert vectors is not None
            add(*bad.batch((list(documents), vectors)))

        def finish_and_spoil(details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
            manifest = finish(details, probes)
            bad.disk(generations / manifest.generation)
            return manifest

        products.add = add_spoilt  # type: ignore[method-assign]
        writer.finish = finish_and_spoil  # type: ignore[method-assign]
        return writer


def records(path: Path) -> list[Any]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]
