"""Settings → who writes changes of products."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from configs.settings import Settings
from indexer.changes.catch_up import CatchUp
from indexer.changes.settling import settling
from indexer.changes.writer import ProductWriter
from indexer.listing.check import Decision, ListingContext, check, listed
from indexer.listing.inspector import REASON
from indexer.listing.opening import open_listing
from indexer.listing.verdicts import Verdicts
from indexer.sources.limits import Limits
from indexer.sources.problems import Problem
from indexer.sources.records import Product
from retrieval.changes.overlay import Changeable
from retrieval.changes.products import ProductChanges
from retrieval.protocols import Backend, Encoder
from retrieval.wiring import analyzer_of_generation, make_encoder
from retrieval.wiring.changes import open_changes
from retrieval.wiring.places import make_backend


def open_catch_up(settings: Settings, changes: ProductChanges, backend: Backend | None = None) -> CatchUp:
    """What writes into overlays; `changes` has it catch up from now on. The encoder is opened when it is needed."""

    @cache
    def encoder() -> Encoder | None:
        return make_encoder(settings, threads=settings.encoder.threads)

    found = CatchUp(
        backend or make_backend(settings), changes, lambda reader: analyzer_of_generation(settings, reader), encoder
    )
    changes.catch_up = found
    return found


def open_writer(settings: Settings, changes: ProductChanges) -> ProductWriter | None:
    """What takes changes of products; None where generations cannot be changed."""
    limits = Limits(settings.input.max_title_chars, settings.input.max_line_bytes)
    catch_up = open_catch_up(settings, changes)
    if not isinstance(catch_up.backend, Changeable):
        return None
    verdicts = Verdicts(changes.journal)
    # Read when the first change comes.
    known = cache(lambda: open_listing(settings, catch_up.backend, verdicts=verdicts))
    return ProductWriter(catch_up, limits=limits, inspect=_inspecting(known))


def _inspecting(known: Callable[[], ListingContext | None]) -> Callable[[Product], Product | Problem]:
    """The listing check, as a rebuild makes it; orders and other listings are looked at there."""

    def inspect(product: Product) -> Product | Problem:
        context = known()
        findings = check(product, context) if context else ()
        blocked = next((each for each in findings if each.decision is Decision.BLOCK), None)
        return (
            ("title", REASON, f"{blocked.rule}: {blocked.message}") if blocked else listed(product, findings, context)
        )

    return inspect


def rechecking(writer: ProductWriter | None) -> Callable[[str, str], None]:
    """Has a product checked and written again as it is then, by somebody (`ListingQueue.again`).

    Of one that is not there any more, and where generations cannot be changed, nothing is done.
    """

    def again(id: str, by: str) -> None:
        if writer:
            # A patch that takes away what no record has.
            writer.apply([{"op": "patch", "id": id, "listing_checked": None}], by=by)

    return again


def settling_backend(settings: Settings) -> Backend:
    """Where generations live; none of them is published without what was written since it was built."""
    backend = make_backend(settings)
    return settling(backend, open_catch_up(settings, open_changes(settings, backend=backend), backend))
