"""/v1/admin/rules: merchandising rules, looked at, checked, tried out, published and taken back.

The number of a version is the entity tag. Who publishes names the version that the rules were made from (``If-Match``),
so of two who publish at once the second is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Body, Request, Response

from api.answers import json_response
from api.auth.caller import caller_of
from api.openapi import error_answers
from api.routes.dictionaries import version_of
from api.routes.search import JsonRoute
from api.rules_schema import (
    CheckedAnswer,
    PreviewBody,
    RollbackBody,
    RuleHistoryAnswer,
    RulesBody,
    RuleSetAnswer,
    RulesPreviewAnswer,
)
from indexer.rules.desk import RuleDesk, as_yaml
from retrieval.rules.book import Version
from retrieval.rules.problems import Problem

T = TypeVar("T")
PATH = "/v1/admin/rules"
BODIES = tuple(f"{PATH}/{name}" for name in ("validate", "preview", "publish"))
"""Where whole sets are sent."""
_NONE: dict[str, Any] = {"rules": []}


def rule_routes(desk: RuleDesk) -> APIRouter:
    """The routes over one desk; its work has a thread of its own, beside those of searches."""
    router = APIRouter(route_class=JsonRoute, tags=["rules"])
    limiter = CapacityLimiter(1)

    async def work(done: Callable[[], T]) -> T:
        return await to_thread.run_sync(done, limiter=limiter)

    @router.get(PATH, summary="The rules in force", response_model=RuleSetAnswer, responses=error_answers(503))
    async def current(request: Request) -> Response:
        return _whole(await work(desk.book.version), request)

    @router.get(
        f"{PATH}/history", summary="All versions", response_model=RuleHistoryAnswer, responses=error_answers(503)
    )
    async def history(request: Request) -> Response:
        versions = [_version(each) for each in await work(desk.book.versions)]
        return json_response({"versions": versions, "request_id": request.state.request_id})

    @router.get(
        f"{PATH}/versions/{{number}}", summary="One version", response_model=RuleSetAnswer,
        responses=error_answers(404, 503),
    )  # fmt: skip
    async def one(number: int, request: Request) -> Response:
        return _whole(await work(lambda: desk.book.version(number)), request)

    @router.post(
        f"{PATH}/validate", summary="What is wrong with rules", response_model=CheckedAnswer, responses=error_answers(),
    )  # fmt: skip
    async def validate(body: Annotated[RulesBody, Body()], request: Request) -> Response:
        read = await work(lambda: desk.check(body.rules))
        checked = {"rules": len(read.rules.rules), "publishable": read.publishable}
        return json_response(checked | {"problems": _problems(read.problems), "request_id": request.state.request_id})

    @router.post(
        f"{PATH}/preview", summary="What rules would change", response_model=RulesPreviewAnswer,
        responses=error_answers(503),
    )  # fmt: skip
    async def preview(body: Annotated[PreviewBody, Body()], request: Request) -> Response:
        now = body.at.timestamp() if body.at else None
        read, found = await work(lambda: desk.preview(body.rules, body.queries, now))
        said = {"problems": _problems(read.problems), "request_id": request.state.request_id}
        return json_response(asdict(found) | said)

    @router.post(
        f"{PATH}/publish", summary="Put rules in force", response_model=RuleSetAnswer,
        responses=error_answers(412, 428, 503),
    )  # fmt: skip
    async def publish(body: Annotated[RulesBody, Body()], request: Request) -> Response:
        expected, by = version_of(request.headers.get("if-match")), caller_of(request).key_id
        read, version = await work(lambda: desk.publish(body.rules, by=by, note=body.note, expected=expected))
        return _whole(version, request, read.problems)

    @router.post(
        f"{PATH}/rollback", summary="Put an older version in force", response_model=RuleSetAnswer,
        responses=error_answers(404, 412, 428, 503),
    )  # fmt: skip
    async def rollback(body: Annotated[RollbackBody, Body()], request: Request) -> Response:
        expected, by = version_of(request.headers.get("if-match")), caller_of(request).key_id
        version = await work(lambda: desk.rollback(body.version, by=by, note=body.note, expected=expected))
        return _whole(version, request)

    return router


def _whole(version: Version | None, request: Request, problems: Sequence[Problem] = ()) -> Response:
    answer = json_response(
        {
            "version": version and _version(version),
            "document": version.document if version else _NONE,
            "text": as_yaml(version.document if version else _NONE),
            "problems": _problems(problems),
            "request_id": request.state.request_id,
        }
    )
    answer.headers["ETag"] = f'"{version.number if version else 0}"'
    return answer


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "at": datetime.fromtimestamp(version.at, UTC),
        "by": version.by,
        "note": version.note,
        "restored": version.restored,
        "rules": version.rules,
    }


def _problems(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in problems]
