"""`xunhuo listing`: what the listing check says, of files before they are built, or of the served generation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from cli.console import account, clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table
from configs.settings import Settings
from indexer.listing.check import Decision
from indexer.listing.queue import ListingQueue
from indexer.listing.verdicts import Verdict
from retrieval.errors import NotFound

SHOWN = 50


def listing_command(
    products: Annotated[
        list[Path] | None, typer.Option("--products", help="Files to check; else what the last rebuild found.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="Only findings of this rule.")] = None,
    decision: Annotated[Decision | None, typer.Option(help="Only findings of this decision.")] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show which listings are blocked, demoted or flagged, by which rule, and for which words.

    Examples:

      xunhuo listing --products shop.jsonl --decision block

      xunhuo listing --rule counterfeit --json
    """
    with clear_errors():
        settings = settings_of(config, overrides, data_dir)
        rows = _checked(settings, products) if products else _kept(settings)
        found = [
            row for row in rows
            if (rule is None or row["rule"] == rule) and (decision is None or row["decision"] == decision)
        ]  # fmt: skip
        if as_json:
            print_json(found)
            return
        print_table(found[:SHOWN]) if found else typer.echo("nothing was found")
        if len(found) > SHOWN:
            typer.echo(f"… and {len(found) - SHOWN:,} more (--json lists them)")


def review_command(
    id: Annotated[str, typer.Argument(help="Of the product.")],
    verdict: Annotated[Verdict, typer.Option("--verdict", help="right: nothing is wrong with it; wrong: it is.")],
    note: Annotated[str, typer.Option("--note", help="Why, for whoever looks next.")] = "",
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Decide about a listing in which the check found something; it leaves the queue of the desk.

    What is right is demoted no more, from the next search on.

    Example: xunhuo review p0007900 --verdict right --note 有授权
    """
    with clear_errors():
        from indexer.changes.opening import open_writer, rechecking
        from retrieval.wiring.changes import open_changes
        from retrieval.wiring.places import make_backend, open_journal

        settings = settings_of(config, overrides, data_dir)
        with closing(open_journal(settings)) as journal:
            writer = open_writer(settings, open_changes(settings, journal))
            queue = ListingQueue(journal, settings.data_dir / "rejects", rechecking(writer))
            made = queue.decide(make_backend(settings).current(), id, verdict, by=account(), note=note)
        print_json(asdict(made)) if as_json else typer.echo(f"{made.id}: {verdict} ({made.title})")


def _checked(settings: Settings, products: list[Path]) -> Iterator[dict[str, Any]]:
    """Findings of files, which are read twice: once for what the brands in them cost."""
    import time
    from dataclasses import replace

    from indexer.listing.check import check
    from indexer.listing.inspector import Inspector
    from indexer.listing.levels import Levels
    from indexer.listing.opening import open_listing
    from indexer.sources.limits import Limits
    from indexer.sources.readers import read_products
    from indexer.sources.rejects import RejectLog
    from retrieval.wiring.places import make_backend

    limits = Limits(settings.input.max_title_chars, settings.input.max_line_bytes)
    switched_on = settings.model_copy(update={"listing": settings.listing.model_copy(update={"enabled": True})})
    context = open_listing(switched_on, make_backend(settings), now=time.time())
    assert context is not None
    inspector, log = Inspector(context), RejectLog(None)
    for product in read_products(products, limits=limits, rejects=log, progress=lambda n: None):
        inspector(product, log)
    learned = Levels.from_bytes(inspector.learned())
    context = replace(context, levels=Levels({**context.levels.medians, **learned.medians}))
    for product in read_products(products, limits=limits, rejects=log, progress=lambda n: None):
        for finding in check(product, context):
            yield {
                "id": product.id, "decision": finding.decision.value, "rule": finding.rule, "matched": finding.matched,
                "message": finding.message, "title": product.title,
            }  # fmt: skip


def _kept(settings: Settings) -> Iterator[dict[str, Any]]:
    """What the rebuild of the served generation wrote down."""
    from retrieval.wiring.places import make_backend

    path = settings.data_dir / "rejects" / str(make_backend(settings).current()) / "listing.jsonl"
    if not path.is_file():
        raise NotFound(f"there are no findings at {path}", hint="rebuild with listing.enabled, or name --products")
    for line in path.read_bytes().splitlines():
        row = orjson.loads(line)
        yield {name: row[name] for name in ("id", "decision", "rule", "matched", "message", "title")}
