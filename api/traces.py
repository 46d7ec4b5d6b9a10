"""Spans of requests for OpenTelemetry, made when a request is over, from times that were taken anyway.

So nothing has to be carried through the steps of a search, and a service without traces does nothing for them. A span
says which route, which status and which generation; nothing of what was asked, and not by whom. The packages come with
the extra `traces`; where spans go, and how many, the environment says (OTEL_EXPORTER_OTLP_ENDPOINT,
OTEL_TRACES_SAMPLER …), as it does for every program that is traced so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import Scope

from retrieval.errors import SettingsError
from retrieval.laps import Lap

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_CARRIED = ("traceparent", "tracestate")
"""Headers that say which trace a request belongs to (W3C Trace Context)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered; times in seconds, `began` on the clock of `time.perf_counter`."""

    method: str
    route: str
    status: int
    began: float
    seconds: float
    request_id: str
    generation: str | None
    laps: Sequence[Lap]


class Traces:
    """Where spans go. Thread-safe."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("xunhuo")

    def note(self, scope: Scope, done: Answered) -> None:
        """Makes the spans of a request: one for it, and one for each step that was timed."""
        from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        headers, at = Headers(scope=scope), _wall_clock()
        carried = {name: headers[name] for name in _CARRIED if name in headers}
        attributes: dict[str, str | int] = {
            "http.request.method": done.method, "http.route": done.route, "http.response.status_code": done.status,
            "xunhuo.request_id": done.request_id, "xunhuo.generation": done.generation or "",
        }  # fmt: skip
        span = self._tracer.start_span(
            f"{done.method} {done.route}", TraceContextTextMapPropagator().extract(carried), SpanKind.SERVER,
            attributes, start_time=at(done.began),
        )  # fmt: skip
        within = set_span_in_context(span)
        for lap in done.laps:
            self._tracer.start_span(lap.name, within, start_time=at(lap.began)).end(at(lap.began + lap.seconds))
        if done.status >= 500:
            span.set_status(StatusCode.ERROR)
        span.end(at(done.began + done.seconds))

    def close(self) -> None:
        """Sends what was not sent yet."""
        self._provider.shutdown()


def open_traces() -> Traces:
    """Spans that go where the environment says.

    Raises:
        SettingsError: the packages are not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as why:
        raise SettingsError(
            f"Traces need a package that is not installed: {why.name}.", field="api.traces",
            hint="pip install 'xunhuo[traces]'",
        ) from None  # fmt: skip
    named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": "xunhuo"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)


def _wall_clock() -> Callable[[float], int]:
    """From the clock of `time.perf_counter` to nanoseconds since 1970."""
    now, clock = time.time_ns(), time.perf_counter()
    return lambda moment: now - int((clock - moment) * 1e9)
