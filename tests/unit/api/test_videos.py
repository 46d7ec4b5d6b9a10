"""What is said in videos, over HTTP, with an engine over real indexes:

1. Every answer has the shape that is described, and says what the engine says.
2. GET and POST ask for kinds alike; what is no kind is refused with its field.
3. Where there is no time to try every query after watching, those found by then are the answer.
4. What is not there, or may not be seen, is 404; a size that is too large is 400.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answer_schema import SearchAnswer
from api.app import create_app
from api.options import ApiOptions
from api.video_schema import AfterAnswerShape, MomentsAnswerShape, VideoAnswer
from retrieval.videos.videos import Videos
from retrieval.wiring.options import video_options
from tests import spoken, world


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("spoken")
    spoken.build(data)
    engine = world.engine(data)
    videos = Videos(engine, video_options(world.settings(data)))
    app = create_app(engine, options=ApiOptions(request_timeout_ms=60_000), close_engine=True, videos=videos)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def get(client: TestClient, path: str, status: int = 200, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_mixed_page(client: TestClient) -> None:  # 1, 2
    page = get(client, "/v1/search", q="跑鞋怎么选", kinds="product,video,live")
    SearchAnswer.model_validate(page)
    assert page["blocks"][0]["kind"] == "videos"
    assert page["videos"][0]["id"] == "v2"
    best = page["videos"][0]["moments"][0]
    assert best["quote"] == "".join(piece["text"] for piece in best["highlights"])
    posted = client.post("/v1/search", json={"query": "跑鞋怎么选", "kinds": ["product", "video", "live"]}).json()
    own = {"took_ms": 0, "request_id": ""}
    assert posted | own == page | own
    assert get(client, "/v1/search", q="跑鞋怎么选")["blocks"] == []
    assert get(client, "/v1/search", 400, q="跑鞋", kinds="shop")["error"]["field"].startswith("kinds")


def test_evidence(client: TestClient) -> None:  # 1
    hit = get(client, "/v1/search", q="保温杯 露营")["hits"][0]
    assert (hit["id"], hit["live"]) == ("cup", None)
    assert {name: hit["moments"][0][name] for name in ("video_id", "at", "confidence")} == {
        "video_id": "v1", "at": 16.0, "confidence": 1.0,
    }  # fmt: skip


def test_a_video(client: TestClient) -> None:  # 1
    video = get(client, "/v1/videos/v1")
    VideoAnswer.model_validate(video, strict=True)
    assert (video["title"], video["creator"]["name"], video["kind"]) == ("冬天喝热水", "小周", "video")
    assert [product["id"] for product in video["products"]] == ["cup", "pot"]
    assert (video["products"][0]["start"], video["products"][0]["end"]) == (6.0, 26.0)
    assert video["products"][0]["product"]["price"] == 89
    assert len(video["segments"]) == 4


def test_what_is_withheld(client: TestClient) -> None:  # 4
    video = get(client, "/v1/videos/v3")
    assert [product["id"] for product in video["products"]] == ["mask"]
    assert "加湿器" not in str(video)
    for missing in ("v4", "v9", "a/b"):
        assert get(client, f"/v1/videos/{missing}", 404)["error"]["field"] == "id"
        assert get(client, f"/v1/videos/{missing}/queries", 404)["error"]["field"] == "id"
    for missing in ("gone", "p9"):
        assert get(client, f"/v1/products/{missing}/moments", 404)["error"]["field"] == "id"


def test_moments_of_a_product(client: TestClient) -> None:  # 1
    found = get(client, "/v1/products/cup/moments")
    MomentsAnswerShape.model_validate(found, strict=True)
    assert {moment["video_id"] for moment in found["moments"]} == {"v1"}
    assert get(client, "/v1/products/sock/moments")["moments"] == []
    assert len(get(client, "/v1/products/cup/moments", size=1)["moments"]) == 1
    assert get(client, "/v1/products/cup/moments", 400, size=10**6)["error"]["field"] == "size"


def test_as_far_as_time_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    spoken.build(tmp_path)
    engine = world.engine(tmp_path)
    videos = Videos(engine, video_options(world.settings(tmp_path)))
    every = videos.queries("v1", 3).queries
    assert len(every) > 1
    monkeypatch.setattr("retrieval.videos.videos._ASKING", 0.0)
    assert videos.queries("v1", 3, timeout_ms=60_000).queries == ()
    assert videos.queries("v1", 3).queries == every
    engine.close()


def test_what_to_search_next(client: TestClient) -> None:  # 1
    found = get(client, "/v1/videos/v1/queries", size=3)
    AfterAnswerShape.model_validate(found, strict=True)
    assert found["queries"][0]["source"] == "shown"
    for one in found["queries"]:
        assert get(client, "/v1/search", q=one["query"])["total"]["value"] > 0
