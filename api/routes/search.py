"""GET and POST /v1/search: two ways to ask the same thing."""

from __future__ import annotations

from email.message import Message
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response

from api.answer_schema import SearchAnswer
from api.answers import json_response, search_answer
from api.auth.caller import check_user
from api.auth.route import GuardedRoute, Handler
from api.errors import UnsupportedMediaType
from api.openapi import error_answers
from api.requests import check_given_once, in_parameter_names, params_to_body, to_search_request
from api.schemas import SearchBody, SearchParams
from api.service import Service
from retrieval.errors import InvalidRequest

SUMMARY = "找货: search products by text and by meaning"
FAILURES = error_answers(410, 503, 504)


class JsonRequest(Request):
    """Reads the body with a parser that takes JSON (RFC 8259) and nothing else: no NaN, no lone surrogates, no depth
    that breaks the stack."""

    async def json(self) -> Any:
        return orjson.loads(await self.body())


class JsonRoute(GuardedRoute):
    """Answers a POST that is not declared to be JSON with 415 before its body is parsed."""

    def reading(self, handle: Handler) -> Handler:
        async def handle_json(request: Request) -> Response:
            if request.method == "POST" and not is_json(request.headers.get("content-type", "")):
                message = "The body must be JSON."
                hint = "Send Content-Type: application/json."
                raise UnsupportedMediaType(message, field="content-type", hint=hint)
            return await handle(JsonRequest(request.scope, request.receive))

        return handle_json


def search_routes(service: Service) -> APIRouter:
    """The two routes over one service."""
    router = APIRouter(route_class=JsonRoute, tags=["search"])

    @router.get("/v1/search", summary=SUMMARY, response_model=SearchAnswer, responses=FAILURES)
    async def search_get(request: Request, params: Annotated[SearchParams, Query()]) -> Response:
        check_given_once(request.query_params)
        try:
            return await _answer(service, params_to_body(params), request)
        except InvalidRequest as error:
            raise in_parameter_names(error) from None

    @router.post("/v1/search", summary=SUMMARY, response_model=SearchAnswer, responses=FAILURES)
    async def search_post(request: Request, body: Annotated[SearchBody, Body()]) -> Response:
        return await _answer(service, body, request)

    return router


async def _answer(service: Service, body: SearchBody, request: Request) -> Response:
    check_user(request, body.user_id)
    asked = to_search_request(body, service.options)
    found = await service.search(asked)
    paid = await service.sponsored(asked, found)
    return json_response(search_answer(found, request_id=request.state.request_id, sponsored=paid))


def is_json(content_type: str) -> bool:
    header = Message()
    header["content-type"] = content_type
    return header.get_content_maintype() == "application" and (
        header.get_content_subtype() == "json" or header.get_content_subtype().endswith("+json")
    )
