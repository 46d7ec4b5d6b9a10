"""What is bought again:

1. A shopper who ordered on several days counts once; twice on one day, and what was given back, does not.
2. What fewer than a few came back for is not told.
"""

from __future__ import annotations

import pytest

from retrieval.interest.event import EventType, ShopperEvent
from retrieval.mall.again import bought_again
from retrieval.mall.log import Log
from tests.unit.retrieval.mall.shop import did

DAY = 86_400
ORDERS = [
    did(day * DAY, f"u{who}", item, EventType.ORDER)
    for who, item, days in (
        (1, "rice", (0, 10, 20)), (2, "rice", (0, 5)), (3, "rice", (1,)), (1, "pan", (0, 10)), (4, "tea", (0, 9)),
        (5, "tea", (0, 9)), (6, "tea", (0, 9)),
    )
    for day in days
]  # fmt: skip
SAME_DAY = [did(n, "u7", "rice", EventType.ORDER) for n in (1, 2)]
BACK = [did(12 * DAY, "u6", "tea", EventType.REFUND)]


@pytest.mark.parametrize(
    ("least", "expected"),
    [(1, {"rice": 2, "pan": 1, "tea": 2}), (2, {"rice": 2, "pan": 0, "tea": 2}), (3, {"rice": 0, "pan": 0, "tea": 0})],
)
def test_who_came_back(least: int, expected: dict[str, int]) -> None:  # 1, 2
    log = Log()
    events: list[ShopperEvent] = [*ORDERS, *SAME_DAY, *BACK]
    for event in sorted(events, key=lambda each: each.ts):
        log.add(event)
    found = bought_again(log.choices({EventType.ORDER}, but=EventType.REFUND), len(log.items), least)
    assert dict(zip(log.items, found.tolist(), strict=True)) == expected


def test_nobody() -> None:
    assert bought_again(Log().choices({EventType.ORDER}, but=EventType.REFUND), 3, 1).tolist() == [0, 0, 0]
