"""What is learned of a shopper's events:

1. A profile is a function of the set of events before a time: any order, any split into batches, any event twice, and
   whatever else was read before give an equal one; 300 random logs.
2. weight = ± ln (1 + |c| / (prior + share · t)) · rarity / scale, worked out by hand.
3. What was done last, and in this session, counts more; a refund and a hide count against.
4. A gift for another audience does not become taste; as soon as it is no exception it does.
5. A thing of one purchase sinks; one that is bought again and again is due when its usual time has passed.
6. What is sensitive teaches nothing, neither by title nor by category nor by a query, whatever was done with it.
7. A cold shopper has no interest and confidence 0; what was only shown, and things that are not sold, teach nothing.
8. Removed: what was done before does not count, later acts do; pinned: it stays, at 0.3 at least.
9. An interest names its evidence, the strongest five events first; only the strongest `kept` interests stay.
10. Cheap and dear are told apart within a category that was seen often enough.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from retrieval.interest.event import ShopperEvent
from retrieval.interest.profile import Dimension, Profile
from retrieval.interest.store import Choices
from retrieval.profiles.learn import learn
from tests.unit.retrieval.profiles.world import (
    CATALOGUE,
    NOW,
    RECORDS,
    WEIGHTS,
    did,
    interest,
    profile_of,
    weight,
)

ACTS = ("impression", "click", "view", "like", "cart", "order", "refund", "hide", "search", "watch")


def random_log(rng: random.Random) -> list[ShopperEvent]:
    log = []
    for number in range(rng.randint(1, 40)):
        what, session = rng.choice(ACTS), f"s{rng.randint(1, 4)}"
        item, query = (
            ("", rng.choice(["露营", "碎花 连衣裙", "避孕"])) if what == "search" else (rng.choice(list(RECORDS)), "")
        )
        event = did(what, item, rng.choice([0.001, 1, 5, 50.5]), session, query, f"e{number:02d}")
        log.append(replace(event, watch_s=float(rng.randint(0, 90)), position=rng.randint(0, 20)))
    return log


def test_any_order_and_any_split() -> None:  # 1
    rng = random.Random(1)
    shared = CATALOGUE.traits()
    for _ in range(300):
        log = random_log(rng)
        expected = profile_of(log, "s1")
        shuffled = rng.sample(log, len(log)) + rng.sample(log, rng.randint(0, len(log)))
        later = did("click", "tent", -1.0, name="later")
        assert profile_of([*shuffled, later], "s1") == expected
        # The same with a reader that met other things before.
        again = learn("u", "s1", shuffled, CATALOGUE.reader, shared, WEIGHTS, Choices(), as_of=NOW)
        assert again == expected


def test_formula() -> None:  # 2
    one = profile_of([did("click", "tent", 20.0)])

    told = WEIGHTS.signals.click * 0.5 ** (20.0 / WEIGHTS.learn.half_life_days)
    for word, titles in (("露营", 3), ("帐篷", 1)):
        share = (titles + 1) / (40 * len(RECORDS) + 1)
        belief = math.log(1 + told / (WEIGHTS.learn.prior + share * told)) * -math.log(share) / WEIGHTS.learn.scale
        assert weight(one, word) == pytest.approx(belief, rel=1e-9)
    assert weight(one, "山风", Dimension.BRAND) > 0
    assert one.confidence == 1 / (1 + WEIGHTS.learn.sure)


def test_when_and_what() -> None:  # 3
    old, new = (weight(profile_of([did("click", "tent", days)]), "露营") for days in (90.0, 1.0))
    here = profile_of([did("click", "tent", 0.01)], "s1")
    assert 0 < old < new < weight(here, "露营")
    assert (entry := interest(here, Dimension.WORD, "露营"))
    assert entry.session
    assert not any(i.session for i in profile_of([did("click", "tent", 0.01)], "s2").interests)
    bought = [did("click", "tent"), did("order", "tent")]
    given_back = profile_of([*bought, did("refund", "tent")])
    assert 0 < weight(given_back, "露营") < weight(profile_of(bought), "露营")
    assert weight(profile_of([did("hide", "tent")]), "露营") < 0
    again = [did("click", "tent", name=f"c{n}") for n in range(5)]
    assert weight(profile_of(again), "露营") == weight(profile_of(again[:1]), "露营")


def test_gifts() -> None:  # 4
    own = [did("click", "dress", 20.0 - n, f"own{n}") for n in range(6)]
    gift = [did("click", "tie", 3.0, "gift"), did("order", "tie", 2.9, "gift")]
    alone, beside = weight(profile_of(gift), "领带"), weight(profile_of([*own, *gift]), "领带")
    assert beside < alone / 2
    more = [replace(event, id=f"{event.id}2", session_id="gift2") for event in gift]
    assert weight(profile_of([*own, *gift, *more]), "领带") > alone
    assert weight(profile_of([*own, *gift], "gift"), "领带") > beside


def test_belongings() -> None:  # 5
    fridge = profile_of([did("order", "fridge", 30.0)])
    assert weight(fridge, "fridge", Dimension.ITEM) < 0
    beans = [did("order", "coffee", days) for days in (95.0, 65.0, 35.0)]
    assert weight(profile_of(beans), "coffee", Dimension.ITEM) > 0
    drunk = [did("order", "coffee", days) for days in (65.0, 35.0, 5.0)]
    assert weight(profile_of(drunk), "coffee", Dimension.ITEM) < 0
    returned = profile_of([did("order", "fridge", 30.0), did("refund", "fridge", 20.0)])
    assert weight(returned, "fridge", Dimension.ITEM) == -1
    due = interest(profile_of(beans), Dimension.ITEM, "coffee")
    assert due
    assert due.called == "咖啡豆 深烘"
    gone = Choices(removed={"item:fridge": NOW})
    assert weight(profile_of([did("order", "fridge", 30.0)], choices=gone), "fridge", Dimension.ITEM) == 0


@pytest.mark.parametrize("what", ["click", "like", "order", "hide", "cart", "refund"])
def test_sensitive(what: str) -> None:  # 6
    log = [did(what, item, days) for item in ("pill", "idol") for days in (1.0, 2.0, 30.0)]
    assert profile_of([*log, did("search", query="避孕 露营")]) == Profile("u", (), 0.0, NOW)
    assert weight(profile_of([did("search", query="露营")]), "露营") > 0


def test_cold() -> None:  # 7
    shown = [did("impression", "tent", name=f"i{n}") for n in range(9)]
    for log in ([], shown, [did("click", "sold-out")]):
        assert profile_of(log) == Profile("u", (), 0.0, NOW)


def test_choices() -> None:  # 8
    log = [did("click", "tent", 5.0), did("click", "stove", 5.0)]
    removed = Choices(removed={"word:露营": NOW - 3 * 86_400})
    left = profile_of(log, choices=removed)
    assert weight(left, "露营") == 0 < weight(left, "帐篷")
    assert weight(profile_of([*log, did("click", "tent", 1.0, "s2")], choices=removed), "露营") > 0
    pinned = profile_of([did("hide", "tent")], choices=Choices(pinned=frozenset({"word:露营", "brand:花田", "odd"})))
    assert weight(pinned, "露营") == weight(pinned, "花田", Dimension.BRAND) == 0.3


def test_evidence() -> None:  # 9
    log = [did("click", "tent", float(n), f"s{n}", name=f"e{n}") for n in range(1, 9)]
    found = interest(profile_of(log), Dimension.WORD, "露营")
    assert found
    assert found.events == ("e1", "e2", "e3", "e4", "e5")
    assert (found.evidence, found.last_seen, found.confidence) == (8, log[0].ts, 0.8)
    shop = interest(profile_of([did("click", "stove")]), Dimension.SHOP, "s9")
    assert shop
    assert shop.called == "山里小店"
    few = replace(WEIGHTS, learn=WEIGHTS.learn.model_copy(update={"kept": 2}))
    all_of = sorted((abs(i.weight) for i in profile_of(log).interests), reverse=True)
    least = learn("u", "", log, CATALOGUE.reader, CATALOGUE.traits(), few, Choices(), as_of=NOW)
    assert sorted((abs(i.weight) for i in least.interests), reverse=True) == all_of[:2]


def test_price_bands() -> None:  # 10
    seen = [did("click", item, 1.0) for item in ("dress", "skirt", "gown")]
    dear = profile_of([*seen, *(did("order", "gown", days, f"s{days}") for days in (5.0, 6.0))])
    assert weight(dear, "high", Dimension.PRICE) > weight(dear, "low", Dimension.PRICE) > 0
    assert not any(i.dimension is Dimension.PRICE for i in profile_of(seen[:2]).interests)


def test_no_brand_is_no_brand() -> None:
    assert "brand" in {one.dimension for one in profile_of([did("click", "tent")]).interests}
    assert "brand" not in {one.dimension for one in profile_of([did("click", "coffee")]).interests}
