"""Pages and plots.

1. A page loads nothing: no script, no address to fetch, and it says so to the browser.
2. It is well-formed and holds every query asked (or compared), gold titles and the named shortfalls.
3. What comes from outside is escaped.
4. Worst first: lowest value, then not found, then the deepest; histograms count every judged query once.
5. Biggest wins and losses are sorted and at most 15 each, and ties are in neither.
6. Plots put numbers where they belong: bars end at their value, whiskers at their bounds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from eval.compare import Pair, compare
from eval.compare_report import biggest, comparison_report
from eval.measures import PRIMARY
from eval.plots import BarRow, columns, interval_bars, scatter, win_loss
from eval.report import rank_histogram, run_report, value_histogram, worst_first
from eval.store import StoredRun
from tests.unit.eval import world

VOID = {"meta", "br", "input", "rect", "line", "path", "circle"}


class Checker(HTMLParser):
    """Keeps the open tags, the attributes that could load something, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [(tag, value) for name, value in attrs if name in {"src", "href", "srcset", "data", "action"}]
        self.loads += [(tag, None)] if tag in {"script", "link", "iframe", "object", "img"} else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def pages() -> list[str]:
    a, b = world.run(), world.run(world.blind_to_p1, "other")
    comparison = compare(StoredRun(a.summary, a.outcomes), StoredRun(b.summary, b.outcomes))
    return [run_report(a.summary, a.outcomes), comparison_report(comparison)]


@pytest.mark.parametrize("which", [0, 1])
def test_self_contained_and_whole(which: int) -> None:  # 1, 2
    text = pages()[which]
    checker = Checker()
    checker.feed(text)
    assert (checker.loads, checker.open) == ([], [])
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
    assert "url(" not in text
    assert "@import" not in text
    queries = [query.text for query in world.QUERIES if which == 0 or query.qid in world.QRELS]
    gold = [world.TITLES[doc_id] for doc_id in ("p2", "p3", "p1")]
    for shown in (*queries, *gold):
        assert shown in checker.text


def test_shortfalls_are_named() -> None:  # 2
    text = pages()[0]
    for line in ("not in the means: q4", "without result, counted as 0: q3", "not among the queries: q9"):
        assert line in text


def test_escaping() -> None:  # 3
    evaluation = world.run(name="<i>run</i>")
    evil = '<script src="https://x">&</script>'
    outcome = replace(evaluation.outcomes[0], query=evil, top=(replace(evaluation.outcomes[0].top[0], title=evil),))
    text = run_report(evaluation.summary, (outcome, *evaluation.outcomes[1:]))
    assert "<script" not in text
    assert "<i>" not in text
    assert "&lt;script src=" in text
    assert evil in unescape(text)
    assert "<i>run</i>" in unescape(text)


def test_order_and_histograms() -> None:  # 4
    judged = [outcome for outcome in world.run().outcomes if outcome.judged]
    assert [outcome.qid for outcome in worst_first(judged)] == ["q3", "q1", "q2", "q5"]
    deep, deeper = (replace(judged[2], qid=f"d{rank}", first_relevant=rank) for rank in (20, 90))
    assert [outcome.qid for outcome in worst_first([deep, deeper, judged[2]])] == ["q3", "d90", "d20"]
    labels, counts = value_histogram(judged)  # 0, 1/log2(3) = 0.63, 1, 1
    assert {label: n for label, n in zip(labels, counts, strict=True) if n} == {"0": 1, "≤.7": 1, "≤1": 2}
    labels, counts = rank_histogram([*judged, deep, deeper])
    assert {label: n for label, n in zip(labels, counts, strict=True) if n} == {
        "1": 2,
        "2": 1,
        "11–20": 1,
        "51–100": 1,
        "none": 1,
    }
    assert rank_histogram([replace(deep, first_relevant=101)])[1][-2:] == [1, 0]


def test_biggest() -> None:  # 5
    a, b = world.run(), world.run(world.blind_to_p1)
    comparison = compare(StoredRun(a.summary, a.outcomes), StoredRun(b.summary, b.outcomes))
    wins, losses = biggest(comparison.pairs, PRIMARY)
    assert ([pair.a.qid for pair in wins], [pair.a.qid for pair in losses]) == (["q1"], ["q2"])
    [win, loss] = wins + losses
    many = [Pair(replace(pair.a, qid=f"{pair.a.qid}-{n:02}"), pair.b) for pair in (win, loss) for n in range(20)]
    wins, losses = biggest(many, PRIMARY)
    assert [pair.a.qid for pair in wins] == [f"q1-{n:02}" for n in range(15)]
    assert [pair.a.qid for pair in losses] == [f"q2-{n:02}" for n in range(15)]


def test_bars_end_at_their_value() -> None:  # 6
    svg = ElementTree.fromstring(interval_bars([("g", [BarRow("a", "n = 1", 0.5, 0.25, 0.75)])], title="t"))
    (bar,) = svg.findall("rect")
    ticks = {text.text: float(text.get("x", "")) for text in svg.findall("text") if text.get("class") == "tick"}
    assert float(bar.get("x", "")) == ticks["0"]
    assert float(bar.get("x", "")) + float(bar.get("width", "")) == pytest.approx(ticks["0.5"], abs=0.11)
    whisker = next(path.get("d", "") for path in svg.findall("path"))
    start, end = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", whisker)[0]
    assert (float(start), float(end)) == (ticks["0.25"], ticks["0.75"])


def test_signed_bars_and_other_plots() -> None:  # 6
    rows = [BarRow("up", "", 0.04, None, None), BarRow("down", "", -0.02, None, None, faint=True)]
    svg = ElementTree.fromstring(interval_bars([("", rows)], title="t", signed=True))
    up, down = svg.findall("rect")
    assert (up.get("class"), down.get("class")) == ("win", "loss faint")
    assert float(up.get("width", "")) == pytest.approx(2 * float(down.get("width", "")), abs=0.2)
    assert {text.text for text in svg.findall("text")} >= {"+0.040", "−0.020", "+0.05", "−0.05"}
    heights = [
        float(bar.get("height", ""))
        for bar in ElementTree.fromstring(columns(["a", "b"], [1, 4], title="", axis="")).findall("rect")
    ]
    assert heights[1] == pytest.approx(4 * heights[0])
    discs = ElementTree.fromstring(scatter([(0, 1), (0, 1), (1, 1)], title="", x_axis="", y_axis="")).findall("circle")
    assert [disc.get("class") for disc in discs] == ["win spot", "tie spot"]
    silhouettes = [
        path.get("class") for path in ElementTree.fromstring(win_loss([0.5, -0.1, 0], title="")).findall("path")
    ]
    assert silhouettes == ["win", "loss"]
