"""Training from judgments and clicks:

1. Only judged queries are asked; gains are those of the judgments, by id; a feature the search lacks is named.
2. What separates the judged documents is learned, and said before and after; too few queries are refused.
3. A click log becomes queries with gains; impressions join what was shown with what was clicked in a session.
4. The written file keeps relevance and floor, and is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from configs.settings import LEXICON
from eval.click_log import impressions_of
from eval.train_ranker import collect, gains_of_clicks, train, with_order
from eval.types import Query
from retrieval.errors import InputError
from retrieval.ranking.clicks import Impression
from retrieval.ranking.features.registry import FEATURES
from retrieval.ranking.model import load_ranking

QUERIES = tuple(Query(f"q{i}", f"第{i}个") for i in range(20))
BASE = LEXICON.parent / "ranking" / "none.yaml"


@dataclass(frozen=True)
class Found:
    ids: tuple[str, ...]
    features: dict[str, np.ndarray]


def examine(text: str) -> Found:
    """Four documents; the last has the most words, whatever is asked."""
    return Found(("a", "b", "c", "d"), {"words": np.array([0.1, 0.2, 0.3, 0.9]), "lexical": np.array([1, 0.5, 1, 0.7])})


@dataclass(frozen=True)
class Event:
    type: str
    query: str | None = "锅"
    item_id: str | None = "a"
    position: int | None = 0
    session_id: str | None = "s1"
    user_id: str | None = None


def test_collect() -> None:
    judged = {"q0": {"d": 2.0, "x": 1.0}, "q3": {"a": 1.0}}
    first, second = collect(examine, QUERIES, judged, ("words",))
    assert first.gains.tolist() == [0, 0, 0, 2]
    assert second.gains.tolist() == [1, 0, 0, 0]
    assert first.features[:, 0].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.9])
    with pytest.raises(InputError, match="luck"):
        collect(examine, QUERIES, judged, ("luck",))


def test_train() -> None:
    judged = {query.qid: {"d": 1.0} for query in QUERIES}
    lists = collect(examine, QUERIES, judged, ("words", "lexical"))
    trained = train(lists, ("words", "lexical"))
    assert trained.weights["words"] > 0 == trained.weights["lexical"]
    assert (trained.queries, trained.found, trained.after) == (20, 20, 1.0)
    assert trained.before == pytest.approx(1 / np.log2(5), abs=1e-4)
    with pytest.raises(InputError, match="too few"):
        train(lists[:3], ("words", "lexical"))


def test_impressions() -> None:
    events = [
        Event("impression"), Event("impression", item_id="b", position=1), Event("click", item_id="b", position=1),
        Event("impression", session_id="s2"), Event("search", item_id=None), Event("impression", query=None),
        Event("order", query="ＧＵＯ  锅", position=4),
    ]  # fmt: skip
    assert impressions_of(events) == [
        Impression("锅", "a", 1, False),
        Impression("锅", "b", 2, True),
        Impression("锅", "a", 1, False),
        Impression("guo 锅", "a", 5, True),
    ]


@pytest.mark.parametrize(
    "types", [("impression", "click"), ("click", "impression"), ("cart", "impression", "impression")]
)
def test_a_click_stays_one_in_whatever_order_events_come(types: tuple[str, ...]) -> None:
    assert impressions_of([Event(kind) for kind in types]) == [Impression("锅", "a", 1, True)]


def test_clicks() -> None:
    shown = [Impression("锅", "a", 1, False), Impression("锅", "b", 2, True), Impression("壶", "c", 1, True)]
    queries, gains = gains_of_clicks(shown, np.array([1.0, 0.5], np.float32))
    assert queries == (Query("q0", "锅"), Query("q1", "壶"))
    assert gains == {"q0": {"a": 0.0, "b": 2.0}, "q1": {"c": 1.0}}


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(with_order(BASE, {"term_coverage": 7.0}), encoding="utf-8")
    before, after = load_ranking(BASE), load_ranking(path)
    kept = {name: before.order[name] for name in FEATURES if not FEATURES[name].taught_by_words}
    assert dict(after.order) == {"term_coverage": 7.0, **kept}
    path.write_text(with_order(BASE, {"price_fit": 0.0}), encoding="utf-8")
    assert "price_fit" not in load_ranking(path).order
    assert (after.relevance, after.floor, after.least) == (before.relevance, before.floor, before.least)
    with pytest.raises(InputError, match="cannot be read"):
        with_order(tmp_path / "none.yaml", {})
