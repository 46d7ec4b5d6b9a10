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
from tests import world
from tests.e2e.command import Xunhuo, invoke

QUERY = "保温杯100元以内"


@pytest.fixture
def mall(xunhuo: Xunhuo, tmp_path: Path) -> Xunhuo:
    assert xunhuo("rebuild", "--products", world.write(tmp_path / "mall.jsonl", world.products(200))).code == 0
    return xunhuo


def test_understand(mall: Xunhuo, tmp_path: Path) -> None:  # 1
    told = mall("understand", QUERY, "--json").json
    UnderstoodAnswer.model_validate(told)
    assert (told["query"], told["searched"]) == (QUERY, "保温杯")
    [constraint] = told["constraints"]
    assert (constraint["id"], constraint["state"], constraint["filters"]["price"]) == (
        "price:3-9",
        "applied",
        {"max": 100},
    )
    assert told["intent"]["strength"] == pytest.approx(sum(told["intent"]["parts"].values()))
    shown = mall("understand", QUERY).out
    for text in ("price:3-9", constraint["label"], "商品", "词权重", "类目", "强度"):
        assert text in shown
    ignored = mall("understand", QUERY, "--ignore", "price:3-9", "--json").json
    assert [one["state"] for one in ignored["constraints"]] == ["ignored"]
    assert "term weight" in mall("understand", "XL").out
    assert "no generation" in invoke("understand", "杯", "--data-dir", tmp_path / "empty").failed_clearly(4)
    assert "switched off" in mall("understand", "杯", "--set", "understanding.enabled=false").failed_clearly(4)


def test_search(mall: Xunhuo) -> None:  # 2
    found = mall("search", QUERY, "--size", "200", "--json").json
    [price] = found["understood"]["constraints"]
    assert (price["id"], price["state"]) == ("price:3-9", "applied")
    assert all(hit["price"] <= 100 for hit in found["hits"])
    more = mall("search", QUERY, "--ignore", "price:3-9", "--size", "200", "--json").json
    assert more["total"]["value"] > found["total"]["value"] > 0
    assert mall("search", QUERY, "--no-understand", "--json").json["understood"] is None
    shown = mall("search", QUERY).out
    assert f"[{price['label']} · price:3-9]" in shown
    assert "保温杯/商品" in shown


def test_nothing_found(mall: Xunhuo) -> None:  # 3
    shown = mall("search", "！！！").out
    assert "没有可以搜索的字" in shown
    assert "也可以找找: " in shown
