"""A service without keys:

1. It answers its own machine under the names of that machine, IPv6 and the page's own calls included.
2. Whoever comes from elsewhere, through a proxy, under another name (DNS rebinding) or from a page of another origin is
   403, and is told to create keys. The settings may name pages.
3. With the first key it asks everybody for one, and goes on doing so when all are revoked.
4. With tokens of shoppers it asks for them, too: what concerns a shopper is answered with that token alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.keys.key import Role, new_key
from tests.unit.api.auth.keyed import Keyed, keyed

SEARCH = "/v1/search?q=杯"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    with keyed(tmp_path_factory.mktemp("keyless"), roles=(), tokens=False, origins=("https://named.example",)) as made:
        yield made


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost"},
        {"Host": "localhost:9"},
        {"Host": "shop.localhost"},
        {"Host": "[::1]:8000"},
        {"Host": "127.8.9.1"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "https://named.example"},
    ],
)
def test_this_machine(app: Keyed, headers: dict[str, str]) -> None:  # 1, 2
    for path in (SEARCH, "/metrics", "/v1/dictionaries", "/v1/users/u1/profile"):
        for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
            assert app.at(address).get(path, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Host": "evil.example"}, "host"),
        ({"Host": "127.0.0.1.evil.example"}, "host"),
        ({"Host": "10.0.0.1"}, "host"),
        ({"Host": ""}, "host"),
        ({"Host": "[::1"}, "host"),
        ({"X-Forwarded-For": "10.0.0.1"}, "x-forwarded-for"),
        ({"Forwarded": "for=10.0.0.1"}, "forwarded"),
        ({"Via": "1.1 proxy"}, "via"),
        ({"Origin": "https://evil.example"}, "origin"),
        ({"Origin": "null"}, "origin"),
        ({"Origin": "http://localhost.evil.example"}, "origin"),
    ],
)
def test_from_elsewhere(app: Keyed, headers: dict[str, str], field: str) -> None:  # 2
    answer = app.ask(None, "GET", SEARCH, headers=headers)
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (403, field)
    assert "xunhuo keys create" in error["hint"]
    assert app.ask(None, "GET", "/healthz", headers=headers).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.7", "2001:db8::1", "::ffff:10.0.0.1", "testclient"])
def test_another_machine(app: Keyed, address: str) -> None:  # 2
    for method, path in (("GET", SEARCH), ("DELETE", "/v1/users/u1"), ("GET", "/")):
        assert app.at(address).request(method, path).status_code == 403


def test_the_first_key(tmp_path: Path) -> None:  # 3
    with keyed(tmp_path, roles=(), tokens=False) as app:
        assert app.ask(None, "GET", SEARCH).status_code == 200
        key, app.told[Role.ADMIN] = new_key("k", Role.ADMIN, app.clock())
        app.store.add(key)
        app.clock.now += 1
        assert [app.ask(role, "GET", SEARCH).status_code for role in (None, Role.ADMIN)] == [401, 200]
        app.store.change(key.id, lambda key: key.taken_back(app.clock()))
        app.clock.now += 1
        assert [app.ask(role, "GET", SEARCH).status_code for role in (None, Role.ADMIN)] == [401, 401]


def test_shoppers_of_this_machine(tmp_path: Path) -> None:  # 4
    with keyed(tmp_path, roles=()) as app:
        found = [app.ask(None, "GET", "/v1/users/u1/profile", shopper).status_code for shopper in ("", "u2", "u1")]
        assert found == [401, 403, 200]
        assert app.ask(None, "GET", SEARCH).status_code == 200
