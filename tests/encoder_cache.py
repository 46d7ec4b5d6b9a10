"""Where tests keep built encoder files, so that e5 is built once and not once a test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def encoder_cache_dir(config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`XUNHUO_TEST_CACHE` if set, else pytest's own cache, else (with the cache off) a folder of this run."""
    named = os.environ.get("XUNHUO_TEST_CACHE")
    if named:
        return Path(named)
    cache = getattr(config, "cache", None)
    if cache is not None:
        return Path(cache.mkdir("encoders"))
    base = tmp_path_factory.getbasetemp()
    # Workers of one run each have a folder below the run's; they share the build.
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "encoders"
