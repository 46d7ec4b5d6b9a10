"""`xunhuo apply` and `xunhuo compact`: live changes from a file, and a generation built anew with them in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json

if TYPE_CHECKING:
    from configs.settings import Settings
    from indexer.changes.writer import Outcome, ProductWriter

_BAD_INPUT = 2
SHOWN = 10
"""Changes that were not taken are listed up to so many; --json lists all."""


def apply_command(
    file: Annotated[Path, typer.Argument(help="JSONL, JSON, CSV (.gz, too) or Parquet; docs/changes.md.")],
    key: Annotated[
        str, typer.Option("--key", help="The same key and file again are done once: for a run that broke off.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything; change nothing.")] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Upsert, patch and delete products live: found by the next search of every running service.

    Ends with exit code 2 where a change was rejected; the others are applied.

    Examples:

      xunhuo apply changes.jsonl            # {"op": "patch", "id": "p1", "price": 12.5} …

      xunhuo apply new.csv --dry-run --json # rows with a title are upserts
    """
    with clear_errors():
        from cli.progress import RichObserver
        from indexer.changes.opening import open_writer
        from retrieval.errors import InputError
        from retrieval.wiring.changes import open_changes

        settings = settings_of(config, overrides, data_dir)
        writer = open_writer(settings, open_changes(settings))
        if writer is None:
            raise InputError("this backend takes no live changes", hint="set backend.name=embedded, or rebuild")
        with RichObserver() as observer:
            report = _applied(settings, writer, file, key, dry_run, observer)
        print_json(report) if as_json else _print(report, dry_run)
        if report["rejected"]:
            raise typer.Exit(_BAD_INPUT)


def compact_command(
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Only past changes.compact_share or changes.compact_changes.")
    ] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Build the live changes into a generation of their own, without encoding anything, and publish it.

    Example: xunhuo compact --if-due --json
    """
    with clear_errors():
        from cli.progress import RichObserver
        from indexer.changes.compact import Bounds, compact
        from indexer.changes.opening import open_catch_up
        from indexer.changes.settling import settling
        from retrieval.wiring.changes import open_changes
        from retrieval.wiring.places import make_backend

        settings = settings_of(config, overrides, data_dir)
        backend = make_backend(settings)
        changes = open_changes(settings, backend=backend)
        catch_up = open_catch_up(settings, changes, backend)
        bounds = Bounds(settings.changes.compact_share, settings.changes.compact_changes) if if_due else None
        with RichObserver() as observer:
            report = compact(settling(backend, catch_up), changes, catch_up.analyzer_of, bounds, observer)
        if as_json:
            print_json(asdict(report))
            return
        load = report.before
        typer.echo(
            f"{load.generation}: {load.documents:,} products, {load.appended:,} appended, {load.gone:,} gone, "
            f"{load.changes:,} changes since it was built"
        )
        typer.echo(
            f"published {report.generation} in {report.seconds:.1f} s" if report.generation else "nothing is due"
        )


def _applied(
    settings: Settings, writer: ProductWriter, file: Path, key: str, dry_run: bool, observer: Any
) -> dict[str, Any]:  # fmt: skip
    from indexer.sources.formats import rows_of, size_of
    from indexer.sources.limits import Limits
    from indexer.sources.rejects import Reject

    limits = Limits(settings.input.max_title_chars, settings.input.max_line_bytes)
    observer.stage("dry run" if dry_run else "apply", size_of(file))
    counts: Counter[str] = Counter()
    bad: list[dict[str, Any]] = []
    rows = rows_of(file, limits=limits, progress=lambda n: observer.advance(n, 0), required=("id",))
    for number, batch in enumerate(_batches(rows, settings.changes.max_batch)):
        lines = [each[0] for each in batch if not isinstance(each, Reject)]
        unread = [each for each in batch if isinstance(each, Reject)]
        bad += [_told(each.line, None, each.field, each.reason, each.message) for each in unread]
        given = [each[1] for each in batch if not isinstance(each, Reject)]
        found = writer.apply(given, key=f"{key}:{number}" if key else "", by="xunhuo apply", dry_run=dry_run)
        counts.update(each.op for each in found if each.problem is None)
        bad += [_rejected(line, each) for line, each in zip(lines, found, strict=True) if each.problem]
        observer.advance(0, len(found))
    return {"applied": dict(counts), "rejected": bad, "dry_run": dry_run}


def _batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(islice(rows, size)):
        yield batch


def _rejected(line: int, outcome: Outcome) -> dict[str, Any]:
    assert outcome.problem
    return _told(line, outcome.id, *outcome.problem)


def _told(line: int, name: str | None, field: str | None, reason: str, message: str) -> dict[str, Any]:
    return {"line": line, "id": name, "field": field or None, "reason": reason, "message": message}


def _print(report: dict[str, Any], dry_run: bool) -> None:
    done = ", ".join(f"{count:,} {op}" for op, count in sorted(report["applied"].items())) or "nothing"
    typer.echo(f"{'would apply' if dry_run else 'applied'}: {done}; {len(report['rejected']):,} rejected")
    for each in report["rejected"][:SHOWN]:
        where = each["field"] or "the change"
        typer.echo(f"  line {each['line']} ({each['id'] or '?'}): {where}: {each['reason']}, {each['message']}")
    if len(report["rejected"]) > SHOWN:
        typer.echo(f"  … and {len(report['rejected']) - SHOWN:,} more (--json lists them)")
