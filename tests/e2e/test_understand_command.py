"""Understanding from the terminal.

1. `understand` shows every decision with the words it came from, as a table in the language of the query, or as JSON in
   the shape of the API; it needs a generation.
2. `search` shows the wishes it read; `--ignore` and `--no-understand` take them back.
3. An empty answer says why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from api.understood_schema import UnderstoodAnswer
from tests.e2e.command import Xunhuo, invoke

QUERY = "保温杯100元以内"


def test_understand(published: Xunhuo, tmp_path: Path) -> None:  # 1
    told = published("understand", QUERY, "--json").json
    UnderstoodAnswer.model_validate(told)
    assert (told["query"], told["searched"]) == (QUERY, "保温杯")
    [constraint] = told["constraints"]
    assert (constraint["id"], constraint["state"], constraint["filters"]["price"]) == (
        "price:3-9",
        "applied",
        {"max": 100},
    )
    assert told["intent"]["strength"] == pytest.approx(sum(told["intent"]["parts"].values()))
    shown = published("understand", QUERY).out
    for text in ("price:3-9", constraint["label"], "商品", "词权重", "类目", "强度"):
        assert text in shown
    ignored = published("understand", QUERY, "--ignore", "price:3-9", "--json").json
    assert [one["state"] for one in ignored["constraints"]] == ["ignored"]
    assert "term weight" in published("understand", "XL").out
    assert "no generation" in invoke("understand", "杯", "--data-dir", tmp_path / "empty").failed_clearly(4)
    assert "switched off" in published("understand", "杯", "--set", "understanding.enabled=false").failed_clearly(4)


def test_search(published: Xunhuo) -> None:  # 2
    found = published("search", QUERY, "--size", "200", "--json").json
    [price] = found["understood"]["constraints"]
    assert (price["id"], price["state"]) == ("price:3-9", "applied")
    assert all(hit["price"] <= 100 for hit in found["hits"])
    more = published("search", QUERY, "--ignore", "price:3-9", "--size", "200", "--json").json
    assert more["total"]["value"] > found["total"]["value"] > 0
    assert published("search", QUERY, "--no-understand", "--json").json["understood"] is None
    shown = published("search", QUERY).out
    assert f"[{price['label']} · price:3-9]" in shown
    assert "保温杯/商品" in shown


def test_nothing_found(published: Xunhuo) -> None:  # 3
    shown = published("search", "！！！").out
    assert "没有可以搜索的字" in shown
    assert "也可以找找: " in shown
