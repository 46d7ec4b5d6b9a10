"""What completes and offers queries: while somebody types, and before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import json_response
from api.auth.caller import check_user
from api.auth.route import GuardedRoute
from api.mall_schema import SizeParams
from api.openapi import error_answers
from api.protocols import SuggestDesk
from api.requests import check_given_once, size_of
from api.service import Service
from api.suggest_answers import hot_answer, shade_answer, suggest_answer
from api.suggest_schema import HotAnswerShape, ShadeAnswerShape, ShadeParams, SuggestAnswerShape, SuggestParams
from retrieval.suggest.answer import SuggestRequest

_FAILURES = error_answers(503, 504)
_USUAL = 10
"""Lines of a list."""


def suggest_routes(service: Service, suggest: SuggestDesk) -> APIRouter:
    """The routes over one suggester."""
    router = APIRouter(route_class=GuardedRoute, tags=["suggest"])

    def asked(request: Request, params: ShadeParams, q: str = "") -> SuggestRequest:
        check_given_once(request.query_params)
        check_user(request, params.user_id)
        return SuggestRequest(q, params.user_id, params.session_id, _size(params.size, service), params.personalize)

    @router.get("/v1/suggest", summary="Completions", response_model=SuggestAnswerShape, responses=_FAILURES)
    async def suggestions(request: Request, params: Annotated[SuggestParams, Query()]) -> Response:
        wanted = asked(request, params, params.q)
        found = await service.within(lambda _: suggest.suggest(wanted))
        service.metrics.observe_suggest(found, suggest.looked_up())
        return json_response(suggest_answer(found, request_id=request.state.request_id))

    @router.get("/v1/suggest/hot", summary="The hot list", response_model=HotAnswerShape, responses=_FAILURES)
    async def hot(request: Request, params: Annotated[SizeParams, Query()]) -> Response:
        check_given_once(request.query_params)
        size = _size(params.size, service)
        found = await service.within(lambda _: suggest.hot(size))
        return json_response(hot_answer(found, request_id=request.state.request_id))

    @router.get("/v1/suggest/shade", summary="底纹词", response_model=ShadeAnswerShape, responses=_FAILURES)
    async def shade(request: Request, params: Annotated[ShadeParams, Query()]) -> Response:
        wanted = asked(request, params)
        found = await service.within(lambda _: suggest.shade(wanted))
        return json_response(shade_answer(found, request_id=request.state.request_id))

    return router


def _size(given: int | None, service: Service) -> int:
    return min(_USUAL, service.options.max_page_size) if given is None else size_of(given, service.options)
