"""The feed:

1. Its pages hold no thing twice and no near-duplicates, only what is in stock, of the asked category; then it ends.
2. Who is not known sees popular things, balanced over categories, the same for all; no sentence stands at them.
3. Who likes something sees it in front, with a sentence; who is opposite sees other things.
4. Where the shopper says no, nothing is read, and two opposite shoppers get the same bytes.
5. A cursor goes on for the same shopper alone, in its generation; another text is refused.
6. In each stretch there are at most so many of a shop, a brand, a category, but for what is drawn by chance.
7. What goes with what was looked at comes, with its sentence; what is due again comes; what was bought, hidden, shown
   or looked at in this visit does not.
8. Some places are given by chance: about as many as said, and each place says its probability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from api.mall_answers import feed_answer
from retrieval.answer import WhyNeutral
from retrieval.errors import CursorExpired, InvalidRequest
from retrieval.interest.event import EventType
from retrieval.interest.profile import Dimension
from retrieval.interest.rights import give_consent
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.mall.answer import FeedAnswer, FeedRequest, Shown, Source
from retrieval.mall.cursor import FeedCursor, encode
from retrieval.mall.mall import Mall
from retrieval.snapshot import Snapshot
from retrieval.wiring.interest import open_profiles
from tests import world
from tests.unit.retrieval.fake_taste import FakeTaste
from tests.unit.retrieval.mall.shop import NOW, chain, did, open_mall

ROWS = {row["id"]: row for row in world.products()}
ASK = FeedRequest(now=NOW)
LIKES = {"tea": {"茶": 0.9}, "cups": {"保温": 0.9}, "hates": {"茶": -0.9}}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mall")
    world.publish(folder, ROWS.values())
    return folder


@pytest.fixture(scope="module")
def taste() -> FakeTaste:
    return FakeTaste(LIKES, forbidden=frozenset({"silent"}))


@pytest.fixture(scope="module")
def mall(data_dir: Path, taste: FakeTaste) -> Mall:
    """Without chance, whose seed is the name of the generation."""
    return open_mall(data_dir, taste, explore=0.0)


def hits(pages: Sequence[FeedAnswer]) -> list[Shown]:
    return [hit for page in pages for hit in page.hits]


def of(hit: Shown, field: str) -> str:
    value = ROWS[hit.id].get(field)
    return str(value.get("name") if isinstance(value, dict) else value or "")


def bare(page: FeedAnswer) -> bytes:
    return orjson.dumps({**feed_answer(page, request_id=""), "took_ms": 0})


@pytest.mark.parametrize("who", ["", "tea", "hates"])
def test_nothing_twice(mall: Mall, who: str) -> None:  # 1
    shown = hits(chain(mall, replace(ASK, user_id=who, size=7)))
    ids = [hit.id for hit in shown]
    assert len(ids) == len(set(ids)) > 300
    assert [hit.rank for hit in shown] == list(range(1, len(ids) + 1))
    assert all(ROWS[i].get("stock") != 0 for i in ids)
    seen = [(ROWS[i]["title"], of(hit, "shop")) for i, hit in zip(ids, shown, strict=True) if of(hit, "shop")]
    assert len(seen) == len(set(seen))


def test_a_category(mall: Mall) -> None:  # 1
    shown = hits(chain(mall, replace(ASK, category="女装/裙装", user_id="tea", size=50)))
    assert {"/".join(ROWS[hit.id]["category"][:2]) for hit in shown} == {"女装/裙装"}
    wanted = [r for r in ROWS.values() if r.get("category", [])[:2] == ["女装", "裙装"] and r.get("stock") != 0]
    assert 0.8 * len(wanted) < len(shown) <= len(wanted)
    assert mall.feed(replace(ASK, category="没有")).hits == ()
    assert mall.feed(replace(ASK, size=0)).hits == ()


def test_nobody(mall: Mall) -> None:  # 2
    page = mall.feed(ASK)
    assert (page.why_not, len(page.hits)) == (WhyNeutral.NOBODY, 20)
    assert {hit.source for hit in page.hits} <= {Source.POPULAR, Source.FRESH, Source.EXPLORED}
    assert {hit.because for hit in page.hits} == {None}
    leaves = Counter(ROWS[hit.id].get("category", [""])[-1] for hit in page.hits)
    assert len(leaves) >= 6
    assert max(leaves.values()) <= 5
    sales = [ROWS[hit.id].get("sales_30d", 0) for hit in page.hits]
    assert sorted(sales)[10] > 1000
    assert bare(mall.feed(replace(ASK, now=NOW + 60))) == bare(page)


def test_a_shopper(mall: Mall) -> None:  # 3
    page = mall.feed(replace(ASK, user_id="tea"))
    assert page.why_not is None
    everybody = [hit for hit in mall.feed(ASK).hits if hit.rank <= 4]
    assert all("茶" in ROWS[hit.id]["title"] for hit in page.hits[:4])
    assert not all("茶" in ROWS[hit.id]["title"] for hit in everybody)
    first = page.hits[0]
    assert (first.source, first.because) == (Source.INTEREST, "因为你常看 茶")
    other = mall.feed(replace(ASK, user_id="cups"))
    cups = [hit for hit in other.hits if hit.source is Source.INTEREST]
    assert len(cups) >= 5
    assert all("保温" in ROWS[hit.id]["title"] for hit in cups)
    assert not any("茶" in ROWS[h.id]["title"] for h in mall.feed(replace(ASK, user_id="hates")).hits if h.rank < 10)


def test_no_means_no(mall: Mall, taste: FakeTaste) -> None:  # 4
    before = len(taste.asked)
    ask = replace(ASK, personalize=False)
    one, other, nobody = (mall.feed(replace(ask, user_id=who)) for who in ("tea", "hates", ""))
    assert one.why_not is WhyNeutral.OFF
    assert bare(one) == bare(other) == bare(nobody)
    assert len(taste.asked) == before
    silent = mall.feed(replace(ASK, user_id="silent"))
    assert silent.why_not is WhyNeutral.NO_CONSENT
    assert silent.hits == one.hits
    assert silent.next_cursor == one.next_cursor == mall.feed(ASK).next_cursor
    assert mall.feed(replace(ASK, user_id="stranger")).why_not is WhyNeutral.COLD
    assert len(taste.asked) == before + 1


def test_no_means_no_to_real_profiles(data_dir: Path) -> None:  # 4
    teas = [i for i, row in ROWS.items() if "龙井茶" in row["title"] and row.get("stock") != 0][:6]
    store = SqliteEventStore(data_dir / "own.db")
    store.add([did(n, "u", item, session_id=f"s{n}") for n, item in enumerate(teas)])
    profiles = open_profiles(world.settings(data_dir), store)
    mall = open_mall(data_dir, profiles, explore=0.0)
    own = mall.feed(replace(ASK, user_id="u"))
    why = [hit.because for hit in own.hits if hit.because]
    assert "茶" in why[0]
    reads = profiles.reads
    give_consent(store, "u", False)
    silent = mall.feed(replace(ASK, user_id="u"))
    assert (silent.why_not, silent.hits) == (WhyNeutral.NO_CONSENT, mall.feed(ASK).hits)
    assert profiles.reads == reads


def test_whose_cursor(mall: Mall) -> None:  # 5
    mine = replace(ASK, user_id="tea", session_id="s1")
    cursor = mall.feed(mine).next_cursor
    assert mall.feed(replace(mine, cursor=cursor)).hits[0].rank == 21
    others = [replace(mine, user_id="cups"), replace(mine, session_id="s2"), replace(mine, personalize=False), ASK]
    for who in others:
        with pytest.raises(InvalidRequest, match="of a shopper"):
            mall.feed(replace(who, cursor=cursor))
    everybody = mall.feed(ASK)
    page = mall.feed(replace(mine, cursor=everybody.next_cursor))
    assert page.why_not is WhyNeutral.FROZEN
    assert page.hits == mall.feed(replace(ASK, cursor=everybody.next_cursor)).hits
    for wrong in ("x", "eNo", "A" * 20_000, str(cursor)[:40], "ü"):
        with pytest.raises(InvalidRequest):
            mall.feed(replace(mine, cursor=wrong))


def test_a_generation_that_is_gone(mall: Mall) -> None:  # 5
    gone = encode(FeedCursor(Snapshot("g20200101T000000.000Z-0000"), "", 0, ""))
    with pytest.raises(CursorExpired):
        mall.feed(replace(ASK, cursor=gone))
    serving = mall.feed(ASK).generation
    beyond = encode(FeedCursor(Snapshot(serving), "", 0, "", (10**9,)))
    assert len(mall.feed(replace(ASK, cursor=beyond)).hits) == 20


@pytest.mark.parametrize("who", ["", "tea"])
def test_bounds(mall: Mall, who: str) -> None:  # 6
    shown = hits(chain(mall, replace(ASK, user_id=who, size=3), most=30))
    for start in range(len(shown) - 20):
        window = shown[start : start + 20]
        for field, most in (("shop", 2), ("brand", 3)):
            counts = Counter(of(hit, field) for hit in window if of(hit, field))
            assert max(counts.values()) <= most, (start, field)


def test_around(data_dir: Path) -> None:  # 7
    in_stock = [i for i, row in ROWS.items() if row.get("stock") != 0]
    seen, bought, hidden, shown, mate, gone, due = in_stock[40:47]
    crowd = [did(n, f"c{n}", item) for n in range(5) for item in (seen, mate, bought, hidden)]
    mine = (
        did(1, "me", seen, session_id="before"), did(2, "me", bought, EventType.ORDER, session_id="before"),
        did(3, "me", hidden, EventType.HIDE, session_id="before"),
        did(4, "me", shown, EventType.IMPRESSION, surface="feed"), did(5, "me", gone),
        did(6, "me", due, EventType.ORDER, session_id="before"),
    )  # fmt: skip
    taste = FakeTaste({"me": {due: 0.9}}, events=mine, dimension=Dimension.ITEM)
    mall = open_mall(data_dir, taste, crowd, explore=0.0)
    page = mall.feed(replace(ASK, user_id="me", session_id="s-me"))
    found = {hit.id: hit for hit in page.hits}
    title = ROWS[bought]["title"]
    assert (found[mate].source, found[mate].because) in [
        (Source.VIEWED, f"看过「{ROWS[i]['title'][:16]}{'…' if len(ROWS[i]['title']) > 16 else ''}」的人也看了")
        for i in (seen, bought)
    ], title
    assert found[due].source is Source.DUE
    every = {hit.id for hit in hits(chain(mall, replace(ASK, user_id="me", session_id="s-me", size=50)))}
    assert not every & {bought, hidden, shown, gone}
    assert {seen, mate, due} <= every
    forbidding = open_mall(data_dir, taste, crowd, forbids=lambda text: True, explore=0.0)
    assert {hit.source for hit in forbidding.feed(replace(ASK, user_id="me")).hits}.isdisjoint({Source.VIEWED})


def test_chance(data_dir: Path) -> None:  # 8
    bold = open_mall(data_dir, explore=0.3)
    shown = [hit for hour in range(40) for hit in bold.feed(replace(ASK, now=NOW + hour * 3600)).hits]
    drawn = [hit for hit in shown if hit.source is Source.EXPLORED]
    assert len(shown) == 800
    assert 190 < len(drawn) < 290
    assert len({hit.id for hit in drawn}) > 100
    assert all(0 < hit.propensity < 0.3 / 100 or hit.propensity >= 0.7 for hit in drawn)
    assert all(hit.propensity >= 0.7 for hit in shown if hit.source is not Source.EXPLORED)
    assert {hit.policy for hit in shown} == {"feed-1"}
    none = open_mall(data_dir, explore=0.0).feed(ASK)
    assert {hit.propensity for hit in none.hits} == {1.0}
    assert Source.EXPLORED not in {hit.source for hit in none.hits}
