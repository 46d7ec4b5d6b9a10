"""How often one may ask:

1. A key may ask so many times a minute and no more; then 429 says when to come back, and by then it may again.
2. Keys of the role search, and callers without one, are bounded by address, too; keys of servers are not. Addresses of
   one IPv6 network count as one, an IPv4 address that is written as IPv6 as itself.
3. Who shows keys that open nothing too often is told 429 instead of 401; a key that opens something is let in all the
   same, and tokens that came along with one are not counted.
4. Probes, the page and /metrics are never counted; 0 is no bound.
5. Of several processes each has its share, and all together never let through more.
6. The table of counters is bounded.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from api.auth.counts import Counts
from api.auth.limits import Limits, PerMinute, network_of
from api.errors import RateLimited
from retrieval.keys.key import Role, new_key, told
from tests.unit.api.auth.keyed import keyed, token

T = 1_800_000_000.0 - 1_800_000_000.0 % 60
SHOP, PAGE = (new_key(role.value, role, T)[0] for role in (Role.EVENTS, Role.SEARCH))


class Time:
    now = T + 10


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    at = Time()
    monkeypatch.setattr(time, "time", lambda: at.now)
    return at


def times(limits: Limits, key: object, address: str = "10.0.0.1", most: int = 50) -> int:
    """How often in a row it may ask."""
    for asked in range(most):
        try:
            limits.count(key, address)  # type: ignore[arg-type]
        except RateLimited:
            return asked
    return most


def test_a_minute(clock: Time) -> None:  # 1
    limits = Limits(PerMinute(key=10))
    assert times(limits, SHOP) == 10
    with pytest.raises(RateLimited, match="This key asks more often") as refused:
        limits.count(SHOP, "")
    clock.now += refused.value.seconds
    assert times(limits, SHOP) >= 1
    clock.now = T + 180
    assert times(limits, SHOP) == 10
    clock.now += 90  # half of the minute before still counts
    assert times(limits, SHOP) == 5


def test_addresses(clock: Time) -> None:  # 2
    limits = Limits(PerMinute(address=3))
    assert [times(limits, key, "10.0.0.1", 9) for key in (SHOP, PAGE, None)] == [9, 3, 0]
    assert times(limits, None, "10.0.0.2") == 3
    assert times(limits, None, "2001:db8::1") == 3
    assert times(limits, None, "2001:db8::ffff") == 0
    assert times(limits, None, "2001:db8:0:1::1") == 3
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"


def test_over_http(tmp_path: Path) -> None:  # 1, 4
    with keyed(tmp_path, roles=(Role.ADMIN, Role.SEARCH), bounds=PerMinute(key=4, address=2)) as app:
        for path in ("/healthz", "/readyz", "/metrics", "/", "/web/main.js"):
            assert {app.ask(Role.ADMIN, "GET", path).status_code for _ in range(6)} == {200}
        assert [app.ask(Role.ADMIN, "GET", "/v1/live").status_code for _ in range(5)] == [200] * 4 + [429]
        assert [app.ask(Role.SEARCH, "GET", "/v1/live").status_code for _ in range(3)] == [200] * 2 + [429]


def test_failures(tmp_path: Path) -> None:  # 3
    with keyed(tmp_path, roles=(Role.EVENTS,), bounds=PerMinute(failed=2)) as app:
        expired = {"Authorization": f"Bearer {app.told[Role.EVENTS]}", "X-Shopper-Token": token("u1", exp=1)}
        assert {app.client.get("/v1/live", headers=expired).status_code for _ in range(5)} == {401}
        wrong = {"Authorization": f"Bearer {told('0123456789ab')}"}
        answers = [app.client.get("/v1/live", headers=wrong) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
        assert answers[-1].json()["error"]["code"] == "rate_limited"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert app.ask(Role.EVENTS, "GET", "/v1/live").status_code == 200
        assert app.at("10.0.0.9").get("/v1/live", headers=wrong).status_code == 401


def test_no_bound(clock: Time) -> None:  # 4
    assert times(Limits(PerMinute()), PAGE) == 50


@pytest.mark.parametrize(("workers", "share"), [(1, 9), (3, 3), (4, 3), (100, 1)])
def test_shares(clock: Time, workers: int, share: int) -> None:  # 5
    assert times(Limits(PerMinute(key=9), workers=workers), SHOP) == share


def test_bounded() -> None:  # 6
    counts = Counts(most=100)
    for number in range(110):
        counts.incr(str(number), 60)
    assert counts.reset() == 100
    assert counts.get("1") == 0
