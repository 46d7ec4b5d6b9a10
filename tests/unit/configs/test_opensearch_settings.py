"""Settings of the cluster:

1. The overlay chooses the cluster, changes nothing of the search, and is a dozen lines.
2. A URL that carries a user or password, or is none, is refused, and not repeated.
3. Credentials come from the environment, are no settings, and stand in no dump of them.
4. The configured backend is made without talking to the cluster; a name given goes before.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import DEFAULTS, ConfigError, load_settings
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.wiring.places import make_backend

OVERLAY = DEFAULTS.with_name("opensearch.yaml")


def test_the_overlay() -> None:  # 1
    settings, plain = load_settings([OVERLAY]), load_settings()
    assert settings.backend.name == "opensearch"
    assert (settings.search, settings.analysis, settings.encoder) == (plain.search, plain.analysis, plain.encoder)
    assert len([line for line in OVERLAY.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]) <= 12


@pytest.mark.parametrize("url", ["http://shop:geheim@host:9200", "host:9200", "ftp://host", "http://"])
def test_urls(url: str) -> None:  # 2
    with pytest.raises(ConfigError, match=r"opensearch\.urls: .*come from the environment") as refused:
        load_settings(overrides=["opensearch.urls=['http://fine:9200']", f"opensearch.urls=['{url}']"])
    assert url not in str(refused.value)


def test_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # 3
    for name in ("USER", "PASSWORD", "API_KEY", "URL", "DIR"):
        monkeypatch.setenv(f"XUNHUO_OPENSEARCH_{name}", "geheim")
    settings = load_settings(overrides=["backend.name=opensearch"], data_dir=tmp_path)
    assert "geheim" not in settings.model_dump_json() + repr(settings)
    backend = make_backend(settings)
    assert isinstance(backend, OpenSearchBackend)
    assert "geheim" not in repr(backend._cluster._options)
    assert backend._cluster._options.password == "geheim"


def test_which_backend(tmp_path: Path) -> None:  # 4
    settings = load_settings(data_dir=tmp_path)
    assert isinstance(make_backend(settings), EmbeddedBackend)
    assert isinstance(make_backend(settings, "opensearch"), OpenSearchBackend)
