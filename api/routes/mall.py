"""What the mall recommends: a feed, things like a thing, queries like a query.

The paths below a product come before that of the product, whose id may contain slashes.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import json_response
from api.auth.caller import check_user
from api.auth.route import GuardedRoute
from api.mall_answers import also_answer, feed_answer, related_answer, similar_answer
from api.mall_schema import (
    AlsoAnswerShape,
    FeedAnswerShape,
    FeedParams,
    RelatedAnswerShape,
    RelatedParams,
    SimilarAnswerShape,
    SizeParams,
)
from api.openapi import error_answers
from api.protocols import MallDesk
from api.requests import check_given_once, size_of
from api.service import Service
from retrieval.mall.answer import FeedRequest

_FAILURES = error_answers(404, 410, 503, 504)
_PRODUCT = "/v1/products/{id:path}"


def mall_routes(service: Service, mall: MallDesk) -> APIRouter:
    """The routes over one mall."""
    router = APIRouter(route_class=GuardedRoute, tags=["mall"])

    @router.get("/v1/mall/feed", summary="逛: a feed", response_model=FeedAnswerShape, responses=_FAILURES)
    async def feed(request: Request, params: Annotated[FeedParams, Query()]) -> Response:
        check_given_once(request.query_params)
        check_user(request, params.user_id)
        size = size_of(params.size, service.options)

        def work(left_ms: float | None) -> dict[str, object]:
            asked = FeedRequest(
                params.user_id, params.session_id, params.category, params.cursor, size, params.personalize,
                timeout_ms=left_ms,
            )  # fmt: skip
            found = mall.feed(asked)
            service.metrics.observe_feed(found)
            return feed_answer(found, request_id=request.state.request_id)

        return json_response(await service.within(work))

    @router.get(_PRODUCT + "/similar", summary="Like it", response_model=SimilarAnswerShape, responses=_FAILURES)
    async def similar(id: str, request: Request, params: Annotated[SizeParams, Query()]) -> Response:
        check_given_once(request.query_params)
        size = size_of(params.size, service.options)
        found = await service.within(lambda left_ms: mall.similar(id, size, left_ms))
        return json_response(similar_answer(found, request_id=request.state.request_id))

    @router.get(_PRODUCT + "/also", summary="With it", response_model=AlsoAnswerShape, responses=_FAILURES)
    async def also(id: str, request: Request, params: Annotated[SizeParams, Query()]) -> Response:
        check_given_once(request.query_params)
        size = size_of(params.size, service.options)
        found = await service.within(lambda left_ms: mall.also(id, size, left_ms))
        return json_response(also_answer(found, request_id=request.state.request_id))

    @router.get(
        "/v1/queries/related", summary="Queries like it", response_model=RelatedAnswerShape, responses=_FAILURES
    )
    async def related(request: Request, params: Annotated[RelatedParams, Query()]) -> Response:
        check_given_once(request.query_params)
        size = size_of(params.size, service.options)
        found = await service.within(lambda _: mall.related(params.q, size))
        return json_response(related_answer(found, request_id=request.state.request_id))

    return router
