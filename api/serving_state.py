"""What serves right now, as gauges: they are read at every scrape, in whichever process answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.protocols import SearchEngine
from retrieval.errors import XunhuoError


@dataclass(frozen=True, slots=True)
class ServingState:
    """What serves.

    Attributes:
        generation: its name; None before the first.
        created: when it was built, in seconds since 1970; documents: that it has.
        position: of the journal, as searches see it; changes: of them since the generation was built.
        failing: the last look for a newer generation, or for edited dictionaries, failed.
    """

    generation: str | None = None
    created: float | None = None
    documents: int | None = None
    position: int | None = None
    changes: int | None = None
    failing: bool = False


NOTHING = ServingState()


def state_of(engine: SearchEngine, *, failing: bool) -> ServingState:
    """What an engine serves; where its journal cannot be read, what is known without it."""
    if (name := engine.generation) is None:
        return ServingState(failing=failing)
    try:
        told: Mapping[str, Any] = engine.status()
    except XunhuoError:
        return ServingState(name, failing=True)
    created = told.get("created_at")
    return ServingState(
        name, datetime.fromisoformat(created).timestamp() if created else None, told.get("documents"),
        told.get("epoch"), told.get("changes"), failing,
    )  # fmt: skip


_GAUGES = {
    "xunhuo_generation_created_seconds": ("When the generation that serves was built, since 1970.", "created"),
    "xunhuo_generation_documents": ("Products of the generation that serves.", "documents"),
    "xunhuo_journal_position": ("Changes, take-downs and rules that searches see.", "position"),
    "xunhuo_journal_lag": ("Of those, how many came after the generation was built: xunhuo compact.", "changes"),
    "xunhuo_refresh_failing": ("1 where the last look for a newer generation failed.", "failing"),
}


class StateCollector(Collector):
    """Gauges of `ServingState`; what is not known has no value."""

    def __init__(self, state: Callable[[], ServingState]) -> None:
        self._state = state

    def collect(self) -> Iterable[GaugeMetricFamily]:
        state = self._state()
        named = GaugeMetricFamily("xunhuo_generation_info", "The generation that serves.", labels=["generation"])
        if state.generation is not None:
            named.add_metric([state.generation], 1.0)
        yield named
        for name, (what, attribute) in _GAUGES.items():
            family = GaugeMetricFamily(name, what)
            if (value := getattr(state, attribute)) is not None:
                family.add_metric([], float(value))
            yield family
