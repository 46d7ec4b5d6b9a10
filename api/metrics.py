"""Counters and histograms of one app, in a registry of its own so that several apps share a process.

With several worker processes the numbers of all are added up through the directory named by
``PROMETHEUS_MULTIPROC_DIR``, which prometheus_client itself reads; `api.server` sets it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from retrieval.answer import SearchResponse
from retrieval.mall.answer import FeedAnswer

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
HITS = (0, 1, 3, 10, 30, 100, 300, 1_000)
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """What one app counts; `generation` is asked at every scrape."""

    def __init__(self, generation: Callable[[], str | None]) -> None:
        self._registry = CollectorRegistry()
        self._generation = GenerationInfo(generation)
        if MULTIPROCESS not in os.environ:
            self._registry.register(self._generation)
        self._requests = Counter(
            "xunhuo_http_requests", "Requests answered.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "xunhuo_http_request_seconds",
            "Time from the first byte read to the last one sent.",
            ["route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._hits = Histogram(
            "xunhuo_search_hits", "Documents that answer, of a search.", buckets=HITS, registry=self._registry
        )
        self._empty = Counter("xunhuo_search_zero_results", "Searches that found nothing.", registry=self._registry)
        self._near = Counter(
            "xunhuo_search_only_near", "Searches that found only what is near.", registry=self._registry
        )
        self._degraded = Counter(
            "xunhuo_search_degraded", "Searches answered without a part of them.", ["part"], registry=self._registry
        )
        self._events = Counter(
            "xunhuo_events", "Events of shoppers that came: accepted, duplicate, rejected.", ["result"],
            registry=self._registry,
        )  # fmt: skip
        self._refused = Counter(
            "xunhuo_search_refused", "Searches turned away because of load.", ["reason"], registry=self._registry
        )

        self._personal = Counter(
            "xunhuo_search_personal", "Searches by whether interests gave places, or why not.", ["outcome"],
            registry=self._registry,
        )  # fmt: skip

        self._feeds = Counter(
            "xunhuo_mall_feeds", "Pages of feeds by whether they were the shopper's own, or why not.", ["outcome"],
            registry=self._registry,
        )  # fmt: skip
        self._shown = Counter(
            "xunhuo_mall_shown", "Things in feeds by what spoke most for them.", ["source"], registry=self._registry
        )

    def observe_request(self, route: str, status: int, seconds: float) -> None:
        """Counts one answered request; `route` is a template, so that its values stay few."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def observe_search(self, response: SearchResponse) -> None:
        """Counts one search that was answered."""
        self._hits.observe(response.total.value)
        self._personal.labels(response.personal.why_not or "applied").inc()
        if response.total.value == 0:
            (self._near if response.near else self._empty).inc()
        for part in response.degraded:
            self._degraded.labels(part).inc()

    def observe_feed(self, page: FeedAnswer) -> None:
        """Counts one page of a feed."""
        self._feeds.labels(page.why_not or "applied").inc()
        for hit in page.hits:
            self._shown.labels(hit.source).inc()

    def observe_events(self, accepted: int, duplicates: int, rejected: int) -> None:
        """Counts what became of the events of a call."""
        for result, count in (("accepted", accepted), ("duplicate", duplicates), ("rejected", rejected)):
            self._events.labels(result).inc(count)

    def observe_refusal(self, reason: str) -> None:
        """Counts one that was turned away: ``full``, ``budget`` or ``late`` (`api.gate`)."""
        self._refused.labels(reason).inc()

    def exposition(self) -> bytes:
        """All of it in the text format of Prometheus."""
        if MULTIPROCESS not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        together.register(self._generation)
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


class GenerationInfo(Collector):
    """A gauge that is 1 for the generation that serves."""

    def __init__(self, generation: Callable[[], str | None]) -> None:
        self._current = generation

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily("xunhuo_generation_info", "The generation that serves.", labels=["generation"])
        if (current := self._current()) is not None:
            family.add_metric([current], 1.0)
        yield family
