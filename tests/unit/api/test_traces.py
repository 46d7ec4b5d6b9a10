"""Spans of requests:

1. A search is a span with its route, status and generation, and within it one for each step, in their order and in its
   time; it belongs to the trace that the caller names.
2. What fails inside is marked; what is no search has no steps.
3. Nothing of what was asked, or by whom, is in any span.
4. Without the packages a service that should trace says what to install.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from api.traces import Traces, open_traces
from retrieval.errors import SettingsError
from retrieval.request import SearchRequest
from tests.unit.api.tiny_engine import TinyEngine

pytest.importorskip("opentelemetry.sdk.trace", reason="the extra `traces` is not installed")

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Failing(TinyEngine):
    def remembered(self, request: SearchRequest) -> None:
        raise RuntimeError(request.query)


@pytest.fixture
def traced() -> Iterator[tuple[TestClient, InMemorySpanExporter]]:
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    served = create_app(Failing(), options=ApiOptions(), traces=Traces(provider))
    with TestClient(served, raise_server_exceptions=False) as client:
        yield client, spans


def by_name(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def test_a_search_is_a_span_with_its_steps(traced: tuple[TestClient, InMemorySpanExporter]) -> None:  # 1, 3
    client, spans = traced
    carried = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Request-ID": "one"}
    assert client.get("/v1/search?q=保温杯&user_id=u-secret", headers=carried).status_code == 200
    found = by_name(spans)
    whole, wait = found["GET /v1/search"], found["wait"]
    assert dict(whole.attributes or {}) == {
        "http.request.method": "GET", "http.route": "/v1/search", "http.response.status_code": 200,
        "xunhuo.request_id": "one", "xunhuo.generation": "g1",
    }  # fmt: skip
    assert whole.context is not None
    assert format(whole.context.trace_id, "032x") == TRACE
    assert wait.parent is not None
    assert wait.parent.span_id == whole.context.span_id
    assert (whole.start_time or 0) <= (wait.start_time or 0) <= (wait.end_time or 0) <= (whole.end_time or 0)
    told = "".join(span.to_json() for span in spans.get_finished_spans())
    assert "保温杯" not in told
    assert "u-secret" not in told


def test_what_fails_is_marked(traced: tuple[TestClient, InMemorySpanExporter]) -> None:  # 2
    client, spans = traced
    client.get("/v1/search?q=杯")
    assert client.get("/v1/search?q=杯").status_code == 500  # it is looked up, and that fails
    assert client.get("/healthz").status_code == 200
    names = [span.name for span in spans.get_finished_spans()]
    assert names == ["wait", "GET /v1/search", "GET /v1/search", "GET /healthz"]
    assert [span.status.is_ok for span in spans.get_finished_spans()] == [True, True, False, True]


def test_without_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError) as caught:
        open_traces()
    assert "xunhuo[traces]" in str(caught.value.hint)
