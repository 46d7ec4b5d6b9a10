"""/v1/admin/judging: sets of queries, handed out to two judges who do not see each other, and the files of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from api.answers import json_response
from api.aside import Aside
from api.auth.caller import caller_of
from api.judging_schema import ExportParams, GradesBody, JudgeParams, SetAnswer, SetBody, SetsAnswer, TaskAnswer
from api.openapi import error_answers
from api.requests import check_given_once
from api.routes.search import JsonRoute
from api.routes.takedowns import operator_of
from indexer.judging.desk import JudgingDesk, Task
from indexer.judging.sheet import Sheet
from retrieval.errors import InvalidRequest

ALL = "/v1/admin/judging"
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "Lines", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


def judging_routes(desk: JudgingDesk) -> APIRouter:
    """The routes over one desk."""
    router, work = APIRouter(route_class=JsonRoute, tags=["judging"]), Aside(2)

    @router.get(ALL, summary="Sets that are judged", response_model=SetsAnswer, responses=error_answers(503))
    async def sets(request: Request) -> Response:
        found = [set_answer(sheet) for sheet in await work(desk.sheets)]
        return json_response({"sets": found, "request_id": request.state.request_id})

    @router.post(ALL, summary="Make a set", response_model=SetsAnswer, responses=error_answers(409, 503, 504))
    async def make(body: Annotated[SetBody, Body()], request: Request) -> Response:
        by = operator_of(request)
        made = await work(lambda: desk.make(body.name, body.queries, body.depth, by=by))
        return json_response({"sets": [set_answer(made)], "request_id": request.state.request_id})

    @router.get(
        f"{ALL}/{{name}}/next", summary="What a judge does next", response_model=TaskAnswer,
        responses=error_answers(404, 409, 503),
    )  # fmt: skip
    async def next_task(name: str, request: Request, params: Annotated[JudgeParams, Query()]) -> Response:
        check_given_once(request.query_params)
        judge = judge_of(request, params.judge)
        return await told(name, judge, request, await work(lambda: desk.next(name, judge)))

    @router.post(
        f"{ALL}/{{name}}/grades", summary="Grade", response_model=TaskAnswer, responses=error_answers(404, 409, 503)
    )  # fmt: skip
    async def grade(name: str, body: Annotated[GradesBody, Body()], request: Request) -> Response:
        judge = judge_of(request, body.judge)
        return await told(name, judge, request, await work(lambda: desk.grade(name, judge, body.qid, body.grades)))

    @router.get(
        f"{ALL}/{{name}}/export", summary="Judgments or queries as a file", response_class=Response,
        responses=error_answers(404, 503) | _FILE,
    )  # fmt: skip
    async def export(name: str, request: Request, params: Annotated[ExportParams, Query()]) -> Response:
        check_given_once(request.query_params)
        sheet = await work(lambda: desk.sheet(name))
        lines = sheet.qrels() if params.file == "qrels" else sheet.queries()
        return Response("".join(lines), media_type="text/plain", headers={"Cache-Control": "no-store"})

    async def told(name: str, judge: str, request: Request, task: Task) -> Response:
        sheet = await work(lambda: desk.sheet(name))
        disputed = [
            {"qid": topic.qid, "query": topic.query, "document": asdict(document), "grades": grades}
            for topic, document, grades in (sheet.disputed() if judge in sheet.said else ())
        ]
        body = {**asdict(task), "judge": judge, "disputed": disputed, "request_id": request.state.request_id}
        return json_response(body)

    return router


def judge_of(request: Request, said: str) -> str:
    """Who judges: the key that was shown, else the name that was said. Raises InvalidRequest."""
    judge = caller_of(request).key_id or said.strip()
    if not judge:
        raise InvalidRequest("Who judges?", field="judge", hint="Say a name; with keys it is the key.")
    return judge


def set_answer(sheet: Sheet) -> dict[str, Any]:
    """A set as the API and the command line tell it."""
    agreed = sheet.agreement()
    return SetAnswer(
        name=sheet.name, by=sheet.by, at=sheet.at, queries=len(sheet.topics), size=sheet.size,
        judges={judge: sheet.done(judge) for judge in sheet.said}, finished=sheet.finished,
        agreement=asdict(agreed) if agreed else None,  # type: ignore[arg-type]
    ).model_dump()  # fmt: skip
