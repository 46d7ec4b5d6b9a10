"""Counters and histograms of one app, in a registry of its own so that several apps share a process.

With several worker processes the numbers of all are added up through the directory named by
``PROMETHEUS_MULTIPROC_DIR``, which prometheus_client itself reads; `api.server` sets it.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.acts import act_of
from api.serving_state import NOTHING, ServingState, StateCollector
from retrieval.answer import SearchResponse
from retrieval.mall.answer import FeedAnswer
from retrieval.suggest.answer import LookedUp, SuggestAnswer

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
HITS = (0, 1, 3, 10, 30, 100, 300, 1_000)
LINES = (0, 1, 3, 5, 10)
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """What one app counts; `state` is asked at every scrape."""

    def __init__(self, state: Callable[[], ServingState] = lambda: NOTHING) -> None:
        self._registry = CollectorRegistry()
        self._state = StateCollector(state)
        if MULTIPROCESS not in os.environ:
            self._registry.register(self._state)
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
        self._remembered = Counter(
            "xunhuo_search_pages", "Searches by whether their page was remembered: hit, miss.", ["remembered"],
            registry=self._registry,
        )  # fmt: skip
        self._events = Counter(
            "xunhuo_events", "Events of shoppers that came: accepted, duplicate, rejected.", ["result"],
            registry=self._registry,
        )  # fmt: skip
        self._refused = Counter(
            "xunhuo_search_refused", "Searches turned away because of load.", ["reason"], registry=self._registry
        )
        self._hurried = Counter(
            "xunhuo_search_hurried", "Searches answered by words alone because of load.", registry=self._registry
        )
        self._waiting = Gauge(
            "xunhuo_search_waiting", "Searches that wait for a thread.", registry=self._registry,
            multiprocess_mode="livesum",
        )  # fmt: skip
        self._wait = Gauge(
            "xunhuo_search_expected_wait_seconds", "How long a search that comes now is expected to wait.",
            registry=self._registry, multiprocess_mode="livemax",
        )  # fmt: skip
        self._steps = Histogram(
            "xunhuo_search_step_seconds", "Time of each step of a search; wait is that for a thread.", ["step"],
            buckets=SECONDS, registry=self._registry,
        )  # fmt: skip
        self._recalled = Histogram(
            "xunhuo_search_recalled", "Documents that a channel recalled, of a search.", ["channel"], buckets=HITS,
            registry=self._registry,
        )  # fmt: skip

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
        self._suggest_seconds = Histogram(
            "xunhuo_suggest_seconds", "Time that completions took, without HTTP.", buckets=SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._suggest_lines = Histogram(
            "xunhuo_suggest_lines", "Lines of a list of completions.", buckets=LINES, registry=self._registry
        )
        self._suggest_looked = Counter(
            "xunhuo_suggest_looked_up", "Queries searched beside the requests before they are offered: found, dead.",
            ["result"], registry=self._registry,
        )  # fmt: skip
        self._acts = Counter("xunhuo_desk_acts", "What operators did, by kind.", ["act"], registry=self._registry)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answered request; `route` is a template, so that its values stay few."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if act := act_of(method, route, status):
            self._acts.labels(act).inc()

    def observe_search(self, response: SearchResponse) -> None:
        """Counts one search that was answered."""
        self._hits.observe(response.total.value)
        self._personal.labels(response.personal.why_not or "applied").inc()
        if response.total.value == 0:
            (self._near if response.near else self._empty).inc()
        for part in response.degraded:
            self._degraded.labels(part).inc()
        for lap in response.laps:
            self._steps.labels(lap.name).observe(lap.seconds)
        for channel, count in response.recalled.items():
            self._recalled.labels(channel).observe(count)

    def observe_queue(self, waiting: int, expected: float) -> None:
        """How many wait for a thread now, and for how many seconds whoever comes is expected to."""
        self._waiting.set(waiting)
        self._wait.set(expected)

    def observe_hurried(self) -> None:
        """Counts one search that is answered by words alone because of load."""
        self._hurried.inc()

    def observe_remembered(self, hit: bool) -> None:
        """Counts one search by whether its page was remembered."""
        self._remembered.labels("hit" if hit else "miss").inc()

    def observe_feed(self, page: FeedAnswer) -> None:
        """Counts one page of a feed."""
        self._feeds.labels(page.why_not or "applied").inc()
        for hit in page.hits:
            self._shown.labels(hit.source).inc()

    def observe_suggest(self, found: SuggestAnswer, looked_up: LookedUp) -> None:
        """Counts one list of completions, and what was looked up since the last one."""
        self._suggest_seconds.observe(found.took_ms / 1000)
        self._suggest_lines.observe(len(found.suggestions))
        self._suggest_looked.labels("found").inc(looked_up.found)
        self._suggest_looked.labels("dead").inc(looked_up.dead)

    def observe_events(self, accepted: int, duplicates: int, rejected: int) -> None:
        """Counts what became of the events of a call."""
        for result, count in (("accepted", accepted), ("duplicate", duplicates), ("rejected", rejected)):
            self._events.labels(result).inc(count)

    def observe_refusal(self, reason: str) -> None:
        """Counts one that was turned away: ``full``, ``wait``, ``budget``, ``late`` or ``lag``."""
        self._refused.labels(reason).inc()

    def exposition(self) -> bytes:
        """All of it in the text format of Prometheus."""
        if MULTIPROCESS not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        together.register(self._state)
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
