"""`xunhuo live`, the twin of the routes.

1. set takes a state as the route does, and says when it was known already; list shows who is on air; --json has the
   shape of the API.
2. Without --ts a state is of now; '' takes the product off the screen.
3. What cannot be taken ends with 2, a machine that refuses with 5; one clear message.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from api.live_schema import RoomsAnswer, StateAnswer
from tests.e2e.command import Xunhuo


def test_set_and_list(xunhuo: Xunhuo) -> None:  # 1, 2
    now = int(time.time())
    assert "nobody is on air" in xunhuo("live", "list").out
    onset = ("live", "set", "l1", "on_air", "--product", "p1", "--price", "¥89.9", "--ts", str(now - 5))
    first = xunhuo(*onset, "--json")
    assert first.code == 0, first.err
    shown = StateAnswer.model_validate(first.json)
    assert shown.changed
    assert shown.product is not None
    assert (shown.product.product_id, shown.product.since, shown.product.price) == ("p1", now - 5, 89.9)
    again = xunhuo(*onset)
    assert "nothing changed" in again.out
    assert "nothing changed" not in xunhuo("live", "set", "l1", "on_air").out
    assert xunhuo("live", "set", "l2", "scheduled").code == 0
    [room] = RoomsAnswer.model_validate(xunhuo("live", "list", "--json").json).rooms
    assert (room.id, room.since, room.product) == ("l1", now - 5, shown.product)
    assert now <= room.ts <= time.time()
    listed = xunhuo("live", "list").out
    assert "p1" in listed
    assert "¥89.9" in listed
    assert xunhuo("live", "set", "l1", "on_air", "--product", "", "--json").json["product"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("l1", "replay"), "Possible: scheduled, on_air."),
        (("l1", "live"), "scheduled, on_air, off_air, replay"),
        (("l1", "on_air", "--ts", "soon"), "ISO 8601"),
        (("l1", "on_air", "--price", "1"), "product_id"),
        ((" ", "on_air"), "id of the livestream"),
    ],
)
def test_what_cannot_be_taken(xunhuo: Xunhuo, arguments: tuple[str, ...], says: str) -> None:  # 3
    assert says in xunhuo("live", "set", *arguments).failed_clearly(2)


def test_a_machine_that_refuses(xunhuo: Xunhuo, tmp_path: Path) -> None:  # 3
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "live").write_text("a file where the folder should be")
    assert "rooms.db" in xunhuo("live", "set", "l1", "on_air").failed_clearly(5)
