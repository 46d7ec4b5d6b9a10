"""The rules of the checks, on readers that are no index (that they stop a rebuild is shown in test_checks.py):

1. counts: at least the share of the products that are served, and of the videos; what is said names both numbers, the
   share and the way out. Videos and moments make up for no product. Of an empty generation it is told what became of
   the products, the commonest three reasons first.
2. gold: each of the products asked for by the start of its title must be among the first hundred, or tie with the last
   of them; one without words is not asked for, and of those that are missed five are named.
3. The first check that fails is named, with how much more it found; without a failure all of them were asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import orjson
import pytest

from indexer.checks import gate
from indexer.checks.context import Bounds, CheckContext
from indexer.checks.counts import counts
from indexer.checks.gate import run_checks
from indexer.checks.gold import gold
from retrieval.errors import CheckFailed
from retrieval.schema import MOMENT, PRODUCT, VIDEO
from retrieval.types import Candidates, IntArray, LexicalQuery
from tests.title_index import built_in_analyzer

ALL = Bounds(min_count_ratio=0.8, gold_samples=1000, gold_share=1.0)


def manifest(documents: int, videos: int = 0, moments: int = 0, details: Mapping[str, object] | None = None) -> Any:
    held = {PRODUCT.kind: documents, VIDEO.kind: videos, MOMENT.kind: moments}
    collections = {kind: SimpleNamespace(documents=count) for kind, count in held.items() if count}
    return SimpleNamespace(collections=collections, generation=f"g{documents}", details=details or {})


def context(reader: object, previous: Any = None, bounds: Bounds = ALL, serving: str | None = None) -> CheckContext:
    backend = SimpleNamespace(current=lambda: serving, verify=lambda name: [])
    return CheckContext(cast(Any, backend), cast(Any, reader), previous, built_in_analyzer(), bounds)


def counted(now: Any, previous: Any = None) -> list[str]:
    return counts(context(SimpleNamespace(manifest=now), previous))


def test_counts() -> None:  # 1
    assert counted(manifest(1)) == counted(manifest(80), manifest(100)) == counted(manifest(999), manifest(1)) == []
    (said,) = counted(manifest(1079), manifest(1350))
    for told in ("1,079", "1,350", "g1350", "80%", "--allow-shrink"):
        assert told in said


def test_counts_of_each_kind() -> None:  # 1
    served = manifest(100, videos=10, moments=1000)
    assert counted(manifest(80, videos=8, moments=1), served) == []
    (few,) = counted(manifest(79, videos=900, moments=9000), served)
    assert few.startswith("79 documents, ")
    (silent,) = counted(manifest(100, videos=7), served)
    assert silent.startswith("7 videos, ")
    assert counted(manifest(100), served) == []  # a rebuild without videos
    assert counted(manifest(0, videos=900, moments=9000), served)[0].startswith("the generation is empty")


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({}, ": no product was read"),
        ({"accepted": {"products": 4}, "withheld": 4000}, ": 4,000 are off the shelf or banned"),
        ({"accepted": {"clips": 4}}, ": no product was read"),
        (
            {"rejected": {"products": 1200}, "reasons": {"b": 5, "a": 5, "d": 1, "c": 1189}},
            ": 1,200 products were rejected (c 1,189, a 5, b 5; the rejects file names each)",
        ),
        (
            {"rejected": {"products": 1}, "reasons": {"a": 1}, "withheld": 2},
            ": 1 products were rejected (a 1; the rejects file names each), 2 are off the shelf or banned",
        ),
    ],
)
def test_why_it_is_empty(details: dict[str, object], told: str) -> None:  # 1
    assert counted(manifest(0, details=details), manifest(0)) == [f"the generation is empty{told}"]


class Shop:
    """Rows found for every query, best first, with falling scores; `alike`: rows that score as the last one does."""

    def __init__(self, titles: list[str], found: list[int], alike: tuple[int, ...] = ()) -> None:
        self.titles, self.found, self.alike, self.rows = titles, found, alike, len(titles)
        self.asked: list[LexicalQuery] = []
        self.sampled: list[int] = []

    def sources(self, rows: IntArray) -> list[bytes]:
        self.sampled = rows.tolist()
        return [orjson.dumps({"id": f"p{row}", "title": self.titles[row]}) for row in rows]

    def lexical(self, query: LexicalQuery, filters: object, depth: int) -> Candidates:
        assert depth == 100
        self.asked.append(query)
        scores = np.arange(len(self.found), 0, -1).astype(np.float32)
        return Candidates("lexical", np.array(self.found, np.int64), scores, complete=True)

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> Any:
        return np.array([1 - 9e-6 if row in self.alike else 1 - 2e-5 for row in rows.tolist()])


def missed(shop: Shop, **bounds: float) -> list[str]:
    return gold(context(shop, bounds=Bounds(0.8, int(bounds.get("samples", 1000)), bounds.get("share", 1.0))))


def test_gold() -> None:  # 2
    titles = [f"铁锅{'大' * 60}"] * 10
    assert missed(Shop(titles, list(range(10)))) == []
    (said,) = missed(Shop(titles, [0, 1, 2]))
    assert said.startswith("7 of 10 products are not found")
    assert said.endswith("p3, p4, p5, p6, p7")
    assert missed(Shop(titles, [0, 1, 2]), share=0.3) == []
    assert missed(Shop(titles, [0, 1, 2]), share=0.31) != []
    shop = Shop(titles, [0])
    missed(shop, samples=4)
    assert shop.sampled == [0, 3, 6, 9]
    (query, *_) = shop.asked
    assert (query.fields, query.need, query.terms) == (dict.fromkeys(PRODUCT.text, 1.0), 0, ())
    assert query.weights == built_in_analyzer().query(f"铁锅{'大' * 38}").weights


def test_ties_and_what_cannot_be_asked() -> None:  # 2
    titles = ["铁锅"] * 102
    hundred = list(range(100))
    assert missed(Shop(titles, hundred, alike=(100, 101))) == []
    assert missed(Shop(titles, hundred, alike=(100,)))[0].startswith("1 of 102")
    # Of fewer than a hundred nothing was cut off: what is not among them is lost.
    assert missed(Shop(titles, hundred[:99], alike=(99, 100, 101)))[0].startswith("3 of 102")
    assert missed(Shop(["！！！", "铁锅"], [1])) == []
    assert missed(Shop(["！！！", "铁锅"], []))[0].startswith("1 of 1 ")


@pytest.mark.parametrize(
    ("found", "serving", "message", "still"),
    [
        ({"counts": ["few"], "gold": ["lost"]}, "g1", "check counts: few", "the old generation goes on serving"),
        ({"gold": ["a", "b"]}, "g1", "check gold: a (and 1 more)", "the old generation goes on serving"),
        ({"vectors": ["a", "b", "c"]}, None, "check vectors: a (and 2 more)", "nothing is published yet"),
    ],
)  # fmt: skip
def test_the_gate(
    found: dict[str, list[str]], serving: str | None, message: str, still: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # 3
    asked: list[str] = []
    problems = dict(found)

    def check(name: str) -> Any:
        def of(context: CheckContext) -> list[str]:
            asked.append(name)
            return problems.get(name, [])

        return of

    monkeypatch.setattr(gate, "CHECKS", {name: check(name) for name in gate.CHECKS})
    of = context(SimpleNamespace(manifest=manifest(7)), serving=serving)
    with pytest.raises(CheckFailed) as failed:
        run_checks(of)
    assert (failed.value.message, failed.value.field) == (message, "g7")
    assert str(failed.value.hint).startswith(f"{still}; ")
    problems.clear()
    asked.clear()
    run_checks(of)
    assert asked == ["counts", "integrity", "vectors", "gold"]
