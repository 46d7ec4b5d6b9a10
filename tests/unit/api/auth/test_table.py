"""The table of who may what:

1. Its lines are exactly the routes of the app.
2. An app with a route that has no line, or that does not look at the table, does not start, and says what to do.
3. A table with a cell too few, an unknown word or a line twice is no table.
4. Every described route says what a wrong request gets.
5. An admin may all; whoever may more reads what a search key reads; only servers act for shoppers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api.auth import table
from api.auth.route import GuardedRoute, check_guarded
from api.auth.table import LINES, Cell
from api.routes.search import JsonRoute
from retrieval.errors import SettingsError
from retrieval.keys.key import Role
from tests.unit.api.auth.whole import whole_app

HIDDEN = ("/", "/web/{name}", "/desk", "/web/desk/{name}", "/openapi.json", "/v1/demo/shoppers")
"""Routes of GET that the description leaves out."""


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    described = app.openapi()["paths"]
    yield from ((method.upper(), path) for path, methods in described.items() for method in methods)
    yield from (("GET", path) for path in HIDDEN)


def test_every_route_has_its_line(tmp_path: Path) -> None:  # 1
    assert sorted(routes_of(whole_app(tmp_path))) == sorted(LINES)


def test_every_route_says_what_a_wrong_request_gets(tmp_path: Path) -> None:  # 4
    described = whole_app(tmp_path).openapi()["paths"]
    answers = {(method, path): {*what["responses"]} for path, of in described.items() for method, what in of.items()}
    assert [route for route, given in answers.items() if not {"400", "401", "403", "429", "500"} <= given] == []


def routed(method: str, path: str, cls: type[APIRoute]) -> APIRouter:
    router = APIRouter(route_class=cls)
    router.add_api_route(path, lambda: None, methods=[method])
    return router


@pytest.mark.parametrize("cls", [GuardedRoute, JsonRoute])
def test_a_route_without_a_line(cls: type[APIRoute]) -> None:  # 2
    with pytest.raises(SettingsError, match="POST /v1/new has no line") as refused:
        check_guarded(routed("POST", "/v1/new", cls))
    assert refused.value.hint == "Add one to TABLE in api/auth/table.py."


def test_a_route_that_does_not_look() -> None:  # 2
    with pytest.raises(SettingsError, match="/v1/search is open to everybody") as refused:
        check_guarded(routed("GET", "/v1/search", APIRoute))
    assert "route_class=GuardedRoute" in str(refused.value.hint)


HEAD = "method path nobody search events indexer operator admin\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "GET / yes yes yes yes yes",
        HEAD + "GET / yes yes yes yes yes maybe",
        HEAD + "GET / yes yes yes yes yes yes\nGET / no no no no no no",
        HEAD.replace("nobody ", "") + "GET / yes yes yes yes yes",
    ],
)
def test_no_table(text: str) -> None:  # 3
    with pytest.raises(ValueError, match=r"cells|columns|maybe"):
        table.read(text)


def test_what_roles_have_in_common() -> None:  # 5
    for line in LINES.values():
        cells = {role: line.of(role) for role in Role}
        assert cells[Role.ADMIN] in (Cell.YES, Cell.ANY)
        assert (line.of(None) is Cell.YES) == (set(cells.values()) == {Cell.YES} and "/v1" not in line.path)
        assert {role for role, cell in cells.items() if cell is Cell.ANY} <= {Role.EVENTS, Role.ADMIN}
        if line.method == "GET" and "users" not in line.path and cells[Role.SEARCH] is not Cell.NO:
            assert Cell.NO not in cells.values()
