"""What a service tells about itself.

1. A caller's safe request id comes back and is logged; an unsafe one is replaced.
2. One JSON log line for every request, without anything a person typed.
3. The metrics parse, count what was answered by route template and status, and name the generation.
4. Apps in one process count apart.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import Metrics
from retrieval.answer import QueryView, SearchResponse, Total
from retrieval.types import Filters, Match, Sort
from tests.unit.api.tiny_engine import TinyEngine, serving


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, label values in order of label name) → value."""
    families = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["a", "A-z_0.9", "x" * 64])
def test_a_safe_request_id_is_kept(given: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.get("/v1/search?q=杯", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "a\tb", "é"])
def test_an_unsafe_request_id_is_replaced(given: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.get("/healthz", headers={b"X-Request-ID": given.encode("latin-1")})
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["X-Request-ID"] != given


def test_one_line_a_request_and_nothing_private(caplog: pytest.LogCaptureFixture) -> None:
    with serving(TinyEngine()) as client, caplog.at_level(logging.INFO, "xunhuo.access"):
        client.get("/v1/search?q=保温杯", headers={"X-Request-ID": "one"})
        client.post("/v1/search", json={"query": "保温杯", "size": -1}, headers={"X-Request-ID": "two"})
        client.get("/v1/products/p1", headers={"X-Request-ID": "three"})
        client.get("/保温杯", headers={"X-Request-ID": "four"})
        client.head("/healthz", headers={"X-Request-ID": "five"})
    assert "保温杯" not in caplog.text
    assert "%E4" not in caplog.text
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "xunhuo.access"]
    assert [(line["request_id"], line["method"], line["route"], line["status"]) for line in lines] == [
        ("one", "GET", "/v1/search", 200),
        ("two", "POST", "/v1/search", 400),
        ("three", "GET", "/v1/products/{id}", 200),
        ("four", "GET", "unmatched", 404),
        ("five", "HEAD", "/healthz", 200),
    ]
    assert {line["generation"] for line in lines} == {"g1"}
    assert all(line["took_ms"] > 0 for line in lines)


def test_metrics_count_what_was_answered() -> None:
    with serving(TinyEngine()) as client, serving(TinyEngine()) as other:
        client.get("/v1/search?q=保温杯")
        client.get("/v1/search?q=没有")
        client.get("/v1/search?size=-1")
        answer = client.get("/metrics")
        apart = samples(other.get("/metrics").text)
    counted = samples(answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert counted["xunhuo_http_requests_total", ("/v1/search", "200")] == 2
    assert counted["xunhuo_http_requests_total", ("/v1/search", "400")] == 1
    assert counted["xunhuo_http_request_seconds_count", ("/v1/search",)] == 3
    assert counted["xunhuo_search_hits_count", ()] == 2
    assert counted["xunhuo_search_hits_sum", ()] == 1
    assert counted["xunhuo_search_zero_results_total", ()] == 1
    assert counted["xunhuo_generation_info", ("g1",)] == 1
    assert ("xunhuo_http_requests_total", ("/v1/search", "200")) not in apart


def respond(degraded: Iterable[str] = (), total: int = 7, near: int = 0) -> SearchResponse:
    view = QueryView("", "", (), Match.ALL, truncated=False)
    return SearchResponse(
        view,
        Filters(),
        Sort.RELEVANCE,
        (),
        Total(total, "eq"),
        {},
        None,
        "g1",
        tuple(degraded),
        None,
        1.0,
        near=near,
    )


def test_only_what_is_near_is_not_nothing() -> None:
    metrics = Metrics()
    for total, near in ((7, 0), (7, 2), (0, 2), (0, 3), (0, 0)):
        metrics.observe_search(respond(total=total, near=near))
    counted = samples(metrics.exposition().decode())
    assert counted["xunhuo_search_only_near_total", ()] == 2
    assert counted["xunhuo_search_zero_results_total", ()] == 1


def test_a_degraded_search_is_counted_by_its_missing_part() -> None:
    metrics = Metrics()
    metrics.observe_search(respond(["semantic"]))
    metrics.observe_search(respond([]))
    counted = samples(metrics.exposition().decode())
    assert counted["xunhuo_search_degraded_total", ("semantic",)] == 1
    assert counted["xunhuo_search_hits_sum", ()] == 14
    assert not [name for name, _ in counted if name == "xunhuo_generation_info"]
