"""/v1/admin/reports: what evaluations wrote into the data folder, listed, and file by file.

A page of a report is sent to be kept, not to be shown: as a page of this service its own policy would leave it bare.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response

from api.answers import json_response
from api.aside import Aside
from api.auth.route import GuardedRoute
from api.openapi import error_answers
from api.understood_schema import Shape
from indexer.reports import Reports

ALL = "/v1/admin/reports"
_TYPES = {"json": "application/json", "html": "text/html"}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {type: {"schema": {}} for type in _TYPES.values()}}
}


class ReportAnswer(Shape):
    """A report: `comparison` of two runs, a `run`, or a `page`; its files."""

    name: str
    kind: str
    at: float
    files: list[str]


class ReportsAnswer(Shape):
    """All of them, the newest first."""

    reports: list[ReportAnswer]
    request_id: str


def report_routes(reports: Reports) -> APIRouter:
    """The routes over one folder."""
    router, work = APIRouter(route_class=GuardedRoute, tags=["reports"]), Aside()

    @router.get(ALL, summary="Reports of evaluations", response_model=ReportsAnswer, responses=error_answers(503))
    async def all_of_them(request: Request) -> Response:
        found = await work(reports.all)
        return json_response({"reports": list(map(asdict, found)), "request_id": request.state.request_id})

    @router.get(
        f"{ALL}/{{name}}/{{file}}", summary="A file of a report", response_class=Response,
        responses=error_answers(404, 503) | _FILE,
    )  # fmt: skip
    async def one(name: str, file: str) -> Response:
        content = await work(lambda: reports.read(name, file))
        headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment"}
        return Response(content, headers=headers, media_type=_TYPES[file.rpartition(".")[2]])

    return router
