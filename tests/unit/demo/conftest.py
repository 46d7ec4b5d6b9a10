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
    linked: list[Row]
    evidence: list[Row]
    guides: dict[str, str]
    guide_qrels: list[tuple[str, str, int]]

    @property
    def shown(self) -> list[tuple[Row, list[Row]]]:
        """Videos and livestreams without guides, and what each shows: as its feed says, or as the judgments do."""
        gold = {row["id"]: row["gold"] for row in self.linked}
        found = []
        for video in self.videos:
            products = video.get("products", [])
            if video["id"] in gold:
                products = [
                    {"product_id": one["product_id"], "start": start, "end": end}
                    for one in gold[video["id"]]
                    for start, end in one["ranges"]
                ]
            if not video["id"].startswith("g") and any("start" in each for each in products):
                found.append((video, products))
        return found

    @property
    def by_id(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.products}


@pytest.fixture(scope="session")
def mall(tmp_path_factory: pytest.TempPathFactory) -> WrittenMall:
    folder = tmp_path_factory.mktemp("demo")
    summary = generate(folder)
    return WrittenMall(
        folder=folder,
        summary=summary,
        products=_rows(folder / "products.jsonl"),
        videos=_rows(folder / "videos.jsonl"),
        shoppers=_rows(folder / "shoppers.jsonl"),
        events=_rows(folder / "events.jsonl"),
        queries=dict(line.split("\t") for line in _lines(folder / "queries.tsv")),
        qrels=_qrels(folder / "qrels"),
        linked=_rows(folder / "linked.jsonl"),
        evidence=_rows(folder / "evidence.jsonl"),
        guides=dict(line.split("\t") for line in _lines(folder / "guides.tsv")),
        guide_qrels=_qrels(folder / "guides.qrels"),
    )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in _lines(path)]


def _qrels(path: Path) -> list[tuple[str, str, int]]:
    return [(qid, item, int(grade)) for qid, _, item, grade in map(str.split, _lines(path))]


def _lines(path: Path) -> list[str]:
    # Not splitlines(): only a line feed ends a line here.
    return path.read_text("utf-8").removesuffix("\n").split("\n")
