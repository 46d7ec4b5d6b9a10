"""That nothing private can be logged by any test without that test being red:

1. A key, a token, what was typed, as it is or as an address or JSON spells it, and the id of a shopper or visit that a
   client sent, by parameter, path or body, are found in whatever a logger of the service is told, however it is told.
2. What is found makes a test red, at its end; what other loggers say, and what is no id but a word, is not found.
3. Queries may stand where a service was made that may log them, keys may not; in the log of a process the setting
   of that process says it.
4. The line of a request that holds its query is found where no query may stand.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx2
import pytest

from api.options import ApiOptions
from retrieval.keys.key import told
from tests.conftest import pytest_runtest_teardown
from tests.log_scan import SCAN
from tests.unit.api.auth.keyed import token
from tests.unit.api.tiny_engine import TinyEngine, serving

KEY = told("scanned00000")
PRIVATE = {
    "key": KEY, "token": token("scanned-1"), "typed": "找保温杯", "address": "/v1/search?q=%E6%9D%AF",
    "json": '{"query":"\\u676f"}', "shopper": "scanned-2",
}  # fmt: skip


@pytest.fixture(autouse=True)
def kept_apart() -> Iterator[None]:
    """What these tests log on purpose makes nobody red."""
    yield
    SCAN.taken()


@pytest.mark.parametrize("private", PRIVATE)
@pytest.mark.parametrize("logger", ["xunhuo.access", "xunhuo", "uvicorn.error"])
def test_found(private: str, logger: str) -> None:  # 1, 2
    SCAN.sent("/v1/search?q=x&user_id=scanned-2")
    logging.getLogger(logger).warning("so it was: %s.", PRIVATE[private])
    hook = pytest_runtest_teardown()
    next(hook)
    with pytest.raises(AssertionError, match=f"{logger}: "):
        next(hook)
    assert SCAN.taken() == []


def test_who_was_sent() -> None:  # 1
    with serving(TinyEngine()) as client:
        client.get("/v1/search", params={"q": "x", "user_id": "scanned-3", "session_id": "scanned-4"})
        client.get("/v1/users/scanned-5/profile")
        client.post("/v1/search", json={"query": "x", "user_id": "scanned-6"})
    with pytest.raises(httpx2.ConnectError), httpx2.Client() as client:
        client.post("http://127.0.0.1:1/v1/events", json={"events": [{"user_id": "scanned-7"}]})
    assert SCAN.taken() == []
    for number in range(3, 8):
        SCAN.look_at(f'{{"route": "/v1/search", "by": "scanned-{number}"}}', queries=True)
        assert len(SCAN.taken()) == 1


def test_not_found() -> None:  # 2
    SCAN.sent("/v1/search?q=x&user_id=somebody&session_id=12")
    logging.getLogger("elsewhere").warning("找保温杯 %s", KEY)
    logging.getLogger("xunhuo.refresh").warning("somebody serves generation g12 in 12 ms, 100%%, xh_ and eyJ")
    assert SCAN.taken() == []


def test_where_queries_may_stand() -> None:  # 3
    ApiOptions(log_queries=True)
    log = logging.getLogger("xunhuo.access")
    log.info("杯")
    assert SCAN.taken() == []
    log.info(KEY)
    assert len(SCAN.taken()) == 1
    SCAN.queries = False
    SCAN.look_at(f"杯\n{KEY}\n", queries=True)
    SCAN.look_at("杯\nlistening\n", queries=False)
    assert [one.split(" in ")[0] for one in SCAN.taken()] == ["service: a key or token", "service: what was typed"]


def test_the_line_of_a_request() -> None:  # 4
    with serving(TinyEngine(), log_queries=True) as client:
        SCAN.queries = False  # as if that was not its setting
        client.get("/v1/search?q=杯")
    [found] = SCAN.taken()
    assert found.startswith("xunhuo.access: what was typed in {")
