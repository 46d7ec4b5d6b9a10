"""TLS, users and API keys, through a proxy that asks for them in front of a real cluster:

1. With the right certificate and credentials everything works: building, publishing, searching.
2. A wrong password, a wrong key or none is one clear error that names the variables and not the password.
3. A certificate that is not trusted is refused, unless verification is off.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.backends.opensearch.backend import OpenSearchBackend
from retrieval.backends.opensearch.client import ClusterOptions
from retrieval.backends.opensearch.errors import ClusterUnavailable
from retrieval.schema import PRODUCT
from tests import opensearch
from tests.contract import world
from tests.contract.world import NO_FILTER, asking, direction
from tests.faults import proxy

pytestmark = [opensearch.needs_cluster, proxy.needs_openssl, pytest.mark.xdist_group("opensearch")]
USER, PASSWORD, KEY = "shop", "fünf:pferde", "c2VjcmV0"
ACCEPTED = {"Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode("latin-1")).decode(), f"ApiKey {KEY}"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return proxy.make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def url(certificate: Path) -> Iterator[str]:
    opensearch.sweep()
    with proxy.guarding(opensearch.URL, certificate, ACCEPTED) as address:
        yield address
    opensearch.sweep()


def backend(url: str, place: Path, certificate: Path | None, **credentials: object) -> OpenSearchBackend:
    trusted = str(certificate) if certificate else None
    options = ClusterOptions((url,), ca_file=trusted, attempts=1, **credentials)  # type: ignore[arg-type]
    return OpenSearchBackend(options, prefix=opensearch.prefix_of(place))


@pytest.mark.parametrize("credentials", [{"user": USER, "password": PASSWORD}, {"api_key": KEY}])
def test_everything_works(url: str, certificate: Path, tmp_path: Path, credentials: dict[str, object]) -> None:  # 1
    opened = backend(url, tmp_path, certificate, **credentials)
    with opened.building():
        reader = opened.open(world.build(opened).generation).collection(PRODUCT.kind)
    assert len(reader.lexical(asking("红色"), NO_FILTER, 12).rows) == 6
    assert len(reader.semantic(direction(0), NO_FILTER, 3).rows) == 3


@pytest.mark.parametrize("credentials", [{}, {"user": USER, "password": "geheim"}, {"api_key": "geheim"}])
def test_wrong_credentials(url: str, certificate: Path, tmp_path: Path, credentials: dict[str, object]) -> None:  # 2
    with pytest.raises(ClusterUnavailable, match="refuses these credentials") as refused:
        backend(url, tmp_path, certificate, **credentials).current()
    assert "XUNHUO_OPENSEARCH_PASSWORD" in str(refused.value.hint)
    assert "geheim" not in str(refused.value)


def test_an_unknown_certificate(url: str, tmp_path: Path) -> None:  # 3
    with pytest.raises(ClusterUnavailable, match="cannot be reached") as refused:
        backend(url, tmp_path, None, api_key=KEY).current()
    assert "ca_file" in str(refused.value.hint)
    assert backend(url, tmp_path, None, api_key=KEY, verify=False).current() is None
