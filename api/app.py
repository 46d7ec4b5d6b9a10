"""The HTTP service around an engine. It owns nothing global: several apps may live in one process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.auth.access import Access
from api.auth.door import Cors, Door
from api.auth.route import check_guarded
from api.changes import Writer
from api.compacting import compact_now_and_then
from api.errors import on_error
from api.gate import Gate
from api.guard import RequestGuard
from api.head import HeadAsGet
from api.interest import ProfileOf, Shoppers
from api.learning import learn_now_and_then
from api.live import Livestreams
from api.metrics import Metrics
from api.observe import Observe
from api.openapi import describe
from api.operating import Operating
from api.options import ApiOptions
from api.page import load_desk, load_page
from api.plain_item import Beside
from api.protocols import DictionaryDesk, MallDesk, SearchEngine, SuggestDesk, VideoDesk
from api.pruning import prune_now_and_then
from api.refresh import Refresher
from api.routes.changes import BATCH, change_routes
from api.routes.demo import demo_routes
from api.routes.dictionaries import dictionary_routes
from api.routes.events import PATH as EVENTS
from api.routes.events import event_routes
from api.routes.health import health_routes
from api.routes.live import live_routes
from api.routes.mall import mall_routes
from api.routes.mall_pages import mall_page_routes
from api.routes.page import page_routes
from api.routes.products import product_routes
from api.routes.rules import BODIES as RULE_BODIES
from api.routes.rules import rule_routes
from api.routes.search import search_routes
from api.routes.suggest import suggest_routes
from api.routes.takedowns import takedown_routes
from api.routes.users import user_routes
from api.routes.videos import video_routes
from api.service import Service
from api.serving_state import state_of
from api.shed import Shed
from api.traces import Traces
from indexer.rules.desk import RuleDesk
from retrieval.errors import XunhuoError
from retrieval.interest.store import EventStore
from retrieval.live.store import LiveStore
from retrieval.takedowns.desk import TakeDownDesk

VERSION = "1"


def create_app(
    engine: SearchEngine, *, options: ApiOptions, close_engine: bool = False, desk: DictionaryDesk | None = None,
    follow: Callable[[], bool] = lambda: False, events: EventStore | None = None, profile: ProfileOf | None = None,
    demo: list[dict[str, Any]] | None = None, mall: MallDesk | None = None,
    live: LiveStore | None = None, videos: VideoDesk | None = None, access: Access | None = None, page_key: str = "",
    writer: Writer | None = None, compact: Callable[[], None] | None = None,
    takedowns: TakeDownDesk | None = None, rules: RuleDesk | None = None, suggest: SuggestDesk | None = None,
    operating: Operating | None = None,
    traces: Traces | None = None,
) -> FastAPI:  # fmt: skip
    """The ASGI application.

    Args:
        engine: may have no generation yet; the app answers 503 until one is published.
        options: the bounds of the service.
        close_engine: the app owns the engine and the stores, and closes them after the last request.
        desk: who knows the dictionaries; without one there are no routes for them.
        events: where what shoppers did is kept; without one there are no routes for it.
        demo: shoppers whom the page may be tried out as; without any there is no route for them.
        profile: shows the profile of a shopper; without one there is no route for it.
        mall: what recommends; without one there are no routes for it.
        live: which livestreams are on air; without it there are no routes for them.
        videos: what is said in them; without it there are no routes for them.
        access: who may come in; without it everybody may everything: the app is in the hands of a program.
        page_key: a key of the role search that the page asks with; "" where it needs none.
        writer: who takes changes of products; without one there are no routes for them.
        compact: builds them in where that is due; takes as long as it takes.
        takedowns: what may not be seen any more; without it there are no routes for it.
        rules: who knows merchandising rules; without one there are no routes for them.
        suggest: what completes queries; without it there are no routes for it.
        operating: what operators ask besides; without it there are no routes for it.
        traces: where spans of requests go; without it there are none.
        follow: has the engine read queries with dictionaries that were edited; True when there were such.
    """

    def generation() -> str | None:
        return engine.generation

    metrics = Metrics(lambda: state_of(engine, failing=refresher.last_error is not None))
    refresher = Refresher(engine, options.refresh_seconds, follow)
    patience, hurry = options.max_wait_ms / 1000, options.hurry_ms / 1000
    gate = Gate(options.max_concurrency, options.max_waiting, metrics.observe_refusal, patience=patience, hurry=hurry)
    quick = Gate(1, 10 * options.max_waiting, metrics.observe_refusal, patience=patience)
    service = Service(engine, options, metrics, refresher, gate, quick)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with anyio.create_task_group() as background:
                background.start_soon(refresher.run)
                background.start_soon(service.lag.watch)
                if access:
                    background.start_soon(access.ring.follow)
                if events:
                    background.start_soon(prune_now_and_then, events, options.keep_days)
                if compact and options.compact_minutes:
                    background.start_soon(compact_now_and_then, compact, options.compact_minutes)
                if mall:
                    background.start_soon(learn_now_and_then, mall, options.learn_seconds, options.refresh_seconds)
                if suggest:
                    every = options.suggest_seconds
                    background.start_soon(learn_now_and_then, suggest, every, options.refresh_seconds)
                yield
                background.cancel_scope.cancel()
        finally:
            if close_engine:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(engine.close)
                    for store in (traces, events, live, access and access.ring, rules and rules.book.journal):
                        if store:
                            await to_thread.run_sync(store.close)

    # The ready-made pages for trying an API out load scripts from elsewhere.
    app = FastAPI(
        title="寻货 Xunhuo", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    # In order: the path of a product takes what no route before it has taken.
    routers = [mall_routes(service, mall), mall_page_routes(service, mall)] if mall else []
    if suggest:
        routers.append(suggest_routes(service, suggest))
    if videos:
        routers.append(video_routes(service, videos))
    routers += [
        search_routes(service), product_routes(service), health_routes(service),
        page_routes(
            load_page(page_key, options.image_hosts), load_desk(), service, Beside(mall, videos, options.image_hosts),
            keyed=page_key != "",
        ),
    ]  # fmt: skip
    if desk:
        routers.append(dictionary_routes(desk, editable=options.edit_dictionaries))
    if takedowns:
        routers.append(takedown_routes(takedowns))
    if rules:
        routers.append(rule_routes(rules))
    if operating:
        routers += operating.routers()
    if demo:
        routers.append(demo_routes(demo))
    if events:
        shoppers = Shoppers(
            events, options, Gate(options.max_concurrency, options.max_waiting, lambda _: None), profile
        )
        routers += [event_routes(shoppers, metrics), user_routes(shoppers)]
    if live:
        own = Gate(options.max_concurrency, options.max_waiting, lambda _: None)
        rooms = Livestreams(live, options.ahead_seconds, *((videos.withheld, videos.sold) if videos else ()))
        routers.append(live_routes(rooms, options, own))
    if writer:
        routers.append(change_routes(writer, most=options.max_changes))
    for router in routers:
        app.include_router(check_guarded(router))
    for cls in (XunhuoError, RequestValidationError, HTTPException):
        app.add_exception_handler(cls, on_error)
    app.add_middleware(HeadAsGet)
    larger = {EVENTS: options.max_batch_bytes, BATCH: options.max_changes_bytes}
    larger |= dict.fromkeys(RULE_BODIES, options.max_rule_bytes)
    app.add_middleware(RequestGuard, max_body_bytes=options.max_body_bytes, larger=larger)
    app.add_middleware(Door, access=access)
    app.add_middleware(Observe, metrics=metrics, generation=generation, traces=traces)
    app.add_middleware(Shed, service=service, metrics=metrics)
    # Outermost, so that a page may read our errors, too.
    app.add_middleware(Cors, origins=options.cors_origins, access=access)
    _describe_by(app, options)
    return app


def _describe_by(app: FastAPI, options: ApiOptions) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app, options)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
