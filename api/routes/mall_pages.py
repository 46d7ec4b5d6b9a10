"""The pages of the mall that have an address of their own: each is one call."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.answers import json_response
from api.auth.caller import check_user
from api.auth.route import GuardedRoute
from api.mall_page_answers import campaign_answer, campaigns_answer, channels_answer, shop_answer
from api.mall_page_schema import (
    CampaignAnswerShape,
    CampaignParams,
    CampaignsAnswerShape,
    CampaignsParams,
    ChannelsAnswerShape,
    ChannelsParams,
    ShopAnswerShape,
    ShopParams,
)
from api.openapi import error_answers
from api.protocols import MallDesk
from api.requests import check_given_once, size_of
from api.service import Service
from retrieval.mall.answer import FeedRequest
from retrieval.mall.pages import CampaignRequest, CampaignsRequest, ShopRequest

_FAILURES = error_answers(404, 503, 504)


def mall_page_routes(service: Service, mall: MallDesk) -> APIRouter:
    """The routes over one mall."""
    router = APIRouter(route_class=GuardedRoute, tags=["mall"])

    @router.get(
        "/v1/mall/channels", summary="Categories, and the page of one", response_model=ChannelsAnswerShape,
        responses=_FAILURES,
    )  # fmt: skip
    async def channels(request: Request, params: Annotated[ChannelsParams, Query()]) -> Response:
        check_given_once(request.query_params)
        check_user(request, params.user_id)
        size = size_of(params.size, service.options)
        asked = FeedRequest(
            params.user_id, params.session_id, params.category, size=size, personalize=params.personalize
        )
        found = await service.within(lambda left_ms: mall.channels(replace(asked, timeout_ms=left_ms)))
        if found.feed:
            service.metrics.observe_feed(found.feed)
        return json_response(channels_answer(found, request_id=request.state.request_id))

    @router.get(
        "/v1/mall/shops/{id:path}", summary="The page of a shop", response_model=ShopAnswerShape, responses=_FAILURES
    )
    async def shop(id: str, request: Request, params: Annotated[ShopParams, Query()]) -> Response:
        check_given_once(request.query_params)
        check_user(request, params.user_id)
        size = size_of(params.size, service.options)
        asked = ShopRequest(
            id, params.category, params.user_id, params.session_id, size, params.personalize
        )  # fmt: skip
        found = await service.within(lambda left_ms: mall.shop(replace(asked, timeout_ms=left_ms)))
        return json_response(shop_answer(found, request_id=request.state.request_id))

    @router.get(
        "/v1/mall/campaigns", summary="The campaigns that run", response_model=CampaignsAnswerShape, responses=_FAILURES
    )
    async def campaigns(request: Request, params: Annotated[CampaignsParams, Query()]) -> Response:
        check_given_once(request.query_params)
        check_user(request, params.user_id)
        asked = CampaignsRequest(params.user_id, params.session_id, params.personalize)
        found = await service.within(lambda left_ms: mall.campaigns(replace(asked, timeout_ms=left_ms)))
        return json_response(campaigns_answer(found, request_id=request.state.request_id))

    @router.get(
        "/v1/mall/campaigns/{id}", summary="The page of one", response_model=CampaignAnswerShape, responses=_FAILURES
    )
    async def campaign(id: str, request: Request, params: Annotated[CampaignParams, Query()]) -> Response:
        check_given_once(request.query_params)
        asked = CampaignRequest(id, params.category, params.offset, size_of(params.size, service.options))
        found = await service.within(lambda left_ms: mall.campaign(replace(asked, timeout_ms=left_ms)))
        return json_response(campaign_answer(found, request_id=request.state.request_id))

    return router
