"""What the operator's desk asks beside rules, take-downs and dictionaries, and the routes over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from api.routes.insight import Insight, insight_routes
from api.routes.judging import judging_routes
from api.routes.operating import generation_routes, listing_routes
from api.routes.reports import report_routes
from configs.settings import Settings
from indexer.changes.opening import rechecking, settling_backend
from indexer.changes.writer import ProductWriter
from indexer.generations import GenerationDesk
from indexer.judging.desk import JudgingDesk
from indexer.listing.queue import ListingQueue
from indexer.reports import FOLDER, Reports
from retrieval.changes.journal import Journal
from retrieval.engine import Engine
from retrieval.interest.store import EventStore
from retrieval.protocols import IndexReader
from retrieval.wiring.places import make_backend


@dataclass(frozen=True, slots=True)
class Operating:
    """The rooms behind the desk; `served` names the generation that is searched, None before the first."""

    generations: GenerationDesk
    listing: ListingQueue
    insight: Insight
    judging: JudgingDesk
    reports: Reports
    served: Callable[[], str | None]

    def routers(self) -> list[APIRouter]:
        """The routes over them."""
        return [
            generation_routes(self.generations), listing_routes(self.listing, self.served),
            insight_routes(self.insight), judging_routes(self.judging), report_routes(self.reports),
        ]  # fmt: skip


def open_operating(
    settings: Settings, journal: Journal, engine: Engine, events: EventStore, writer: ProductWriter | None
) -> Operating:
    """As the settings say, beside an engine that serves and reads the same journal, and who writes into it."""

    def served() -> str | None:
        return engine.generation

    def reader() -> IndexReader | None:
        return engine.serving.reader if engine.generation else None

    mall, rejects = settings.mall, settings.data_dir / "rejects"
    generations = GenerationDesk(make_backend(settings), lambda: settling_backend(settings), journal, rejects)
    reports = Reports(settings.data_dir / FOLDER)
    insight = Insight(events, reader, engine.search, mall.least_shoppers, mall.least_quality)
    queue, judging = ListingQueue(journal, rejects, rechecking(writer)), JudgingDesk(journal, engine.search)
    return Operating(generations, queue, insight, judging, reports, served)
