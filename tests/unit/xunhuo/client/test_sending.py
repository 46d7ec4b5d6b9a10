"""Both clients, over a way to the service that a test decides.

1. An answer is read into its type; fields that it does not know are passed over.
2. What was turned away (429, 503) is sent again, after `Retry-After` where it fits, at most `attempts` times.
3. What may have arrived and may not be repeated is not sent again after 502, 504 or a broken connection; what never
   arrived is.
4. All together ends at the deadline: a wait that is longer than what is left is not begun.
5. What else is refused is raised at once, with what the service said of it; a key stands in a header, never in a URL.
6. What is no answer of this API is said to be none.
7. Pages follow each other to the last one.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from xunhuo.client import AsyncClient, Call, Client, DeadlineExceeded, Refused, Unreachable, Unreadable, calls
from xunhuo.client.answers import RelatedAnswer

RELATED = {"query": "杯", "related": [{"query": "保温杯", "source": "query_log", "score": 1.0, "new": 1}],
           "generation": "g1", "request_id": "r1"}  # fmt: skip
BUSY = {
    "error": {"code": "overloaded", "message": "Too many wait.", "field": None, "hint": "Later.", "request_id": "r"}
}
ASK = calls.related("杯")
ONCE = replace(ASK, repeatable=False)
Answer = Callable[[httpx.Request], httpx.Response]


class Way:
    """A way to a service that answers with these, one after the other."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers, self.asked = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def send_now(way: Way, call: Call[Any], **options: Any) -> Any:
    with Client("http://shop", transport=httpx.MockTransport(way), **options) as client:
        return client.send(call)


def send_awaited(way: Way, call: Call[Any], **options: Any) -> Any:
    async def asked() -> Any:
        async with AsyncClient("http://shop", transport=httpx.MockTransport(way), **options) as client:
            return await client.send(call)

    return asyncio.run(asked())


@pytest.fixture(params=[send_now, send_awaited], ids=["now", "awaited"])
def send(request: pytest.FixtureRequest) -> Callable[..., Any]:
    found: Callable[..., Any] = request.param
    return found


def ok(body: Any = RELATED) -> httpx.Response:
    return httpx.Response(200, json=body)


def busy(status: int = 503, retry_after: str = "") -> httpx.Response:
    return httpx.Response(status, json=BUSY, headers={"Retry-After": retry_after})


def test_an_answer_is_typed(send: Callable[..., Any]) -> None:  # 1
    way = Way(ok())
    answer = send(way, ASK)
    assert isinstance(answer, RelatedAnswer)
    assert (answer.related[0].query, answer.generation) == ("保温杯", "g1")
    assert way.asked[0].url.params["q"] == "杯"


@pytest.mark.parametrize("status", [429, 503])
def test_turned_away(send: Callable[..., Any], status: int) -> None:  # 2
    assert send(Way(busy(status), busy(status), ok()), ONCE).query == "杯"
    way = Way(*[busy(status)] * 4)
    with pytest.raises(Refused) as refused:
        send(way, ONCE, attempts=2)
    assert (refused.value.status, refused.value.code, len(way.asked)) == (status, "overloaded", 2)


def test_retry_after_is_waited_for(send: Callable[..., Any]) -> None:  # 2
    started = time.monotonic()
    assert send(Way(busy(retry_after="1"), ok()), ASK).query == "杯"
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("lost", [502, 504, httpx.ReadError("broken off")], ids=repr)
def test_what_may_have_arrived(send: Callable[..., Any], lost: int | Exception) -> None:  # 3
    def first() -> httpx.Response | Exception:
        return busy(lost) if isinstance(lost, int) else lost

    assert send(Way(first(), ok()), ASK).query == "杯"
    way = Way(first(), ok())
    with pytest.raises((Refused, Unreachable)):
        send(way, ONCE)
    assert len(way.asked) == 1
    assert send(Way(httpx.ConnectError("no"), ok()), ONCE).query == "杯"


def test_the_deadline(send: Callable[..., Any]) -> None:  # 4
    started = time.monotonic()
    with pytest.raises(Refused):
        send(Way(busy(retry_after="60"), ok()), ASK, timeout=2.0)
    assert time.monotonic() - started < 1
    with pytest.raises(DeadlineExceeded, match="GET /v1/queries/related"):
        send(Way(httpx.ReadTimeout("slow")), ASK)
    with pytest.raises(DeadlineExceeded):
        send(Way(ok()), ASK, timeout=1e-9)


def test_refused(send: Callable[..., Any]) -> None:  # 5
    detail = {"code": "forbidden", "message": "No.", "field": "role", "hint": "Ask.", "request_id": "r7"}
    way = Way(httpx.Response(403, json={"error": detail}))
    with pytest.raises(Refused, match=re.escape("403 forbidden (role): No. [r7]\n  → Ask.")) as refused:
        send(way, ASK, key="xh_1_secret", shopper_token="ey.token")
    assert (refused.value.field, refused.value.hint, refused.value.request_id) == ("role", "Ask.", "r7")
    [asked] = way.asked
    assert (asked.headers["Authorization"], asked.headers["X-Shopper-Token"]) == ("Bearer xh_1_secret", "ey.token")
    assert "secret" not in str(asked.url)


@pytest.mark.parametrize(("status", "text"), [(200, "<html>"), (200, '{"query": 1}'), (418, "")])
def test_no_answer_of_this_api(send: Callable[..., Any], status: int, text: str) -> None:  # 6
    with pytest.raises(Unreadable, match="/v1/queries/related"):
        send(Way(httpx.Response(status, text=text)), ASK)


def test_a_proxy_that_cannot_reach_it(send: Callable[..., Any]) -> None:  # 6
    with pytest.raises(Refused, match="502 proxy"):
        send(Way(*[httpx.Response(502, text="<html>")] * 3), ASK)


def feed_pages() -> Iterator[httpx.Response]:
    page: dict[str, Any] = {"hits": [], "category": None, "personal": {}, "generation": "g1", "request_id": "r"}
    for cursor in ("b", "c", None):
        yield ok({**page, "next_cursor": cursor})


def test_pages() -> None:  # 7
    way = Way(*feed_pages())
    with Client("http://shop", transport=httpx.MockTransport(way)) as client:
        assert [page.next_cursor for page in client.pages(calls.feed(size=2))] == ["b", "c", None]
    assert [asked.url.params.get("cursor") for asked in way.asked] == [None, "b", "c"]


def test_pages_awaited() -> None:  # 7
    way = Way(*feed_pages())

    async def read() -> list[str | None]:
        async with AsyncClient("http://shop", transport=httpx.MockTransport(way)) as client:
            return [page.next_cursor async for page in client.pages(calls.feed(size=2))]

    assert asyncio.run(read()) == ["b", "c", None]
    assert [asked.url.params.get("cursor") for asked in way.asked] == [None, "b", "c"]


def test_a_cursor_goes_into_a_body() -> None:  # 7
    assert json.loads(json.dumps(calls.search("杯", size=1).after("x").body)) == {
        "query": "杯",
        "size": 1,
        "cursor": "x",
    }
