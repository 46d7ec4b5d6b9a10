"""The class of every route: it looks at the table before anything of the request is read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from api.auth.caller import caller_of
from api.auth.table import LINES, Line
from retrieval.errors import SettingsError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """Asks `api.auth.table` whether the caller may.

    Raises:
        SettingsError: when it is made, where the table has no line for it.
    """

    def get_route_handler(self) -> Handler:
        line, handle = line_of(self.methods, self.path_format), self.reading(super().get_route_handler())

        async def guarded(request: Request) -> Response:
            request.state.reach = caller_of(request).reach(line)
            return await handle(request)

        return guarded

    def reading(self, handle: Handler) -> Handler:
        """What reads the request once the caller may ask; a kind of routes may put something before `handle`."""
        return handle


def line_of(methods: Iterable[str] | None, path: str) -> Line:
    """The line of a route. Raises SettingsError where there is none."""
    found = [LINES.get((method, path)) for method in methods or ()]
    if len(found) != 1 or found[0] is None:
        message = f"{', '.join(methods or ())} {path} has no line in the table of who may what."
        raise SettingsError(message, field="route", hint="Add one to TABLE in api/auth/table.py.")
    return found[0]


def check_guarded(router: APIRouter) -> APIRouter:
    """The router, if each of its routes looks at the table. Raises SettingsError."""
    for route in router.routes:
        if not isinstance(route, GuardedRoute):
            message = f"{getattr(route, 'path', route)} is open to everybody."
            raise SettingsError(message, field="route", hint="Make its router with route_class=GuardedRoute.")
        line_of(route.methods, route.path_format)
    return router
