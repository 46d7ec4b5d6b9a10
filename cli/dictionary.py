"""`xunhuo dictionary`: list, show, preview, versions, rollback and apply; put and add are in a file of their own."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.dictionary_edits import SHOWN, Name, add_command, print_lines, put_command, say_pending, text_of
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table
from configs.settings import Settings

if TYPE_CHECKING:
    from indexer.dictionary.apply import ApplyReport
    from indexer.dictionary.desk import Desk
    from indexer.dictionary.preview import Preview, QueryChange
    from retrieval.protocols import IndexReader

app = typer.Typer(
    no_args_is_help=True,
    help="Edit synonyms, rewrites, user words and rules while the service runs; see docs/dictionaries.md.",
)
app.command("put")(put_command)
app.command("add")(add_command)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The whole dictionary, UTF-8.")]


@app.command("list")
def list_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """All dictionaries; version 0 is the file of the settings, pending words wait for xunhuo dictionary apply."""
    with clear_errors():
        rows = [asdict(view) for view in _desk(settings_of(config, overrides, data_dir)).overview()]
        print_json(rows) if as_json else print_table(rows)


@app.command("show")
def show_command(
    name: Name,
    version: Annotated[int | None, typer.Option(min=0, help="Else the one in force.")] = None,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Print a dictionary, e.g.: xunhuo dictionary show synonyms > synonyms.tsv"""
    with clear_errors():
        sys.stdout.write(_desk(settings_of(config, overrides, data_dir)).store.text(name, version))


@app.command("preview")
def preview_command(
    name: Name,
    file: File,
    queries: Annotated[int, typer.Option(min=1, help="Most queries of the log that are read twice.")] = 2000,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What a file would change: plans and hits of real queries, tokens of documents. Nothing is kept.

    Example: xunhuo dictionary preview rewrites rewrites.tsv --json
    """
    with clear_errors():
        found = _desk(settings_of(config, overrides, data_dir), queries).preview(name, text_of(file))
        print_json(asdict(found)) if as_json else _print_preview(found)


@app.command("versions")
def versions_command(
    name: Name,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """The versions of a dictionary, oldest first; the one in force is marked."""
    with clear_errors():
        store = _desk(settings_of(config, overrides, data_dir)).store
        current = store.current(name)
        rows = [{**asdict(each), "current": each.number == current} for each in store.versions(name)]
        print_json(rows) if as_json else print_table(rows)


@app.command("rollback")
def rollback_command(
    name: Name,
    version: Annotated[int, typer.Argument(min=0, help="Which; 0 is the file of the settings.")],
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Put an older version in force again, e.g.: xunhuo dictionary rollback synonyms 1"""
    with clear_errors():
        _desk(settings_of(config, overrides, data_dir)).store.rollback(name, version)
        typer.echo(f"version {version} of {name} is in force")
        say_pending(name)


@app.command("apply")
def apply_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the documents; publish nothing.")] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Index the documents again whose tokens change with the edited user words and units, and publish.

    Example: xunhuo dictionary apply --dry-run
    """
    with clear_errors():
        from cli.gates import gates_of
        from indexer.changes.opening import settling_backend
        from indexer.dictionary.apply import ApplyPlan, apply_words
        from indexer.learning.opening import make_learner
        from retrieval.wiring import analyzer_of_generation, make_analyzer

        settings = settings_of(config, overrides, data_dir)
        index = settings.index
        report = apply_words(
            ApplyPlan(index.min_count_ratio, index.gold_samples, index.gold_share, dry_run, gates_of(settings)),
            settling_backend(settings),
            lambda reader: analyzer_of_generation(settings, reader), make_analyzer(settings),
            lambda analyzer: make_learner(settings, analyzer),
        )  # fmt: skip
        print_json(asdict(report)) if as_json else _print_applied(report)


def _desk(settings: Settings, queries: int = 1) -> Desk:
    from cli.generations import serving_name
    from indexer.dictionary.desk import Desk
    from indexer.dictionary.preview import Bounds
    from retrieval.schema import PRODUCT
    from retrieval.wiring import make_understanding, open_engine
    from retrieval.wiring.places import dictionaries_of, make_backend

    def served() -> AbstractContextManager[IndexReader]:
        backend = make_backend(settings)
        return closing(backend.open(serving_name(backend.current())).collection(PRODUCT.kind))

    return Desk(
        dictionaries_of(settings), served, lambda changes: make_understanding(settings, changes),
        lambda: open_engine(settings), Bounds(queries=queries),
    )  # fmt: skip


def _print_preview(found: Preview) -> None:
    print_lines(found.lines)
    typer.echo(
        f"queries: {len(found.queries):,} of {found.compared:,} get another plan "
        f"({found.matching:,} of {found.known:,} have a piece of an edited line)"
    )
    for change in found.queries[:SHOWN]:
        typer.echo(f"  {change.query} ({change.count:,}): {_said(change)}")
        for mark, ids in (("-", change.gone), ("+", change.come)):
            print_lines([f"    {mark} {id}  {found.titles[id]}" for id in ids or ()])
    typer.echo(f"documents: {found.documents:,} of {found.documents_read:,} that have an edited word change tokens")
    print_lines([f"    {id}  {title}" for id, title in found.changed.items()])


def _said(change: QueryChange) -> str:
    parts = "; ".join(
        f"{part} {change.before[part]} → {change.after[part]}" for part in change.before if part != "scored"
    )
    hits = "" if change.gone is None else f"; {len(change.gone)} of the first ten hits are others"
    return (parts or "other weights") + hits


def _print_applied(report: ApplyReport) -> None:
    if not report.words:
        typer.echo("nothing to do: no user word or unit was edited since the served generation; nothing was published")
    elif report.generation:
        typer.echo(
            f"published {report.generation}: {len(report.changed):,} of {report.documents:,} documents indexed again"
        )
    else:
        typer.echo(f"{len(report.changed):,} of {report.documents:,} documents would be indexed again")
    for id in report.changed[:SHOWN]:
        typer.echo(f"  {id}")
    if len(report.changed) > SHOWN:
        typer.echo(f"  … and {len(report.changed) - SHOWN:,} more (--json lists them)")
