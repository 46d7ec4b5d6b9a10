"""`xunhuo events`: what shoppers did, from files into the store."""

from __future__ import annotations

import time
from contextlib import closing, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of


def events_command(
    files: Annotated[list[Path] | None, typer.Argument(help="JSONL, JSON, CSV (.gz, too) or Parquet.")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Where to write the rows that are left out.")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Afterwards turn events older than interest.keep_days into counters.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check; keep nothing.")] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Keep the events of files, as POST /v1/events would; an event that is there already counts once.

    Examples:

      xunhuo events clicks.jsonl.gz orders.csv

      xunhuo events clicks.jsonl --dry-run --rejects rejects.jsonl --json
    """
    with clear_errors():
        from cli.progress import RichObserver
        from cli.terminal import print_json
        from indexer.events.loading import Kept, load_events
        from indexer.sources.limits import Limits
        from indexer.sources.readers import total_bytes
        from indexer.sources.rejects import RejectLog
        from retrieval.interest.keeping import prune_old
        from retrieval.wiring.places import open_events

        settings = settings_of(config, overrides, data_dir)
        if not files and not prune:
            raise typer.BadParameter("name files, or --prune")
        limits = Limits(settings.input.max_title_chars, settings.input.max_line_bytes)
        opened = nullcontext(None) if dry_run else closing(open_events(settings))
        with opened as store, RejectLog(rejects) as log, RichObserver() as observer:
            kept = Kept()
            if files:
                observer.stage("events", total_bytes(files))
                kept = load_events(
                    files, store, now=time.time(), limits=limits, rejects=log,
                    progress=lambda count: observer.advance(count, 0),
                )  # fmt: skip
            pruned = prune_old(store, settings.interest.keep_days) if prune and store else 0
        found = {
            **asdict(kept), "rejected": log.total, "reasons": dict(sorted(log.counts.items())), "pruned": pruned,
            "dry_run": dry_run,
        }  # fmt: skip
        print_json(found) if as_json else _print(found)
        log.check(settings.input.max_reject_share, settings.input.min_rows_for_share)


def _print(found: dict[str, Any]) -> None:
    what = "would be kept (dry run)" if found["dry_run"] else "kept"
    typer.echo(
        f"{found['accepted']:,} events {what}, {found['duplicates']:,} were known, {found['rejected']:,} rejected"
    )
    if found["clamped"]:
        typer.echo(f"  {found['clamped']:,} of them lay in the future and count as of now")
    for reason, count in (found["reasons"] | found["not_kept"]).items():
        typer.echo(f"  {reason}: {count:,}")
    if found["pruned"]:
        typer.echo(f"  {found['pruned']:,} old events became counters")
