"""What `xunhuo doctor` says of settings and of the clock:

1. The default fits, and says how the machine is shared; what is chosen against privacy, or has no effect, is told.
2. Waits that use up the whole budget, more workers than cores, and traces without their packages are failures that say
   which setting to change.
3. A clock that was never set, or says less than a generation that was built, is a failure.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.doctor_settings import look_at_clock, look_at_settings
from configs.settings import Settings, load_settings
from retrieval.errors import SettingsError, StorageError


def settings(folder: Path, *overrides: str) -> Settings:
    return load_settings(overrides=overrides, data_dir=folder)


def test_what_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 1
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert look_at_settings(settings(tmp_path)) == "1 of 4 cores answer, 1 searches at once in each"
    told = look_at_settings(settings(tmp_path, "api.log_queries=true", "api.hurry_ms=60000"))
    assert "api.log_queries" in told
    assert "api.hurry_ms" in told


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ("api.max_wait_ms=1000", "api.max_wait_ms"),
        ("api.workers=5", "api.workers"),
        ("api.traces=true", "api.traces"),
    ],
)
def test_what_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, override: str, field: str) -> None:  # 2
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError) as caught:
        look_at_settings(settings(tmp_path, override))
    assert caught.value.field == field
    assert caught.value.hint


def test_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    here = settings(tmp_path)
    assert "no generation is from later" in look_at_clock(here)
    served = SimpleNamespace(generation="g1", created_at="2126-01-01T00:00:00+00:00")
    monkeypatch.setattr("indexer.publish.served_by", lambda backend: served)
    with pytest.raises(StorageError, match="g1 was built"):
        look_at_clock(here)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    with pytest.raises(StorageError, match="1970"):
        look_at_clock(here)
