"""Keys at the door, over HTTP:

1. A key that is none, unknown, expired or revoked is 401, says which, how to ask, and quotes nothing of it.
2. A key that another process revoked opens nothing a second later; a rotated one holds for its overlap.
3. A key or token in a URL is 400 wherever it stands and however it is written, before anything is looked up.
4. A key of some pages is refused to others; a browser that asks beforehand is told so for those of any key.
5. Probes and the page need no key; where keys cannot be read only probes are answered, the rest is 503.
6. Every answer carries the security headers; only the page has a policy of its own.
7. The page is told the key that it was given, and no other file is.
8. No log line holds a key or token, not even where we fail.
9. The description says which routes need a key, and which a shopper's token.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.auth.ring import Keyring
from api.headers import SECURITY
from api.page import POLICY
from retrieval.errors import StorageError
from retrieval.keys.key import Role, new_key, told
from tests.unit.api.auth.keyed import Keyed, keyed, token
from tests.unit.api.auth.whole import whole_app

SEARCH = "/v1/search?q=杯"
SHOP, OTHER = "https://shop.example", "https://other.example"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Keyed]:
    with keyed(tmp_path, roles=(Role.SEARCH, Role.ADMIN)) as made:
        yield made


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    """One app for the tests that leave it as it is."""
    with keyed(tmp_path_factory.mktemp("same"), roles=(Role.SEARCH, Role.ADMIN)) as made:
        yield made


@pytest.mark.parametrize(
    "given",
    ["Bearer", "Bearer xh_1_2", "Basic dTpw", pytest.param(f"Bearer {told('0123456789ab')}", id="nobody's"), ""],
)
def test_no_key_of_ours(same: Keyed, given: str) -> None:  # 1
    answer = same.client.get(SEARCH, headers={"Authorization": given})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["error"]["field"] == "authorization"
    assert not given[7:] or given[7:] not in answer.text


def test_a_key_that_ended(app: Keyed) -> None:  # 1, 2
    assert app.ask(Role.SEARCH, "GET", SEARCH).status_code == 200
    key = app.keys[Role.SEARCH]
    text = told(key.id)
    app.store.change(key.id, lambda key: key.rotated(text, app.clock(), 60))
    app.clock.now += 1
    assert app.ask(Role.SEARCH, "GET", SEARCH).status_code == 200
    app.clock.now += 60
    assert "no such key" in app.ask(Role.SEARCH, "GET", SEARCH).json()["error"]["message"]
    app.told[Role.SEARCH] = text
    assert app.ask(Role.SEARCH, "GET", SEARCH).status_code == 200
    app.store.change(key.id, lambda key: key.taken_back(app.clock()))
    app.clock.now += 0.9
    assert app.ask(Role.SEARCH, "GET", SEARCH).status_code == 200
    app.clock.now += 0.1
    assert "was revoked" in app.ask(Role.SEARCH, "GET", SEARCH).json()["error"]["message"]
    app.clock.now += 1000
    refused = app.ask(Role.ADMIN, "GET", SEARCH)
    assert (refused.status_code, "has expired" in refused.text) == (401, True)
    assert app.told[Role.ADMIN] not in refused.text


def test_in_a_url(same: Keyed) -> None:  # 3
    key, shopper = same.told[Role.ADMIN], token("u1")
    everywhere = "".join(f"%{ord(char):02X}" for char in key)
    for path in (
        f"/v1/search?q=杯&key={key}", f"/v1/search?q={key}", f"/v1/search?api_key={everywhere}", f"/v1/products/{key}",
        f"/healthz?{key}", f"/?x={quote(f'Bearer {key}')}", f"/v1/search?token={shopper}",
        f"/v1/users/{shopper}/profile", f"/nowhere/{everywhere}",
    ):  # fmt: skip
        for role in (None, Role.ADMIN):
            answer = same.ask(role, "GET", path)
            assert (path, answer.status_code) == (path, 400)
            assert "Authorization: Bearer" in answer.json()["error"]["hint"]
            assert key not in answer.text
            assert shopper not in answer.text


def test_pages(app: Keyed) -> None:  # 4
    key, text = new_key("page", Role.SEARCH, app.clock(), origins=(SHOP,))
    app.store.add(key)
    app.clock.now += 1

    def got(origin: str | None, more: dict[str, str] | None = None) -> tuple[int, str | None]:
        headers = {"Authorization": f"Bearer {text}", **({"Origin": origin} if origin else {}), **(more or {})}
        answer = app.client.get(SEARCH, headers=headers)
        return answer.status_code, answer.headers.get("access-control-allow-origin")

    assert got(None) == (200, None)
    assert got(SHOP) == (200, SHOP)
    assert got(OTHER) == (403, None)
    assert got("http://127.0.0.1:8000") == (200, None)
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization,x-shopper-token"}
    assert app.client.options(SEARCH, headers={"Origin": SHOP, **asked}).status_code == 200
    assert app.client.options(SEARCH, headers={"Origin": OTHER, **asked}).status_code == 400
    app.store.change(key.id, lambda key: key.taken_back(app.clock()))
    app.clock.now += 1
    assert got(SHOP)[0] == 401
    assert app.client.options(SEARCH, headers={"Origin": SHOP, **asked}).status_code == 400


def test_where_keys_cannot_be_read(app: Keyed, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    for path in ("/healthz", "/readyz", "/", "/web/main.js", "/openapi.json"):
        assert app.ask(None, "GET", path).status_code == 200

    def broken() -> str:
        raise StorageError("the keys cannot be read", field="data_dir")

    monkeypatch.setattr(app.store, "version", broken)
    assert app.ask(Role.SEARCH, "GET", SEARCH).status_code == 200
    app.clock.now += 1
    for role in (None, Role.SEARCH, Role.ADMIN):
        assert app.ask(role, "GET", SEARCH).status_code == 503
    assert app.ask(None, "GET", "/healthz").status_code == app.ask(None, "GET", "/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/web/main.js", "/healthz", "/v1/search", "/nowhere", "/?a=%FF"])
def test_security_headers(same: Keyed, path: str) -> None:  # 6
    headers = same.client.get(path).headers
    own = {"Content-Security-Policy": POLICY.format(hosts="")} if path in ("/", "/web/main.js") else {}
    assert {name: headers[name] for name in SECURITY} == SECURITY | own


def test_the_page_has_its_key(tmp_path: Path) -> None:  # 7
    key = told("0123456789ab")
    with TestClient(whole_app(tmp_path, page_key=key)) as client:
        assert f'<meta name="key" content="{key}">' in client.get("/").text
        scripts = [client.get(f"/web/{name}").text for name in ("main.js", "call.js", "base.css")]
    assert not any(key in text for text in scripts)


def test_no_log_line(same: Keyed, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:  # 8
    key, shopper = same.told[Role.ADMIN], token("u1")
    logs = [logging.getLogger(name) for name in ("xunhuo", "xunhuo.access", "xunhuo.error", "xunhuo.keys")]
    for each in logs:
        monkeypatch.setattr(each, "propagate", True)
    monkeypatch.setattr(Keyring, "key_of", broken)
    with caplog.at_level(logging.DEBUG):
        assert same.ask(Role.ADMIN, "GET", SEARCH, "u1").status_code == 500
        for path in (f"/v1/search?q={key}", f"/v1/search?t={shopper}"):
            assert same.ask(Role.ADMIN, "GET", path, "u1").status_code == 400
    ours = "".join(logging.Formatter().format(each) for each in caplog.records if each.name.startswith("xunhuo"))
    assert "RuntimeError: ours" in ours
    assert not any(secret in ours for secret in (key, key[16:], shopper))


def broken(*_: object) -> NoReturn:
    raise RuntimeError("ours")


def test_the_description(same: Keyed) -> None:  # 9
    document = same.client.get("/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"key", "shopper"}
    needs = {path: document["paths"][path]["get"].get("security") for path in ("/healthz", "/v1/live", "/v1/search")}
    assert needs == {
        "/healthz": None,
        "/v1/live": [{"key": []}],
        "/v1/search": [{"key": []}, {"key": [], "shopper": []}],
    }
