"""The life of an app.

1. It is alive from the start and ready once a generation serves; until then it says why.
2. A newly published generation is picked up by itself; a failing look leaves the old one serving and shows in /readyz,
   until a look goes well.
3. It closes the engine at its end only where it owns it.
4. A product is given back as it came, whatever its id, with the generation it was read from.
5. An answer has the described shape, with and without optional fields.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer, ProductAnswer, SearchAnswer
from api.app import create_app
from api.options import ApiOptions
from retrieval.answer import Product
from retrieval.errors import GenerationError
from tests.unit.api.tiny_engine import CUP, ROBE, TinyEngine, serving


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
    return holds()


def test_not_ready_until_a_generation_serves() -> None:
    engine = TinyEngine()
    engine.generation = None
    with serving(engine, refresh_seconds=0.005) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        for path in ("/readyz", "/v1/search?q=杯"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_ready")
            assert answer.headers["Retry-After"]
        engine.next_generation = "g2"
        assert eventually(lambda: client.get("/readyz").status_code == 200)
        ready = client.get("/readyz").json()
        assert client.get("/v1/search?q=杯").json()["generation"] == "g2"
    assert ready == {"status": "ready", "generation": "g2", "refresh_error": None, "engine": {"documents": 2}}


class DamagedEngine(TinyEngine):
    damaged = True

    def refresh(self) -> bool:
        changed = super().refresh()
        if self.damaged:
            raise GenerationError("generation g2 is damaged")
        return changed


def test_a_failing_refresh_leaves_the_old_generation_serving() -> None:
    engine = DamagedEngine()
    with serving(engine, refresh_seconds=0.005) as client:
        assert eventually(lambda: engine.refreshed > 2)
        ready = client.get("/readyz").json()
        assert client.get("/v1/search?q=杯").status_code == 200
        engine.generation = None
        assert client.get("/readyz").json()["error"]["message"] == "generation g2 is damaged"
        engine.generation, engine.damaged = "g1", False
        assert eventually(lambda: client.get("/readyz").json()["refresh_error"] is None)
    assert (ready["generation"], ready["refresh_error"]) == ("g1", "generation g2 is damaged")


def test_the_engine_is_closed_by_its_owner() -> None:
    lent, owned = TinyEngine(), TinyEngine()
    with TestClient(create_app(lent, options=ApiOptions())):
        pass
    with TestClient(create_app(owned, options=ApiOptions(), close_engine=True)):
        assert not owned.closed
    assert (lent.closed, owned.closed) == (False, True)


def test_a_product_as_it_came() -> None:
    with serving(TinyEngine()) as client:
        answers = [client.get("/v1/products/p1").json(), client.get("/v1/products/a%2Fb%201").json()]
        missing = client.get("/v1/products/p9")
    assert [ProductAnswer.model_validate(answer).product for answer in answers] == [CUP, ROBE]
    assert (missing.status_code, ErrorAnswer.model_validate(missing.json()).error.field) == (404, "id")


class SwitchingEngine(TinyEngine):
    """Serves another generation as soon as a record was read."""

    def product(self, document_id: str, timeout_ms: float | None = None, /) -> Product:
        found = super().product(document_id)
        self.generation = "g2"
        return found


def test_a_product_names_the_generation_it_was_read_from() -> None:
    engine = SwitchingEngine()
    with serving(engine) as client:
        assert client.get("/v1/products/p1").json()["generation"] == "g1"
        assert engine.generation == "g2"


def test_answers_have_the_described_shape() -> None:
    with serving(TinyEngine()) as client:
        bare = client.get("/v1/search?q=汉服").json()
        full = client.get("/v1/search?q=保温杯&facets=all&explain=true&price_min=1.5&attr=颜色=红").json()
    for answer in (bare, full):
        SearchAnswer.model_validate(answer)
    [hit] = bare["hits"]
    assert (hit["price"], hit["brand"], hit["labels"], hit["services"]) == (None, None, ["新品"], [])
    assert (hit["shop"], hit["fields"], hit["explain"]) == (ROBE["shop"], {}, None)
    assert hit["highlights"] == {"title": [{"text": "汉服", "match": True}]}
    assert full["filters"] == {"price": {"min": 1.5}, "attributes": {"颜色": ["红"]}}
    assert full["hits"][0]["fields"] == {"stock": 3}
    assert full["hits"][0]["explain"]["formula"] == "value / unit"
