"""What `xunhuo doctor` says of settings that do not fit each other or the machine, and of its clock."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from configs.settings import Settings
from retrieval.errors import SettingsError, StorageError

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""A clock that says earlier was never set: this program is younger."""
AHEAD_S = 60.0
"""So far ahead of the clock a generation may have been built: clocks of several machines differ."""


def look_at_settings(settings: Settings) -> str:
    """How a service would share the machine, and what is chosen against the default of privacy.

    Raises:
        SettingsError: two of them contradict each other, or what they ask for is not installed.
    """
    api, search, cores = settings.api, settings.search, os.cpu_count() or 1
    if api.max_wait_ms >= search.timeout_ms:
        raise SettingsError(
            f"Who waits api.max_wait_ms ({api.max_wait_ms:g}) has no time left of search.timeout_ms "
            f"({search.timeout_ms:g}): nobody is turned away before it is too late.",
            field="api.max_wait_ms", hint="a tenth of search.timeout_ms",
        )  # fmt: skip
    if api.workers > cores:
        raise SettingsError(
            f"{api.workers} workers share {cores} cores: each answers later than one of {cores} would.",
            field="api.workers", hint=f"at most {cores}",
        )  # fmt: skip
    if api.traces:
        from api.traces import open_traces

        open_traces().close()
    told = [f"{api.workers} of {cores} cores answer, {settings.searches_at_once} searches at once in each"]
    if api.hurry_ms >= api.max_wait_ms:
        told.append("no answer is made cheaper under load (api.hurry_ms)")
    if api.log_queries:
        told.append("the log holds what is searched (api.log_queries): keep it as private as the events")
    return "; ".join(told)


def look_at_clock(settings: Settings) -> str:
    """What time it is. Raises StorageError where that cannot be."""
    from indexer.publish import served_by
    from retrieval.wiring.places import make_backend

    now = time.time()
    if now < FIRST_DAY:
        raise StorageError(
            f"the clock says {_said(now)}", field="clock", hint="set it: expiries and schedules run by it"
        )
    served = served_by(make_backend(settings))
    built = datetime.fromisoformat(served.created_at).timestamp() if served else now
    if built - now > AHEAD_S:
        raise StorageError(
            f"{served.generation if served else ''} was built {built - now:,.0f} s later than the clock says now",
            field="clock", hint="set the clock, here or where generations are built",
        )  # fmt: skip
    return f"{_said(now)}, no generation is from later"


def _said(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
