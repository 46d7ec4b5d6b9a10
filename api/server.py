"""Serves an app over HTTP, in one process or in several that share a socket.

Each worker is a fresh process that builds its own engine from settings handed over as JSON in its environment.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
from contextlib import ExitStack, nullcontext, suppress

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.auth.start import check_start, make_access, page_key
from api.logs import logging_of
from api.metrics import MULTIPROCESS
from api.options import ApiOptions
from api.placements import read_placements
from configs.settings import Settings
from retrieval.errors import SettingsError, XunhuoError

SETTINGS = "_XUNHUO_SERVE_SETTINGS"
"""Environment variable that carries the settings, as JSON, from the command to its workers."""
WORKERS = "_XUNHUO_SERVE_WORKERS"
"""Environment variable that carries how many there are."""

TURN_SECONDS = 0.0005
"""For so long a thread keeps the interpreter while another one wants it, instead of ten times as long: each request
changes threads several times, and so would wait several turns of a search."""
GRACE_SECONDS = 10
"""How long a stop waits for the requests that are under way."""
_SILENT_SECONDS = 15
"""A worker that says nothing for so long is ended and made anew; on a busy machine one takes seconds to be imported. So
long it may take, too, until one that cannot start is noticed."""

log = logging.getLogger("xunhuo.server")


def run(host: str, port: int, workers: int, settings_json: str) -> None:
    """Serves until it is told to stop (SIGINT, SIGTERM); requests under way are finished first.

    Args:
        host, port: where to listen; port 0 takes a free one.
        workers: processes; each opens the generation itself.
        settings_json: `configs.settings.Settings` as JSON.

    Raises:
        SettingsError: the host is no address, or not for a service without keys; or a worker could not start.
        OSError: the port is taken or not ours to take.
    """
    settings = Settings.model_validate_json(settings_json)
    listener = bind(host, port)
    with suppress(KeyboardInterrupt), ExitStack() as until_stopped:
        until_stopped.enter_context(listener)
        check_start(listener.getsockname()[0], host, settings)
        config = uvicorn.Config(
            "api.server:worker_app",
            factory=True,
            workers=workers,
            log_config=logging_of(settings.api.log_format, queries=settings.api.log_queries),
            access_log=False,
            server_header=False,
            forwarded_allow_ips=[*settings.auth.trusted_proxies],
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_worker_healthcheck=_SILENT_SECONDS,
        )
        # The server raises the signal that stopped it once more when it is done; by then that is no failure.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        os.environ[SETTINGS], os.environ[WORKERS] = settings_json, str(workers)
        log.info("listening on http://%s:%d", host, listener.getsockname()[1])
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
            return
        os.environ[MULTIPROCESS] = until_stopped.enter_context(tempfile.TemporaryDirectory(prefix="xunhuo-metrics-"))
        supervisor = Multiprocess(config, sockets=[listener])
        supervisor.run()
        if any(worker.process.exitcode == STARTUP_FAILURE for worker in supervisor.processes):
            raise SettingsError("A worker could not start.", field="workers", hint="Its own message is above.")


def worker_app() -> FastAPI:
    """What one worker serves. The settings come from the environment variable named by `SETTINGS`."""
    try:
        return _build_app(os.environ[SETTINGS])
    except Exception as error:
        if multiprocessing.parent_process() is None:
            raise
        # The supervisor gives up on this status; on any other it would start the worker again and again.
        log.error("cannot start: %s", error, exc_info=not isinstance(error, XunhuoError))
        sys.exit(STARTUP_FAILURE)


def bind(host: str, port: int) -> socket.socket:
    """A listening address, taken before anything is loaded.

    Raises:
        SettingsError: the host is no address.
        OSError: the port is taken or not ours to take; the message says which and what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise SettingsError(f"{host} is no address: {error.strerror}.", field="host", hint="Use 127.0.0.1.") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        reason = f"Cannot listen on {host}:{port}: {error.strerror}.\n  → Choose another with --port."
        raise type(error)(reason) from None
    listener.set_inheritable(True)
    return listener


def _build_app(settings_json: str) -> FastAPI:
    from api.app import create_app
    from api.compacting import compact_aside
    from api.memory import share_arenas
    from api.operating import open_operating
    from api.routes.demo import demo_shoppers
    from api.traces import open_traces
    from indexer.changes.opening import open_writer
    from indexer.dictionary.desk import Desk
    from indexer.dictionary.preview import Bounds
    from indexer.rules.desk import RuleDesk
    from retrieval.rules.book import RuleBook
    from retrieval.suggest.answered import Answered
    from retrieval.videos.videos import Videos
    from retrieval.wiring import make_understanding, open_live
    from retrieval.wiring.changes import open_changes
    from retrieval.wiring.interest import open_profiles
    from retrieval.wiring.mall import make_mall, make_suggester
    from retrieval.wiring.options import rooms_of, video_options
    from retrieval.wiring.places import dictionaries_of, open_events, open_live_rooms
    from retrieval.wiring.takedowns import takedown_desk

    share_arenas()
    sys.setswitchinterval(TURN_SECONDS)
    settings = Settings.model_validate_json(settings_json)
    api, search = settings.api, settings.search
    options = ApiOptions(
        max_body_bytes=api.max_body_bytes,
        max_page_size=api.max_page_size,
        default_page_size=api.default_page_size,
        max_filter_values=api.max_filter_values,
        refresh_seconds=api.refresh_seconds,
        request_timeout_ms=search.timeout_ms,
        max_concurrency=settings.searches_at_once,
        max_waiting=api.max_waiting,
        max_wait_ms=api.max_wait_ms,
        hurry_ms=api.hurry_ms,
        log_queries=api.log_queries,
        cors_origins=api.cors_origins,
        image_hosts=api.image_hosts,
        max_batch=settings.interest.max_batch,
        max_batch_bytes=settings.interest.max_batch_bytes,
        keep_days=settings.interest.keep_days,
        learn_seconds=settings.mall.learn_seconds,
        suggest_seconds=settings.suggest.refresh_seconds,
        edit_dictionaries=api.edit_dictionaries,
        placements=read_placements(api.placements) if api.placements else (),
        sponsored=api.sponsored,
        accept_states=settings.live.accept_states,
        ahead_seconds=settings.live.ahead_seconds,
        compact_minutes=settings.changes.compact_minutes,
        max_changes=settings.changes.max_batch,
        max_changes_bytes=settings.changes.max_batch_bytes,
        max_rule_bytes=settings.merchandising.max_bytes,
    )
    events = open_events(settings)
    profiles = open_profiles(settings, events)
    live = open_live_rooms(settings)
    changes = open_changes(settings)
    engine, watch = open_live(settings, profiles, rooms_of(settings, live), changes)
    answered = Answered(engine.search)
    mall = make_mall(settings, engine, events, profiles, answered)
    store = dictionaries_of(settings)
    # A preview runs beside the searches of the service: a second of work, not a minute.
    bounds = Bounds(queries=300, searched=20, documents=500)
    desk = Desk(
        store, lambda: nullcontext(engine.serving.reader), lambda changes: make_understanding(settings, changes),
        lambda: engine, bounds,
    )  # fmt: skip
    ruling = settings.merchandising
    rules = RuleDesk(
        RuleBook(changes.journal), lambda: engine.serving.reader if engine.generation else None, lambda: engine,
        most_rules=ruling.most_rules, most_queries=ruling.max_queries,
    )  # fmt: skip
    writer = open_writer(settings, changes)
    access = make_access(settings, int(os.environ.get(WORKERS, "1")))
    return create_app(
        engine, options=options, close_engine=True, desk=desk, follow=watch.look, events=events,
        profile=lambda user: profiles.shown(user, engine.serving.reader, time.time(), engine.bans),
        demo=demo_shoppers(settings.data_dir),
        mall=mall,
        suggest=make_suggester(settings, engine, mall, events, profiles, answered),
        live=live,
        rules=rules,
        videos=Videos(engine, video_options(settings), mall),
        access=access,
        page_key=page_key(settings, access),
        compact=lambda: compact_aside(settings_json),
        writer=writer,
        takedowns=takedown_desk(changes.journal, engine),
        operating=open_operating(settings, changes.journal, engine, events, writer),
        traces=open_traces() if api.traces else None,
    )  # fmt: skip
