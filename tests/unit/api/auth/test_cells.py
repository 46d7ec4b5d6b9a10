"""Role × route × own or other user: exactly the documented cells, with one app.

1. `no`: 401 without a key, 403 with one, and nothing was done. `yes`: it is answered.
2. `own`: nobody's things are answered; those of a shopper with the token of that shopper alone: without one 401, with
   that of another 403. `any`: answered for every shopper, but never with the token of another one.
3. A service that reads no tokens answers `own` for nobody's things alone.
4. A batch of events in which one is in the name of somebody else is not kept at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.auth.table import LINES, Cell, Line
from retrieval.keys.key import Role
from tests.unit.api.auth.keyed import Keyed, keyed

ROLES = (None, *Role)
EVENT = {"ts": 1_714_521_600, "type": "click", "item_id": "p1"}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/search"): {"json": {"query": "杯"}},
    ("POST", "/v1/events"): {"json": {"events": [EVENT | {"session_id": "s1"}]}},
    ("PUT", "/v1/users/{id}/consent"): {"json": {"consent": True}},
    ("POST", "/v1/live/{id}/state"): {"json": {"state": "on_air", "ts": 1_714_521_600}},
    ("PUT", "/v1/dictionaries/{name}"): {"content": b"", "headers": {"If-Match": "*"}},
}
"""What a route needs to be answered; the others need nothing."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    with keyed(tmp_path_factory.mktemp("keyed")) as made:
        yield made


@pytest.fixture(scope="module")
def tokenless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    with keyed(tmp_path_factory.mktemp("tokenless"), tokens=False) as made:
        yield made


def status(app: Keyed, role: Role | None, line: Line, user: str = "", shopper: str = "") -> int:
    """Of a request about `user`, "" for nobody, with the token of `shopper`."""
    given = dict(BODIES.get((line.method, line.path), {}))
    filled = {"{id}": user or "u1", "{interest}": "brand:x", "{name}": "base.css" if "web" in line.path else "synonyms"}
    path = line.path
    for name, value in filled.items():
        path = path.replace(name, value)
    if user and "/users/" not in line.path:
        if line.path == "/v1/events":
            given["json"] = {"events": [EVENT | {"user_id": user}]}
        elif "json" in given:
            given["json"] = given["json"] | {"user_id": user}
        else:
            path += f"?user_id={user}"
    return int(app.ask(role, line.method, path, shopper, **given).status_code)


LET_IN = frozenset({200, 400, 404, 409, 415})
"""Whoever may ask is answered; what is asked here is often not there, or not all that the route needs."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("line", LINES.values(), ids=lambda line: f"{line.method} {line.path}")
def test_a_cell(app: Keyed, line: Line, role: Role | None) -> None:  # 1, 2
    match line.of(role):
        case Cell.NO:
            assert {status(app, role, line, *who) for who in ((), ("u1",), ("u1", "u1"))} == {403 if role else 401}
        case Cell.YES:
            assert status(app, role, line) in LET_IN
        case reach:
            if "/users/" not in line.path:
                assert status(app, role, line) in LET_IN
            assert status(app, role, line, "u1", "u1") in LET_IN
            assert status(app, role, line, "u1", "u2") == 403
            alone = status(app, role, line, "u1")
            assert (alone in LET_IN) if reach is Cell.ANY else (alone == 401)


@pytest.mark.parametrize("line", [line for line in LINES.values() if Cell.OWN in line.cells.values()], ids=str)
def test_without_tokens(tokenless: Keyed, line: Line) -> None:  # 3
    for role in Role:
        if line.of(role) is Cell.OWN:
            assert status(tokenless, role, line, "u1") == 403
        if line.of(role) is Cell.ANY:
            assert status(tokenless, role, line, "u1") in LET_IN


def test_a_batch_of_several(app: Keyed) -> None:  # 4
    events = [EVENT | {"id": f"e{who}", "user_id": who} for who in ("u7", "u8")]
    assert app.ask(Role.SEARCH, "POST", "/v1/events", "u7", json={"events": events}).status_code == 403
    held = app.ask(Role.ADMIN, "GET", "/v1/users/u7/export").text
    assert "eu7" not in held
    assert app.ask(Role.SEARCH, "POST", "/v1/events", "u7", json={"events": events[:1]}).json()["accepted"] == 1
    assert "eu7" in app.ask(Role.ADMIN, "GET", "/v1/users/u7/export").text
