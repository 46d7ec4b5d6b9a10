"""Campaigns in the mall:

1. Those that run are listed with how many goods they have; that of new shoppers to who is new, and says so to who
   wants to be read.
2. A page has its goods in its order, in stock, each once over all pages; what is counted is counted over all of them.
3. What is sensitive comes only in a category that was chosen; a category bounds goods and counts.
4. One that is not there, not begun or over has no page, and the error names those that run; `new` leads to the first
   of new shoppers.
5. Another edition of the rules is followed at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import NotFound
from retrieval.mall.mall import Mall
from retrieval.mall.pages import CampaignAnswer, CampaignRequest, CampaignsRequest
from retrieval.rules.edition import Edition
from retrieval.rules.read import read_document
from retrieval.wiring.options import mall_options
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.kiosk import ROWS, forbids

NOW = 90.0
COPY = {**ROWS[0], "id": "cup4", "sales_30d": 1500, "price": 1}
SALE: dict[str, Any] = {
    "id": "sale", "name": "双11", "label": "价保", "from": "1970-01-01T00:01:00Z", "until": "1970-01-01T00:02:00Z",
    "products": [{"category": "厨具"}, {"ids": ["dress2", "adult1", "nothing"]}],
}  # fmt: skip
WELCOME = SALE | {"id": "welcome", "segment": "new", "products": {"ids": ["tea1"]}}


class Shelf:
    """A mall whose rules a test sets."""

    def __init__(self, folder: Path) -> None:
        taste = FakeTaste({"known": {"茶": 0.9}}, frozenset({"silent"}))
        options, self.edition = mall_options(world.settings(folder)), Edition.of(0, 0, read_document({}).rules)
        self.mall = Mall(world.engine(folder), options, None, taste, forbids, rules=lambda: self.edition)

    def run(self, *campaigns: dict[str, Any]) -> Shelf:
        read = read_document({"campaigns": list(campaigns)})
        assert read.publishable, read.problems
        self.edition = Edition.of(1, 1, read.rules)
        return self


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("campaigns")
    world.publish(folder, [*ROWS, COPY])
    return Shelf(folder)


def page(shelf: Shelf, id: str = "sale", **asked: Any) -> CampaignAnswer:
    return shelf.mall.campaign(CampaignRequest(id, **{"now": NOW, **asked}))


def ids(shelf: Shelf, **asked: Any) -> list[str]:
    return [hit.id for hit in page(shelf, **asked).hits]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["sale", "welcome"]), ({"user_id": "stranger"}, ["sale", "welcome"]), ({"user_id": "known"}, ["sale"]),
        ({"user_id": "silent"}, ["sale", "welcome"]), ({"personalize": False}, ["sale"]), ({"now": 120.0}, []),
    ],
)  # fmt: skip
def test_those_that_run(shelf: Shelf, asked: dict[str, Any], expected: list[str]) -> None:  # 1
    shelf.run(SALE, WELCOME, SALE | {"id": "off", "enabled": False})
    found = shelf.mall.campaigns(CampaignsRequest(**{"now": NOW, **asked})).campaigns
    assert [one.campaign.id for one in found] == expected
    assert [one.total for one in found] == [6, 1][: len(expected)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("sales", ["cup1", "pot1", "pot2", "cup2", "dress2", "cup4"]),
        ("price_asc", ["cup4", "cup1", "pot2", "pot1", "cup2", "dress2"]),
        ("price_desc", ["dress2", "cup2", "pot1", "pot2", "cup1", "cup4"]),
        ("newest", ["dress2", "cup2", "pot1", "pot2", "cup1", "cup4"]),
        ("ids", ["dress2", "cup1", "cup2", "cup4", "pot1", "pot2"]),
    ],
)
def test_orders(shelf: Shelf, order: str, expected: list[str]) -> None:  # 2
    shelf.run(SALE | {"order": order})
    assert ids(shelf) == expected
    first = page(shelf, size=4)
    second = page(shelf, size=4, offset=first.next_offset)
    assert [hit.id for hit in (*first.hits, *second.hits)] == expected
    assert ([hit.rank for hit in second.hits], second.next_offset) == ([5, 6], None)
    assert (page(shelf, offset=9).hits, page(shelf, offset=9).next_offset) == ((), None)


def test_what_is_counted(shelf: Shelf) -> None:  # 2, 3
    shelf.run(SALE)
    whole, cups = page(shelf, size=1), page(shelf, category=" 厨具/杯/", size=1)
    assert (whole.counted.total, [(each.category, each.count) for each in whole.channels]) == (
        6, [("厨具", 5), ("女装", 1)]
    )  # fmt: skip
    assert (cups.counted.total, cups.path) == (3, ("厨具", "厨具/杯"))
    assert [(one.value, one.count) for one in cups.counted.facets["brand"]] == [("恒温", 3)]
    assert [hit.id for hit in page(shelf, category="成人").hits] == ["adult1"]


@pytest.mark.parametrize(("id", "now"), [("nothing", NOW), ("sale", 59.0), ("sale", 120.0), ("new", NOW)])
def test_not_there(shelf: Shelf, id: str, now: float) -> None:  # 4
    shelf.run(SALE)
    with pytest.raises(NotFound, match=f"no campaign {id} runs now") as told:
        page(shelf, id, now=now)
    assert str(told.value.hint).startswith("These run: sale." if now == NOW else "None runs now")


def test_new_shoppers(shelf: Shelf) -> None:  # 4, 5
    shelf.run(SALE, WELCOME)
    assert page(shelf, "new").campaign.id == "welcome"
    shelf.run(WELCOME, SALE | {"id": "new"})
    assert page(shelf, "new").campaign.id == "new"
    shelf.run(SALE)
    assert ids(shelf)[0] == "cup1"
    shelf.run(SALE | {"products": {"ids": ["tea1"]}})
    assert ids(shelf) == ["tea1"]
