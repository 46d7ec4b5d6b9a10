"""Pages of other origins:

1. None may call unless the settings name it; then it may read every answer, errors of every kind included.
2. A browser that asks beforehand is told which methods and headers there are; another origin is refused.
"""

from __future__ import annotations

import pytest

from api.options import ApiOptions
from tests.unit.api.tiny_engine import TinyEngine, serving

SHOP, OTHER = "https://shop.example", "https://other.example"
ALLOW = "access-control-allow-origin"


def broken() -> None:
    raise RuntimeError("ours")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/v1/search?q=a&size=-1", 400), ("/v1/search?q=a", 500), ("/nowhere", 404), ("/?a=%FF", 400)],
)
def test_who_may_read(path: str, status: int) -> None:  # 1
    with serving(TinyEngine(before=broken), cors_origins=(SHOP,)) as client:
        allowed, refused = (client.get(path, headers={"Origin": origin}) for origin in (SHOP, OTHER))
    with serving(TinyEngine(before=broken)) as client:
        never = client.get(path, headers={"Origin": SHOP})
    assert [answer.status_code for answer in (allowed, refused, never)] == [status] * 3
    assert [answer.headers.get(ALLOW) for answer in (allowed, refused, never)] == [SHOP, None, None]
    assert "X-Request-ID" in allowed.headers["access-control-expose-headers"]


def test_nobody_by_default() -> None:  # 1
    assert ApiOptions().cors_origins == ()


def test_asking_beforehand() -> None:  # 2
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "if-match"}
    with serving(TinyEngine(), cors_origins=(SHOP,)) as client:
        allowed = client.options("/v1/dictionaries/synonyms", headers={"Origin": SHOP, **asked})
        refused = client.options("/v1/dictionaries/synonyms", headers={"Origin": OTHER, **asked})
    assert (allowed.status_code, allowed.headers[ALLOW]) == (200, SHOP)
    assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} == set(
        allowed.headers["access-control-allow-methods"].split(", ")
    )
    assert (refused.status_code, refused.headers.get(ALLOW)) == (400, None)


def test_everybody() -> None:  # 1
    with serving(TinyEngine(), cors_origins=("*",)) as client:
        assert client.get("/healthz", headers={"Origin": OTHER}).headers[ALLOW] == "*"
