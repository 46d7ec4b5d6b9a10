"""Builds that must not be published: each spoils one thing of a sound rebuild of the same mall, and says who tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrieval.analysis.analyzer import Analyzer
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.embedded.writer import EmbeddedWriter
from retrieval.generations import Manifest
from retrieval.types import FloatArray, IndexedDocument
from tests import world
from tests.unit.indexer.checks.feeds import Rows, each, misread, setting, shuffled, swapped, times, twice, without
from tests.unit.indexer.checks.machines import (
    Batch,
    Letters,
    Pairs,
    Turned,
    cut_short,
    cutting_by,
    documents,
    no_bigrams,
    one_direction,
    other_columns,
    other_forward,
    other_records,
    truncate,
    vectors,
    with_nan,
    with_zero,
)
from tests.unit.indexer.conftest import Watched


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
    "ids are all new": Bad(
        "ids", "not there under their ids", rows=each(lambda row: row | {"id": f"sku-{row['id']}"})
    ),
    "another shop's file": Bad(
        "ids", "not there under their ids", rows=lambda rows: [*world.products(len(rows), seed=77)]
    ),
    "ids of a category are all new": Bad(
        "ids", "are there under another id",
        rows=each(lambda row: row | {"id": f"sku-{row['id']}"} if row.get("category", [""])[0] == "厨具" else row),
    ),
    "nothing was sold": Bad("spread", "have another sales_30d than 0", rows=setting(sales_30d=0)),
    "most of it was never sold": Bad(
        "spread", "have another sales_30d than 0",
        rows=lambda rows: [row | {"sales_30d": 0} if n % 4 else row for n, row in enumerate(rows)],
    ),
    "no stars": Bad("spread", "have another rating than 0", rows=setting(rating=0)),
    "five stars for all": Bad("spread", "have another rating than 5", rows=setting(rating=5)),
    "one stock for all": Bad("spread", "have another stock than 999", rows=setting(stock=999)),
    "all listed when they were imported": Bad(
        "spread", "have another created_at than 2026", rows=setting(created_at="2026-11-29T00:00:00Z")
    ),
    "sales of a year": Bad(
        "scale", "sales_30d are 12 times", rows=each(lambda row: row | {"sales_30d": 12 * row.get("sales_30d", 1)})
    ),
    "stars as shares": Bad(
        "scale", "rating are 0.2 times", rows=each(lambda row: row | {"rating": row["rating"] / 5})
    ),
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
