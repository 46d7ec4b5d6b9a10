"""Videos: one to watch, what to search after it, and the moments of a product.

An id may contain slashes, so the longer paths come first.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import json_response
from api.auth.route import GuardedRoute
from api.mall_schema import SizeParams
from api.openapi import error_answers
from api.protocols import VideoDesk
from api.requests import check_given_once, size_of
from api.service import Service
from api.video_answers import after_answer, moments_answer, video_answer
from api.video_schema import AfterAnswerShape, MomentsAnswerShape, VideoAnswer

_FAILURES = error_answers(404, 503, 504)


def video_routes(service: Service, videos: VideoDesk) -> APIRouter:
    """The routes over one desk."""
    router = APIRouter(route_class=GuardedRoute, tags=["videos"])

    @router.get(
        "/v1/products/{id:path}/moments", summary="Where a product is shown", response_model=MomentsAnswerShape,
        responses=_FAILURES,
    )  # fmt: skip
    async def moments(id: str, request: Request, params: Annotated[SizeParams, Query()]) -> Response:
        check_given_once(request.query_params)
        size = size_of(params.size, service.options)
        found = await service.within(lambda left_ms: videos.moments(id, size, left_ms))
        return json_response(moments_answer(found, request_id=request.state.request_id))

    @router.get(
        "/v1/videos/{id:path}/queries", summary="看后搜: what to search next", response_model=AfterAnswerShape,
        responses=_FAILURES,
    )  # fmt: skip
    async def queries(id: str, request: Request, params: Annotated[SizeParams, Query()]) -> Response:
        check_given_once(request.query_params)
        size = size_of(params.size, service.options)
        found = await service.within(lambda left_ms: videos.queries(id, size, left_ms))
        return json_response(after_answer(found, request_id=request.state.request_id))

    @router.get("/v1/videos/{id:path}", summary="One video", response_model=VideoAnswer, responses=_FAILURES)
    async def video(id: str, request: Request) -> Response:
        found = await service.within(lambda left_ms: videos.watch(id, left_ms))
        return json_response(video_answer(found, request_id=request.state.request_id))

    return router
