"""The rules of the checks, on readers that are no index (that they stop a rebuild is shown in test_checks.py):

1. counts: at least the share of the products that are served, and of the videos; what is said names both numbers, the
   share and the way out. Videos and moments make up for no product. Of an empty generation it is told what became of
   the products, the commonest three reasons first.
2. gold: each of the products asked for by the start of its title must be among the first hundred, or tie with the last
   of them; one without words is not asked for, and of those that are missed five are named.
3. The first check that fails is named, with how much more it found, and the others; all of them are asked, also after
   one that could not look, unless there is nothing to look at.
4. latency: so many times the served median is let through, and whatever is faster than the floor; 0 measures nothing.
5. judged: a drop is told of when its whole interval lies below what is let through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import orjson
import pytest

from indexer.checks import gate
from indexer.checks.context import Bounds, CheckContext, Drop, Gates
from indexer.checks.counts import counts
from indexer.checks.gate import GateReport, refuse, run_checks
from indexer.checks.gold import gold
from indexer.checks.judged import judged
from indexer.checks.latency import latency
from indexer.checks.sample import Sample
from retrieval.errors import CheckFailed
from retrieval.schema import MOMENT, PRODUCT, VIDEO
from retrieval.types import Candidates, IntArray, LexicalQuery
from tests.title_index import built_in_analyzer

ALL = Bounds(min_count_ratio=0.8, gold_samples=1000, gold_share=1.0)


def manifest(documents: int, videos: int = 0, moments: int = 0, details: Mapping[str, object] | None = None) -> Any:
    held = {PRODUCT.kind: documents, VIDEO.kind: videos, MOMENT.kind: moments}
    collections = {kind: SimpleNamespace(documents=count) for kind, count in held.items() if count}
    return SimpleNamespace(collections=collections, generation=f"g{documents}", details=details or {})


def context(reader: object, previous: Any = None, bounds: Bounds = ALL) -> CheckContext:
    backend = SimpleNamespace(verify=lambda name: [])
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


ONE = Sample(np.array([0]), [{"id": "p"}])


def gated(found: Mapping[str, list[str]], monkeypatch: pytest.MonkeyPatch, broken: str = "") -> GateReport:
    """The report of checks that say this; one may be unable to look."""

    def check(name: str) -> Any:
        def of(context: CheckContext) -> list[str]:
            if name == broken:
                raise ValueError("no such row")
            return found.get(name, [])

        return of

    monkeypatch.setattr(gate, "CHECKS", {name: check(name) for name in gate.CHECKS})
    return run_checks(replace(context(SimpleNamespace(manifest=manifest(7)), manifest(9)), sample=ONE))


@pytest.mark.parametrize(
    ("found", "serving", "message", "still"),
    [
        ({"counts": ["few"], "gold": ["lost"]}, True, "check counts: few", "the old generation goes on serving"),
        (
            {"prices": ["few"], "fields": ["a", "b"], "gold": ["c"]}, True,
            "check fields: a (and 1 more); also failed: prices, gold", "the old generation goes on serving",
        ),
        ({"vectors": ["a", "b", "c"]}, False, "check vectors: a (and 2 more)", "nothing is published yet"),
    ],
)  # fmt: skip
def test_the_gate(
    found: dict[str, list[str]], serving: bool, message: str, still: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # 3
    report = gated(found, monkeypatch)
    with pytest.raises(CheckFailed) as failed:
        refuse(report, serving=serving)
    assert (failed.value.message, failed.value.field) == (message, "g7")
    assert str(failed.value.hint).startswith(f"{still}; ")


def test_all_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    report = gated({}, monkeypatch)
    refuse(report, serving=True)
    assert (report.generation, report.against, report.failed) == ("g7", "g9", {})
    assert list(report.found) == list(report.seconds) == list(gate.CHECKS)
    assert list(gated({"counts": ["none"]}, monkeypatch).found) == ["counts"]
    blind = gated({"gold": ["lost"]}, monkeypatch, broken="stock")
    assert blind.failed == {"stock": ["it cannot be looked at: ValueError: no such row"], "gold": ["lost"]}


class Slow:
    """A reader whose every search takes so many milliseconds of a clock."""

    def __init__(self, clock: list[float], ms: float) -> None:
        self.clock, self.ms, self.manifest = clock, ms, SimpleNamespace(dim=0)

    def lexical(self, *asked: object) -> None:
        self.clock[0] += self.ms / 1000


def slower(now: float, before: float, **bounds: float) -> list[str]:
    clock = [0.0]
    sample = Sample(np.array([0]), [{"id": "p", "title": "纯棉毛巾"}])
    gates = Bounds(0.8, 0, 0.0, Gates(**bounds))  # type: ignore[arg-type]
    of = replace(context(Slow(clock, now), bounds=gates), sample=sample, served=cast(Any, Slow(clock, before)))
    return latency(of, lambda: clock[0])


def test_latency() -> None:  # 4
    assert slower(4.9, 0.1) == slower(39, 10) == slower(9, 10) == slower(100, 1, latency_ratio=0) == []
    (said,) = slower(41, 10)
    assert said.startswith("a search takes 41.0 ms at the median, in the published generation 10.0; at most 4 times")


@pytest.mark.parametrize(
    ("low", "high", "drop", "told"),
    [(-0.05, -0.01, 0.0, True), (-0.05, 0.01, 0.0, False), (-0.05, -0.01, 0.02, False), (-0.05, -0.03, 0.02, True)],
)
def test_judged(low: float, high: float, drop: float, told: bool) -> None:  # 5
    asked: list[tuple[str, str]] = []

    def judge(served: str, generation: str) -> Drop:
        asked.append((served, generation))
        return Drop("nDCG@10", 492, 0.65, 0.62, low, high)

    bounds = Bounds(0.8, 0, 0.0, Gates(metric_drop=drop))
    of = context(SimpleNamespace(manifest=manifest(7)), manifest(9), bounds)
    said = judged(replace(of, judge=judge))
    assert asked == [("g9", "g7")]
    assert bool(said) == told
    if told:
        assert "nDCG@10 of 492 judged queries fell from 0.650 to 0.620" in said[0]
    assert judged(of) == judged(replace(of, judge=judge, previous=None)) == []
