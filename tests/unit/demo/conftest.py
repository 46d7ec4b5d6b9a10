"""One demo mall of full size, made once and read back as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.generate import DemoSummary, generate
from demo.vocabulary import Vocabulary, load_vocabulary

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenMall:
    """What lies in the folder after `generate`."""

    folder: Path
    summary: DemoSummary
    products: list[Row]
    videos: list[Row]
    shoppers: list[Row]
    events: list[Row]
    queries: dict[str, str]
    qrels: list[tuple[str, str, int]]

    @property
    def by_id(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.products}


@pytest.fixture(scope="session")
def mall(tmp_path_factory: pytest.TempPathFactory) -> WrittenMall:
    folder = tmp_path_factory.mktemp("demo")
    summary = generate(folder)
    qrels = [line.split() for line in _lines(folder / "qrels")]
    return WrittenMall(
        folder=folder,
        summary=summary,
        products=_rows(folder / "products.jsonl"),
        videos=_rows(folder / "videos.jsonl"),
        shoppers=_rows(folder / "shoppers.jsonl"),
        events=_rows(folder / "events.jsonl"),
        queries=dict(line.split("\t") for line in _lines(folder / "queries.tsv")),
        qrels=[(qid, product_id, int(grade)) for qid, _, product_id, grade in qrels],
    )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in _lines(path)]


def _lines(path: Path) -> list[str]:
    # Not splitlines(): only a line feed ends a line here.
    return path.read_text("utf-8").removesuffix("\n").split("\n")
