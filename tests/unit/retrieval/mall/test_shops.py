"""The page of a shop:

1. It says who it is, by id and by name, its kind, its categories and how much is in stock.
2. Its best sellers and its newest are its own, in order, in stock, and not sensitive unless that was chosen.
3. What several came back for on other days is bought again; for a shopper what is due comes first, with a sentence.
4. Where the shopper says no, or did not say who asks, nothing of anybody is read.
5. There is no page of a shop that is not there, or of which all is taken down.
6. What is copied, or another piece of one product, stands in a list once.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answer import WhyNeutral
from retrieval.errors import NotFound
from retrieval.interest.event import EventType
from retrieval.interest.profile import Dimension
from retrieval.mall.mall import Mall
from retrieval.mall.pages import Shop, ShopAnswer, ShopRequest
from retrieval.ranking.shop_kind import shop_kind
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.kiosk import ROWS, forbids
from tests.unit.retrieval.mall.shop import NOW, did, open_mall

ASK = ShopRequest("s1", now=NOW)
CROWD = [did(-n * 86_400, f"u{k}", "cup2", EventType.ORDER) for k in range(3) for n in (1, 5)]
COPY = {**ROWS[0], "id": "cup4", "sales_30d": 100}


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Mall:
    folder: Path = tmp_path_factory.mktemp("shops")
    world.publish(folder, [*ROWS, COPY])
    taste = FakeTaste({"buyer": {"pot2": 0.6}}, frozenset({"silent"}), dimension=Dimension.ITEM)
    return open_mall(folder, taste, CROWD, forbids)


def ids(found: ShopAnswer, which: str) -> list[str]:
    return [hit.id for hit in getattr(found, which)]


@pytest.mark.parametrize("id", ["s1", "恒温旗舰店"])
def test_who_it_is(mall: Mall, id: str) -> None:  # 1
    found = mall.shop(replace(ASK, id=id))
    assert found.shop == Shop("s1", "恒温旗舰店", "旗舰店", 4.9)
    assert [(each.category, each.count) for each in found.channels] == [("厨具", 4)]
    assert found.total == 4


def test_its_lists(mall: Mall) -> None:  # 2, 6
    found = mall.shop(ASK)
    assert ids(found, "best") == ["cup1", "pot2", "cup2"]
    assert ids(found, "newest") == ["cup2", "pot2", "cup1"]
    assert ids(mall.shop(replace(ASK, size=1)), "newest") == ["cup2"]
    assert ids(mall.shop(replace(ASK, category="成人")), "best") == ["adult1"]
    inside = mall.shop(replace(ASK, category="厨具/锅"))
    assert (ids(inside, "best"), inside.total, inside.path) == (["pot2"], 1, ("厨具", "厨具/锅"))
    assert ids(mall.shop(replace(ASK, id="小店")), "best") == ["pot1", "tea1", "dress3", "dress2"]


def test_bought_again(mall: Mall) -> None:  # 3
    found, mine = mall.shop(ASK), mall.shop(replace(ASK, user_id="buyer"))
    assert [(hit.id, hit.because) for hit in found.again] == [("cup2", "3 人回来又买过")]
    assert [(hit.id, hit.because) for hit in mine.again] == [
        ("pot2", "你买过，可能又需要了"), ("cup2", "3 人回来又买过")
    ]  # fmt: skip
    assert mall.shop(replace(ASK, id="s2", user_id="buyer")).again == ()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, WhyNeutral.NOBODY), ({"user_id": "buyer", "personalize": False}, WhyNeutral.OFF),
        ({"user_id": "silent"}, WhyNeutral.NO_CONSENT), ({"user_id": "stranger"}, WhyNeutral.COLD),
        ({"user_id": "buyer"}, None),
    ],
)  # fmt: skip
def test_who_asks(mall: Mall, asked: dict[str, object], why: WhyNeutral | None) -> None:  # 4
    found = mall.shop(replace(ASK, **asked))  # type: ignore[arg-type]
    assert found.why_not is why
    assert ids(found, "again")[0] == ("pot2" if why is None else "cup2")


@pytest.mark.parametrize("id", ["s3", "恒温", "shop:s1", " "])
def test_not_there(mall: Mall, id: str) -> None:  # 5
    with pytest.raises(NotFound, match="there is no shop") as told:
        mall.shop(replace(ASK, id=id))
    assert (told.value.field, "GET /v1/search" in str(told.value.hint)) == ("id", True)


@pytest.mark.parametrize(
    ("shop", "kind"),
    [
        ({"name": "恒温旗舰店"}, "旗舰店"), ({"name": "小店", "kind": "Flagship"}, "旗舰店"),
        ({"name": "旗舰店代购"}, None),
        ({"name": "恒温旗舰店", "kind": "专营店"}, "专营店"), ({"name": "某某专卖店"}, "专卖店"),
        ("恒温旗舰店", None), (None, None),
    ],
)  # fmt: skip
def test_kinds(shop: object, kind: str | None) -> None:  # 1
    assert shop_kind(shop) == kind
