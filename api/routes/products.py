"""GET /v1/products/{id}: one record as it came."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.answer_schema import ProductAnswer
from api.answers import json_response
from api.auth.route import GuardedRoute
from api.openapi import error_answers
from api.record import public
from api.service import Service


def product_routes(service: Service) -> APIRouter:
    """The route over one service; an id may contain slashes."""
    router = APIRouter(route_class=GuardedRoute, tags=["products"])

    failures = error_answers(404, 503, 504)

    @router.get("/v1/products/{id:path}", summary="One product", response_model=ProductAnswer, responses=failures)
    async def product(id: str, request: Request) -> Response:
        found = await service.product(id)
        return json_response(
            {
                "product": public(found.record),
                "generation": found.generation,
                "request_id": request.state.request_id,
            }
        )

    return router
