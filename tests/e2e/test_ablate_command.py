"""`xunhuo eval ablate`: the table and the JSON say the same, and what cannot be learned is an error that says why."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.e2e.command import Xunhuo


@pytest.fixture
def judged(published: Xunhuo, shop: Path, tmp_path: Path) -> tuple[str | Path, ...]:
    """Every title of the shop is a query for its first product."""
    products = list(map(orjson.loads, shop.read_bytes().splitlines()))
    first = {product["title"]: product["id"] for product in reversed(products)}
    pairs = list(enumerate(first.items()))[:30]
    queries, qrels = tmp_path / "q.tsv", tmp_path / "q.qrels"
    queries.write_text("".join(f"{i}\t{title}\n" for i, (title, _) in pairs), encoding="utf-8")
    qrels.write_text("".join(f"{i} 0 {item} 1\n" for i, (_, item) in pairs), encoding="utf-8")
    return "--queries", queries, "--qrels", qrels


def test_ablate(xunhuo: Xunhuo, judged: tuple[str | Path, ...]) -> None:
    options = (
        "--features",
        "character_coverage,cosine,bm25",
        "--without",
        "cosine,bm25",
        "--try",
        "term_coverage",
        "--seeds",
        "1",
    )
    found = xunhuo("eval", "ablate", *judged, *options, "--json").json
    assert (found["queries"], found["folds"], found["seeds"]) == (30, 5, 1)
    changes = found["changes"]
    assert [(one["without"], one["added"]) for one in changes] == [
        ([], []), (["cosine", "bm25"], []), (["character_coverage"], []), (["cosine"], []), (["bm25"], []),
        ([], ["term_coverage"]),
    ]  # fmt: skip
    assert changes[0]["ndcg"] > 0.5
    shown = xunhuo("eval", "ablate", *judged, *options).out
    assert all(f"{one['ndcg']:.4f}" in shown for one in changes)
    assert "without cosine, bm25" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--features", "luck"), "the search gives no feature luck"),
        (("--without", "brand_match,luck"), "brand_match,luck is no part of"),
        (("--folds", "99"), "too few for 99 folds"),
    ],
)
def test_errors(xunhuo: Xunhuo, judged: tuple[str | Path, ...], arguments: tuple[str, ...], message: str) -> None:
    assert message in xunhuo("eval", "ablate", *judged, *arguments).failed_clearly(2)
