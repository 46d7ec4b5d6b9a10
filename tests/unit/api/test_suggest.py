"""The routes of suggestions, over a desk that answers what it is told to.

1. Each answer has the described shape, and asks what the URL asks; ten lines unless told otherwise.
2. What cannot be asked is 400 and names the field.
3. Without suggestions there are no such routes; with them they are described.
4. What shoppers ask is looked at while the service runs.
5. Of each list of completions its time and its lines are measured, and what was looked up meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from api.suggest_schema import HotAnswerShape, ShadeAnswerShape, SuggestAnswerShape
from retrieval.suggest.answer import (
    Because,
    HotAnswer,
    HotQuery,
    LookedUp,
    ShadeAnswer,
    ShadeWord,
    SuggestAnswer,
    Suggestion,
    SuggestRequest,
    Trend,
)
from retrieval.suggest.entry import Kind
from tests.unit.api.tiny_engine import TinyEngine, serving

LINES = (
    Suggestion("连衣裙", "连衣裙", Kind.CATEGORY, 4.0, category="女装/裙装"),
    Suggestion("花田", "裙", Kind.SHOP, 2.0, shop="花田"),
)


class Desk:
    """See above; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.asked: list[SuggestRequest | int | float] = []

    def suggest(self, request: SuggestRequest) -> SuggestAnswer:
        self.asked.append(request)
        return SuggestAnswer(request.q, LINES, "g1", 1.5)

    def looked_up(self) -> LookedUp:
        return LookedUp(found=3, dead=2)

    def hot(self, size: int) -> HotAnswer:
        self.asked.append(size)
        return HotAnswer((HotQuery("汉服", Trend.UP, 3.25),), "g1")

    def shade(self, request: SuggestRequest) -> ShadeAnswer:
        self.asked.append(request)
        return ShadeAnswer((ShadeWord("炒锅", Because.RELATED, "汤锅"), ShadeWord("汉服", Because.HOT)), "g1")

    def refresh(self, every: float = 0.0) -> bool:
        self.asked.append(every)
        return True


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    options = ApiOptions(request_timeout_ms=60_000, max_page_size=30, suggest_seconds=7.5, refresh_seconds=60)
    with TestClient(create_app(TinyEngine(), options=options, suggest=desk), raise_server_exceptions=False) as client:
        yield client


def test_completions(client: TestClient, desk: Desk) -> None:  # 1
    url = "/v1/suggest?q=lyq&user_id=u1&session_id=s1&size=5&personalize=false"
    found = client.get(url).json()
    SuggestAnswerShape.model_validate(found, strict=True)
    assert [(one["query"], one["category"], one["shop"]) for one in found["suggestions"]] == [
        ("连衣裙", ["女装", "裙装"], None), ("裙", None, "花田"),
    ]  # fmt: skip
    client.get("/v1/suggest?q=%E5%8C%85")
    assert desk.asked[-2:] == [SuggestRequest("lyq", "u1", "s1", 5, False), SuggestRequest("包")]


def test_unasked(client: TestClient, desk: Desk) -> None:  # 1
    hot, shade = client.get("/v1/suggest/hot?size=3").json(), client.get("/v1/suggest/shade?user_id=u1").json()
    HotAnswerShape.model_validate(hot, strict=True)
    ShadeAnswerShape.model_validate(shade, strict=True)
    assert hot["hot"] == [{"query": "汉服", "trend": "up", "score": 3.25}]
    assert [(one["query"], one["of"]) for one in shade["words"]] == [("炒锅", "汤锅"), ("汉服", None)]
    assert desk.asked[-2:] == [3, SuggestRequest("", "u1")]


@pytest.mark.parametrize(
    ("query", "field"), [("size=31", "size"), ("size=x", "size"), ("x=1", "x"), ("user_id=a&user_id=b", "user_id")]
)
def test_bad_requests(client: TestClient, query: str, field: str) -> None:  # 2
    for path in ("/v1/suggest", "/v1/suggest/shade"):
        answer = client.get(f"{path}?{query}")
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_routes(client: TestClient) -> None:  # 3
    with serving(TinyEngine()) as bare:
        assert bare.get("/v1/suggest").status_code == 404
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/suggest", "/v1/suggest/hot", "/v1/suggest/shade"} <= set(paths)


def test_it_is_looked_at(client: TestClient, desk: Desk) -> None:  # 4
    ends = time.monotonic() + 30
    while 7.5 not in desk.asked and time.monotonic() < ends:
        time.sleep(0.01)
    assert 7.5 in desk.asked


def test_what_is_measured(client: TestClient) -> None:  # 5
    client.get("/v1/suggest?q=连")
    client.get("/v1/suggest?q=连衣")
    text = client.get("/metrics").text
    found = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line[0] != "#"}
    assert found["xunhuo_suggest_seconds_sum"] == pytest.approx(0.003)
    assert (found["xunhuo_suggest_lines_count"], found["xunhuo_suggest_lines_sum"]) == (2, 4)
    assert found['xunhuo_suggest_looked_up_total{result="found"}'] == 6
    assert found['xunhuo_suggest_looked_up_total{result="dead"}'] == 4
