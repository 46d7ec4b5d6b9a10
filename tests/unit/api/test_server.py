"""Where the service listens.

1. Port 0 gives a free port; a taken port and an unknown host are errors that say what to change.
"""

from __future__ import annotations

import pytest

from api.server import bind
from retrieval.errors import SettingsError


def test_a_free_port_is_taken() -> None:
    with bind("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_a_taken_port_is_named() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(OSError, match=rf"127\.0\.0\.1:{port}: Address already in use[\s\S]*--port"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["", "256.1.1.1", "no such host"])
def test_an_unknown_host_is_named(host: str) -> None:
    with pytest.raises(SettingsError) as caught:
        bind(host, 0).close()
    assert caught.value.field == "host"
