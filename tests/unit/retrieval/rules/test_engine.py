"""Rules in an engine, on a small shop known by heart:

1. With a journal that cannot be read the last rules that were read hold on.
2. A pin that is gone, sold out, or does not pass what the caller or the words ask, is not pinned; as the settings say.
3. Rules of segments hold for who they are for, read no profile where nobody may, and add nothing to a list.
4. What a shopper likes moves the others around the pins, and stays within its bound.
5. A rewritten query is searched, shown and paged; the caller may keep what was typed.
6. Boosts reorder what answers and are told; where nothing is ranked, too.
7. Of two who publish from one version one is told; an older version comes back as a new one, what was restored from an
   older copy of the journal holds, and rules move with a catalogue.
8. Facets count what a click shows: what is pinned where it passes, what is hidden never; pages are the list.
9. What is hidden after a page was given is on none of the later ones, nor counted there; the rest goes on as it was.
   That holds for a query that is rewritten, too.
10. What a rule hides, or leaves out, stands beside no answer either, and what is gone does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.rules.publish import carry, publish, rollback
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.engine import Engine
from retrieval.errors import StorageError, VersionConflict
from retrieval.interest.taste import Taste
from retrieval.request import SearchRequest
from retrieval.rules.book import RuleBook
from retrieval.types import Filters, Sort
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste

CUPS = [f"c{n}" for n in range(6)]


def rows() -> Iterator[world.Row]:
    """Six red and blue cups, the last one sold out, and a kettle."""
    for n, id in enumerate(CUPS):
        title = f"保温杯 {'红色' if n % 2 else '蓝色'} 不锈钢"
        yield {
            "id": id, "title": title, "brand": f"品牌{n}", "price": 10 * (n + 1), "stock": 5 - n,
            "attributes": {"颜色": "红色" if n % 2 else "蓝色"}, "category": ["厨具", "保温杯"],
        }  # fmt: skip
    yield {
        "id": "kettle",
        "title": "电热水壶 1.7L",
        "brand": "壶",
        "price": 99,
        "stock": 9,
        "category": ["厨具", "水壶"],
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop")
    world.publish(data_dir, rows())
    return data_dir


@pytest.fixture
def book(tmp_path: Path) -> Iterator[RuleBook]:
    journal = SqliteJournal(tmp_path / "journal.db")
    yield RuleBook(journal)
    journal.close()


@pytest.fixture
def engines(shop: Path, book: RuleBook) -> Iterator[Any]:
    made: list[Engine] = []

    def make(*overrides: str, taste: Taste | None = None, rules: RuleBook = book) -> Engine:
        of = world.settings(shop, *overrides)
        engine = Engine(
            make_backend(of), world.encoder_of(of), make_fuser_of(of), engine_options(of), make_understanding(of),
            make_stages(of), rules=rules, taste=taste,
        )  # fmt: skip
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()


def put(book: RuleBook, *rules: dict[str, Any]) -> None:
    publish(book, {"rules": [{"id": f"r{n}"} | rule for n, rule in enumerate(rules)]}, by="t", note="", now=0.0)


def ids(engine: Engine, query: str = "保温杯", **asked: Any) -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(query, **asked)).hits]


def test_a_journal_that_fails(engines: Any, book: RuleBook, monkeypatch: pytest.MonkeyPatch) -> None:  # 1
    engine = engines()
    plain = ids(engine)
    put(book, {"hide": {"ids": [plain[0]]}})
    assert ids(engine) == plain[1:]

    def fail() -> int:
        raise StorageError("the disk is gone")

    monkeypatch.setattr(book.journal, "position", fail)
    assert ids(engine) == plain[1:]


def test_what_is_not_pinned(engines: Any, book: RuleBook) -> None:  # 2
    engine = engines()
    plain = ids(engine)
    last = [id for id in plain if id != "c5"][-1]
    put(book, {"pin": [{"id": last, "at": 1}, {"id": "c5", "at": 2}, {"id": "nobody", "at": 3}]})
    moved = [last, *(id for id in plain if id != last)]
    assert ids(engine) == moved
    assert ids(engines("merchandising.pin_in_stock=false"))[:2] == [last, "c5"]
    colour = "红色" if int(last[1]) % 2 == 0 else "蓝色"  # that of the others
    filters = Filters({"attributes": (f"颜色={colour}",)})
    assert last not in ids(engine, filters=filters)
    put(book, {"pin": {"id": "c4", "at": 1}}, {"pin": {"id": "kettle", "at": 1}})
    assert ids(engine, "保温杯 40元以内")[0] not in ("c4", "kettle")
    assert ids(engine)[:2] == ["c4", "kettle"]
    assert ids(engine, sort=Sort.PRICE_ASC) == CUPS
    assert ids(engine, "最便宜的保温杯") == CUPS


def test_segments(engines: Any, book: RuleBook) -> None:  # 3
    taste = FakeTaste({"u1": {"红色": 0.9}}, forbidden=frozenset({"u2"}))
    engine = engines(taste=taste)
    total = engine.search(SearchRequest("保温杯")).total
    put(
        book,
        {"when": {"segment": "new"}, "banner": {"id": "new", "text": "新人"}},
        {"when": {"segment": "known"}, "banner": {"id": "known", "text": "老朋友"}},
        {"when": {"segment": "word:红色"}, "pin": [{"id": "c4", "at": 1}, {"id": "kettle", "at": 2}]},
    )

    def shown(**asked: Any) -> list[str]:
        rules = engine.search(SearchRequest("保温杯", **asked)).rules
        return [banner.id for banner in rules.banners] if rules else []

    assert taste.asked == []
    assert [shown(), shown(user_id="u1"), shown(user_id="u2"), shown(user_id="u3")] == [
        ["new"], ["known"], ["new"], ["new"]
    ]  # fmt: skip
    assert shown(user_id="u1", personalize=False) == []
    answer = engine.search(SearchRequest("保温杯", user_id="u1"))
    assert (answer.hits[0].id, answer.total) == ("c4", total)
    assert "kettle" not in [hit.id for hit in answer.hits]
    assert "c4" not in ids(engine, user_id="u3")[:1]


def test_the_own_order_around_pins(engines: Any, book: RuleBook) -> None:  # 4
    engine = engines(taste=FakeTaste({"u1": {"蓝色": 0.9}}))
    put(book, {"pin": [{"id": "c0", "at": 2}, {"id": "kettle", "at": 3}]})
    neutral, own = (engine.search(SearchRequest("保温杯", user_id=user, explain=True)) for user in ("", "u1"))
    assert own.personal.applied
    assert [hit.id for hit in own.hits][1:3] == ["c0", "kettle"]
    assert sorted(hit.id for hit in own.hits) == sorted(hit.id for hit in neutral.hits)
    assert [hit.id for hit in own.hits] != [hit.id for hit in neutral.hits]
    places = {hit.id: hit.rank for hit in neutral.hits}
    assert all(hit.neutral_rank == places[hit.id] for hit in own.hits)
    free = [hit for hit in own.hits if not hit.pinned]
    assert max(abs(hit.rank - hit.neutral_rank) for hit in free) <= own.personal.shift + 2
    assert all(hit.because is None for hit in own.hits if hit.pinned)


def test_rewritten(engines: Any, book: RuleBook) -> None:  # 5
    engine = engines()
    put(
        book,
        {"when": {"query": "焐焐"}, "rewrite": "保温杯", "pin": {"id": "c4", "at": 1}},
        {"when": {"query": "保温杯"}, "rewrite": "水壶", "enabled": False},
        {"when": {"query": "保温杯"}, "hide": {"ids": ["c1"]}},
    )
    first = engine.search(SearchRequest("焐焐", size=2))
    assert first.rules is not None
    assert (first.rules.rewritten, first.query.text) == ("保温杯", "焐焐")
    rest = engine.search(SearchRequest("", cursor=first.next_cursor, size=9))
    assert rest.query == first.query
    found = [hit.id for page in (first, rest) for hit in page.hits]
    assert found[0] == "c4"
    assert sorted(found) == [id for id in CUPS if id != "c1"]
    assert ids(engine, "焐焐", ignore=("rewrite",)) == ids(engine, "焐焐", understand=False)
    assert "c1" not in ids(engine)


def test_boosted(engines: Any, book: RuleBook) -> None:  # 6
    for override in ("ranking.enabled=true", "ranking.enabled=false"):
        engine = engines(override)
        put(book)
        plain = engine.search(SearchRequest("保温杯"))
        last = plain.hits[-1]
        put(book, {"name": "国货", "boost": {"points": 9, "products": {"brand": last.source["brand"]}}})
        found = engine.search(SearchRequest("保温杯", explain=True))
        first = found.hits[0]
        assert first.id == last.id, override
        assert first.explain is not None
        (effect,) = first.explain.rules
        assert (effect.rule, effect.name, effect.action) == ("r0", "国货", "boost")
        assert first.explain.features["rule:r0"] == pytest.approx(effect.points)
        assert first.score == pytest.approx(last.score + effect.points, abs=1e-4)
        assert (found.total, found.near) == (plain.total, plain.near)


def test_versions(engines: Any, book: RuleBook, tmp_path: Path) -> None:  # 7
    engine = engines()
    put(book, {"hide": {"ids": ["c1"]}})
    put(book, {"hide": {"ids": ["c2"]}})
    with pytest.raises(VersionConflict):
        publish(book, {"rules": []}, by="late", note="", now=0.0, expected=1)
    assert {"c1", "c2"} - set(ids(engine)) == {"c2"}
    back = rollback(book, 1, by="t", note="back", now=5.0)
    assert (back.number, back.restored, back.note) == (3, 1, "back")
    assert {"c1", "c2"} - set(ids(engine)) == {"c1"}
    older = SqliteJournal(tmp_path / "older.db")
    older.append([entry.change for entry in book.journal.read(limit=2)])
    fresh = RuleBook(book.journal)
    assert fresh.current().version == 3
    fresh.journal = older
    assert fresh.current().version == 2
    other = SqliteJournal(tmp_path / "other.db")
    assert [carry(book, RuleBook(other)) for _ in range(2)] == [1, 1]
    assert RuleBook(other).current().rules == book.current().rules
    assert carry(RuleBook(SqliteJournal(tmp_path / "none.db")), RuleBook(other)) is None
    for journal in (older, other):
        journal.close()


def test_facets_and_pages(engines: Any, book: RuleBook) -> None:  # 8
    engine = engines()
    put(book, {"pin": [{"id": "kettle", "at": 1}, {"id": "c2", "at": 3}], "hide": {"ids": ["c0"]}})
    first = engine.search(SearchRequest("保温杯", size=1, facets=("brand", "attributes")))
    assert first.total.value == len(CUPS)  # one is hidden, one pinned that is no match
    counted = {value.value: value.count for values in first.facets.values() for value in values}
    assert (counted["壶"], counted.get("品牌0"), counted["颜色=蓝色"]) == (1, None, 2)
    for value, count in counted.items():
        named = "attributes" if "=" in value else "brand"
        clicked = engine.search(SearchRequest("保温杯", filters=Filters({named: (value,)})))
        assert clicked.total.value == count, value
    assert engine.search(SearchRequest("保温杯", filters=Filters({"brand": ("壶",)}))).hits[0].id == "kettle"
    found, answer = [], first
    while answer.hits:
        found += [hit.id for hit in answer.hits]
        if not answer.next_cursor:
            break
        answer = engine.search(SearchRequest("", cursor=answer.next_cursor, size=2))
    assert (found[0], found[2], len(found), len(set(found))) == ("kettle", "c2", 6, 6)


@pytest.mark.parametrize("query", ["保温杯", "杯杯"])
def test_hidden_after_a_page(engines: Any, book: RuleBook, query: str) -> None:  # 9
    engine, rewrite = engines(), {"when": {"query": "杯杯"}, "rewrite": "保温杯"}
    put(book, rewrite)
    plain = ids(engine, query)
    first = engine.search(SearchRequest(query, size=2, facets=("brand",)))
    put(book, rewrite, {"when": {"query": query}, "hide": {"ids": [plain[0], plain[3]]}})
    later = engine.search(SearchRequest(query, size=20, cursor=first.next_cursor))
    assert [hit.id for hit in later.hits] == [id for id in plain[2:] if id != plain[3]]
    assert later.total.value == first.total.value - 2
    assert sum(each.count for each in later.facets["brand"]) == later.total.value
    put(book, rewrite, {"when": {"query": "壶"}, "hide": {"ids": [plain[3]]}})
    again = engine.search(SearchRequest(query, size=20, cursor=first.next_cursor))
    assert [hit.id for hit in again.hits] == plain[2:]


def test_beside(engines: Any, book: RuleBook) -> None:  # 10
    engine, asked = engines(), ["kettle", "c1", "c2", "nobody"]
    assert list(engine.beside(SearchRequest("保温杯"), asked)) == ["kettle", "c1", "c2"]
    put(
        book,
        {"when": {"query": "保温杯"}, "hide": {"ids": ["c1"]}},
        {"when": {"query": "水壶"}, "filter": {"category": ["厨具/水壶"]}},
    )
    shown = {query: engine.beside(SearchRequest(query), asked) for query in ("保温杯", "水壶", "厨具")}
    assert {query: list(found) for query, found in shown.items()} == {
        "保温杯": ["kettle", "c2"], "水壶": ["kettle"], "厨具": ["kettle", "c1", "c2"],
    }  # fmt: skip
    assert shown["水壶"]["kettle"].record["title"] == "电热水壶 1.7L"
