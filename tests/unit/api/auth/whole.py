"""An app with every route, over parts so tiny that what may be asked is mostly not there (404)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from fastapi import FastAPI

from api.app import create_app
from api.operating import Operating
from api.options import ApiOptions
from api.routes.insight import Insight
from indexer.changes.writer import Outcome
from indexer.generations import GenerationDesk
from indexer.judging.desk import JudgingDesk
from indexer.listing.queue import ListingQueue
from indexer.reports import Reports
from indexer.rules.desk import RuleDesk
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.errors import NotFound, NotReady
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.live.sqlite_store import SqliteLiveStore
from retrieval.rules.book import RuleBook
from retrieval.takedowns.desk import TakeDownDesk
from retrieval.takedowns.takedowns import TakeDowns
from tests.unit.api.test_methods import TinyDesk
from tests.unit.api.tiny_engine import TinyEngine


class Empty:
    """A mall, its suggestions and its videos, without anything."""

    def withheld(self) -> frozenset[str]:
        return frozenset()

    def sold(self, product: str) -> bool:
        return True

    def refresh(self, every: float = 0.0) -> bool:
        return False

    def nothing(self, *_: Any) -> NoReturn:
        raise NotFound("there is nothing", field="id")

    feed = similar = also = related = watch = moments = queries = suggest = hot = shade = looked_up = nothing
    channels = shop = campaigns = campaign = nothing


class NoWriter:
    """Takes nothing."""

    def apply(self, given: Sequence[object], *, key: str = "", by: str = "", dry_run: bool = False) -> list[Outcome]:
        missing = ("id", "not_found", "there is none")
        return [Outcome("p1", "patch", problem=missing) for _ in given]


def no_engine(*_: object) -> NoReturn:
    raise NotReady("nothing is served", hint="build it")


def operating(folder: Path) -> Operating:
    """What operators ask, of a service that serves nothing."""
    backend, journal = EmbeddedBackend(folder), SqliteJournal(folder / "journal.db")
    generations = GenerationDesk(backend, lambda: backend, journal, folder / "rejects")
    insight = Insight(SqliteEventStore(folder / "events.db"), lambda: None, no_engine, 2, 0.8)
    queue, reports = ListingQueue(journal, folder / "rejects"), Reports(folder / "reports")
    return Operating(generations, queue, insight, JudgingDesk(journal, no_engine), reports, lambda: None)


def whole_app(folder: Path, **more: Any) -> FastAPI:
    """All routes; `more` goes to the app."""
    options = ApiOptions(
        request_timeout_ms=60_000, edit_dictionaries=True, accept_states=True,
        cors_origins=more.pop("cors_origins", ()), log_queries=more.pop("log_queries", False),
    )  # fmt: skip
    return create_app(
        TinyEngine(), close_engine=True, desk=TinyDesk(), events=SqliteEventStore(folder / "events.db"),
        profile=lambda _: {}, demo=[{"id": "u1"}], mall=Empty(), suggest=Empty(),
        rules=RuleDesk(
            RuleBook(SqliteJournal(folder / "journal.db")), lambda: None, no_engine, most_rules=9, most_queries=9
        ),
        live=SqliteLiveStore(folder / "rooms.db", heartbeat=90.0), videos=Empty(), writer=NoWriter(),
        operating=operating(folder),
        takedowns=TakeDownDesk(TakeDowns(SqliteJournal(folder / "journal.db"))), **{"options": options, **more},
    )  # fmt: skip
