"""A search whose query means a campaign, on a small shop known by heart:

1. It says so, and what belongs carries the label, on each page; the list is what it was without the campaign.
2. What does not belong is not hidden, and where nobody means it, nothing is said; rules are told beside it.
3. A campaign that is over is said no more, whatever the cursor; that of new shoppers only to them.
4. A query that is nothing but the occasion has the goods of the campaign, in its order, under the filters and rules
   that hold; it says so as a wish that can be taken back, and ends with the campaign.
5. A pin holds there, too: at its place, whatever the order of the campaign, but not where the caller chose an order, or
   filters it away; what is pinned and does not belong carries no label.
6. A preview says which campaign a query would mean, and how many goods each has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from indexer.rules.preview import CampaignPreview, preview
from indexer.rules.publish import changes, publish
from retrieval.answer import SearchResponse
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.rules.read import read_document
from retrieval.types import Filters, Sort
from retrieval.wiring import make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.kiosk import ROWS

SALE: dict[str, Any] = {
    "id": "sale", "name": "双11 狂欢", "label": "双11价保", "words": ["双11"], "from": "1970-01-01T00:01:00Z",
    "until": "1970-01-01T00:02:00Z", "products": [{"ids": ["pot2", "dress1"]}, {"shop": "小店", "price": {"max": 14}}],
}  # fmt: skip
RULE = {"id": "r", "when": {"phrase": "锅"}, "banner": {"id": "b", "text": "锅"}}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("occasions")
    world.publish(folder, ROWS)
    of, journal = world.settings(folder), SqliteJournal(folder / "rules.db")
    engine = Engine(
        make_backend(of), world.encoder_of(of), make_fuser_of(of), engine_options(of), make_understanding(of),
        rules=RuleBook(journal), taste=FakeTaste({"known": {"锅": 0.9}}),
    )  # fmt: skip
    yield engine
    engine.close()


def put(engine: Engine, *campaigns: dict[str, Any], rules: Any = ()) -> None:
    book = engine._rules._book
    assert book is not None
    publish(book, {"rules": list(rules), "campaigns": list(campaigns)}, by="t", note="", now=0.0)


def ask(engine: Engine, query: str = "锅 双11", **asked: Any) -> SearchResponse:
    return engine.search(SearchRequest(query, **{"now": 90.0, "personalize": False, **asked}))


def labels(answer: SearchResponse) -> dict[str, str | None]:
    return {hit.id: hit.campaign for hit in answer.hits}


def test_it_says_so(engine: Engine) -> None:  # 1, 2
    put(engine, SALE | {"enabled": False})
    before = ask(engine)
    put(engine, SALE)
    answer = ask(engine)
    assert answer.rules is not None
    assert (answer.rules.campaign.id, answer.rules.held, answer.rules.version) == ("sale", (), 2)
    assert labels(answer).items() >= {"pot1": "双11价保", "pot2": "双11价保"}.items()
    assert [replace(hit, campaign=None) for hit in answer.hits] == list(before.hits)
    assert (answer.total, before.rules) == (before.total, None)
    first = ask(engine, size=1)
    assert labels(first) | labels(ask(engine, cursor=first.next_cursor)) == labels(answer)
    assert labels(ask(engine, "双11 水杯"))["cup2"] is None
    put(engine, SALE | {"label": "十一价保"})
    assert labels(ask(engine))["pot1"] == "十一价保"
    put(engine, SALE, rules=[RULE])
    plain, both = ask(engine, "锅"), ask(engine)
    assert plain.rules is not None
    assert both.rules is not None
    assert (plain.rules.campaign, set(labels(plain).values())) == (None, {None})
    assert [banner.id for banner in both.rules.banners] == ["b"]
    assert both.rules.campaign.id == "sale"


def test_when_and_for_whom(engine: Engine) -> None:  # 3
    put(engine, SALE)
    first = ask(engine, size=1)
    later = ask(engine, cursor=first.next_cursor, now=120.0)
    assert (later.rules, set(labels(later).values())) == (None, {None})
    put(engine, SALE | {"segment": "new"})
    said = [
        ask(engine, user_id=who, personalize=wants).rules is not None
        for who, wants in (("known", True), ("stranger", True), ("stranger", False))
    ]
    assert said == [False, True, False]


def ids(answer: SearchResponse) -> list[str]:
    return [hit.id for hit in answer.hits]


def test_nothing_but_the_occasion(engine: Engine) -> None:  # 4
    put(engine, SALE | {"order": "price_asc"})
    answer = ask(engine, "双11")
    assert set(ids(answer)) == {"pot2", "dress1", "pot1", "tea1"}
    prices = [hit.source["price"] for hit in answer.hits]
    assert prices == sorted(prices)
    assert set(labels(answer).values()) == {"双11价保"}
    assert answer.total.value == len(answer.hits) == 4
    assert answer.understood is not None
    assert [(one.id, one.label) for one in answer.understood.plan.constraints] == [("campaign:sale", "双11 狂欢")]
    assert answer.understood.applied == ("campaign:sale",)
    paged = [ask(engine, "双11", size=3)]
    paged.append(ask(engine, cursor=paged[0].next_cursor))
    assert [id for page in paged for id in ids(page)] == ids(answer)
    assert ids(ask(engine, "双11", sort=Sort.PRICE_DESC)) == ids(answer)[::-1]
    assert ids(ask(engine, "双11", filters=Filters({"category": ("女装",)}))) == ["dress1"]
    assert ids(ask(engine, "双11", filters=Filters({"brand": ("没有",)}))) == []
    assert ids(ask(engine, "双11", ignore=("campaign:sale",))) == ids(ask(engine, "双11", now=200.0))
    put(engine, SALE, rules=[{"id": "h", "when": {"query": "双11"}, "hide": {"ids": ["dress1"]}}])
    assert "dress1" not in ids(ask(engine, "双11"))
    put(engine, SALE | {"products": {"ids": ["adult1", "pot1"]}})
    assert ids(ask(engine, "双11")) == ["pot1"]
    assert ids(ask(engine, "双11", filters=Filters({"category": ("成人",)}))) == ["adult1"]


def test_pins_among_its_goods(engine: Engine) -> None:  # 5
    pin = {"id": "p", "when": {"query": "双11"}, "pin": [{"id": "cup2", "at": 1}, {"id": "pot2", "at": 3}]}
    put(engine, SALE | {"order": "price_asc"})
    plain = ids(ask(engine, "双11"))
    put(engine, SALE | {"order": "price_asc"}, rules=[pin])
    answer = ask(engine, "双11")
    others = [id for id in plain if id != "pot2"]
    assert ids(answer) == ["cup2", others[0], "pot2", *others[1:]]
    told = [
        (hit.id, hit.explain.placed) for hit in ask(engine, "双11", explain=True).hits if hit.pinned and hit.explain
    ]
    assert told == [("cup2", "pinned"), ("pot2", "pinned")]
    assert answer.total.value == len(plain) + 1
    assert labels(answer) == dict.fromkeys(plain, "双11价保") | {"cup2": None}
    first = ask(engine, "双11", size=2)
    assert ids(first) + ids(ask(engine, cursor=first.next_cursor, size=9)) == ids(answer)
    assert ids(ask(engine, "双11", sort=Sort.PRICE_DESC)) == plain[::-1]
    assert "cup2" not in ids(ask(engine, "双11", filters=Filters({"category": ("女装",)})))


def test_a_preview(engine: Engine) -> None:  # 6
    put(engine)
    draft = {"rules": [], "campaigns": [SALE]}
    found = preview(engine, read_document(draft).rules, ["双11", "锅"], 90.0)
    assert [(each.before.campaign, each.after.campaign) for each in found.queries] == [(None, "sale"), (None, None)]
    assert found.campaigns == (CampaignPreview("sale", runs=True, total=4),)
    assert changes({"rules": [RULE]}, draft) == {"new": ["campaign sale"], "gone": ["r"], "changed": []}
