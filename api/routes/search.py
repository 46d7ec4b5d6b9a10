"""GET and POST /v1/search: two ways to ask the same thing."""

from __future__ import annotations

from email.message import Message
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import ValidationError

from api.answer_schema import SearchAnswer
from api.answers import json_response, search_answer
from api.auth.caller import check_user
from api.auth.route import GuardedRoute, Handler
from api.errors import UnsupportedMediaType
from api.observe import Noted
from api.openapi import error_answers
from api.requests import check_given_once, given_in, in_parameter_names, params_to_body, to_search_request
from api.schemas import SearchBody, SearchParams
from api.service import SEARCH, Service
from retrieval.answer import SearchResponse
from retrieval.errors import InvalidRequest
from retrieval.request import SearchRequest

SUMMARY = "找货: search products by text and by meaning"
FAILURES = error_answers(410, 503, 504)
_KNOWN_BYTES = 1024
"""Of the longest address that is remembered as it was read."""


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

    class SearchRoute(JsonRoute):
        """Reads an address once, and as a whole: field by field it takes the framework as long as half of an answer
        that is remembered. What is wrong with one is for the framework to say."""

        def reading(self, handle: Handler) -> Handler:
            read = super().reading(handle)

            async def handle_known(request: Request) -> Response:
                if request.method == "POST":
                    return await read(request)
                asked = service.read.get(request.scope["query_string"])
                if asked is None:
                    try:
                        params = SearchParams.model_validate(given_in(request.query_params))
                    except ValidationError:
                        return await read(request)
                    asked = read_url(params, request)
                return await answer_url(asked, request)

            return handle_known

    def read_url(params: SearchParams, request: Request) -> SearchRequest:
        check_given_once(request.query_params)
        try:
            asked = to_search_request(params_to_body(params), service.options)
        except InvalidRequest as error:
            raise in_parameter_names(error) from None
        if len(written := request.scope["query_string"]) <= _KNOWN_BYTES:
            service.read[written] = asked
        return asked

    async def answer_url(asked: SearchRequest, request: Request) -> Response:
        try:
            return await _answer(service, asked, request)
        except InvalidRequest as error:
            raise in_parameter_names(error) from None

    router = APIRouter(route_class=SearchRoute, tags=["search"])

    @router.get(SEARCH, summary=SUMMARY, response_model=SearchAnswer, responses=FAILURES)
    async def search_get(request: Request, params: Annotated[SearchParams, Query()]) -> Response:
        return await answer_url(read_url(params, request), request)

    @router.post(SEARCH, summary=SUMMARY, response_model=SearchAnswer, responses=FAILURES)
    async def search_post(request: Request, body: Annotated[SearchBody, Body()]) -> Response:
        return await _answer(service, to_search_request(body, service.options), request)

    return router


async def _answer(service: Service, asked: SearchRequest, request: Request) -> Response:
    check_user(request, asked.user_id)
    found = await service.search(asked)
    request.state.noted = noted_of(found, query=asked.query if service.options.log_queries else None)
    paid = await service.sponsored(asked, found)
    return json_response(search_answer(found, request_id=request.state.request_id, sponsored=paid))


def noted_of(found: SearchResponse, *, query: str | None) -> Noted:
    """What the log and traces say of an answer; the query where it is given."""
    line: dict[str, Any] = {
        "steps_ms": {lap.name: round(lap.seconds * 1000, 3) for lap in found.laps}, "hits": found.total.value,
        "degraded": found.degraded,
    }  # fmt: skip
    return Noted(line if query is None else line | {"query": query}, found.laps)


def is_json(content_type: str) -> bool:
    header = Message()
    header["content-type"] = content_type
    return header.get_content_maintype() == "application" and (
        header.get_content_subtype() == "json" or header.get_content_subtype().endswith("+json")
    )
