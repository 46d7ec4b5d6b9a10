"""What machines ask: is the process alive, may it get traffic, what did it count."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.answers import json_response
from api.auth.route import GuardedRoute
from api.openapi import error_answers
from api.service import Service
from retrieval.errors import NotReady

TEXT = {"description": "Version 1.0.0 of the format", "content": {"text/plain": {"schema": {"type": "string"}}}}


def health_routes(service: Service) -> APIRouter:
    """Liveness, readiness and metrics of one service."""
    router = APIRouter(route_class=GuardedRoute, tags=["operations"])

    @router.get("/healthz", summary="The process is alive", responses=error_answers())
    async def healthz() -> Response:
        return json_response({"status": "ok"})

    @router.get("/readyz", summary="A generation serves (503 until then)", responses=error_answers(503))
    async def readyz() -> Response:
        generation = service.engine.generation
        problem = service.refresher.last_error
        if generation is None:
            message = problem or "No generation has been published yet."
            raise NotReady(message, field="generation", hint="Build and publish one; it is opened by itself.")
        answer = {"status": "ready", "generation": generation, "refresh_error": problem}
        return json_response(answer | {"engine": dict(service.engine.status())})

    @router.get(
        "/metrics", summary="Counters in the text format of Prometheus", response_class=Response,
        responses=error_answers() | {200: TEXT},
    )  # fmt: skip
    async def metrics() -> Response:
        # What serves is asked of the journal, which may be on another machine.
        told = await to_thread.run_sync(service.metrics.exposition)
        return Response(told, media_type=CONTENT_TYPE_LATEST)

    return router
