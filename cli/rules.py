"""`xunhuo rules`: check, preview, publish and look at merchandising rules; see docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import clear_errors
from cli.dictionary_edits import text_of
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.rule_tables import print_preview, print_yaml, rule_rows, say_notes, version_rows
from cli.terminal import print_json, print_table
from configs.settings import Settings
from retrieval.errors import NotFound

if TYPE_CHECKING:
    from indexer.rules.desk import RuleDesk

BY = "xunhuo rules"
app = typer.Typer(
    no_args_is_help=True,
    help="Pin, boost, bury, hide, filter, redirect, banner and rewrite while the service runs; see docs/rules.md.",
)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="All rules, YAML or JSON, UTF-8.")]
Note = Annotated[str, typer.Option("--note", help="Why, for the history.")]
By = Annotated[str, typer.Option("--by", help="Who says so, for the history.")]
Number = Annotated[int, typer.Argument(min=0, help="As in xunhuo rules history; 0: no rules.")]


@app.command("validate")
def validate_command(
    file: File, as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:  # fmt: skip
    """Check a file and tell all that is wrong, e.g.: xunhuo rules validate rules.yaml"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        from indexer.rules.desk import cannot_publish

        read = desk.check(text_of(file))
        if as_json:
            print_json([asdict(problem) for problem in read.problems])
        else:
            say_notes([problem for problem in read.problems if not problem.fatal or not read.publishable])
        if not read.publishable:
            raise cannot_publish(read.problems)
        if not as_json:
            campaigns = f" and {len(read.rules.campaigns):,} campaigns" if read.rules.campaigns else ""
            typer.echo(f"{len(read.rules.rules):,} rules{campaigns} can be published")


@app.command("preview")
def preview_command(
    file: File,
    queries: Annotated[
        Path | None, typer.Option("--queries", exists=True, dir_okay=False, help="One a line; else those of the rules.")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option("--at", help="As if it were then (UTC), for rules that begin later.")
    ] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What a file would change in the first hits of queries: before, after, which rules held. Nothing is kept.

    Example: xunhuo rules preview rules.yaml --queries queries.txt
    """
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        asked = [line.split("\t")[-1].strip() for line in text_of(queries).splitlines()] if queries else []
        now = at.replace(tzinfo=UTC).timestamp() if at else None
        read, found = desk.preview(text_of(file), [query for query in asked if query], now)
        if as_json:
            print_json({"problems": [asdict(problem) for problem in read.problems], **asdict(found)})
        else:
            say_notes(read.problems)
            print_preview(found)


@app.command("publish")
def publish_command(
    file: File, note: Note = "", by: By = BY, config: ConfigFiles = None, overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:  # fmt: skip
    """Check a file and put it in force, whole; running services follow at once.

    Example: xunhuo rules publish rules.yaml --note 年货节
    """
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        read, version = desk.publish(text_of(file), by=by, note=note)
        say_notes(read.problems)
        typer.echo(f"version {version.number} of the rules is in force: {version.rules:,} rules")


@app.command("rollback")
def rollback_command(
    number: Number, note: Note = "", by: By = BY, config: ConfigFiles = None, overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:  # fmt: skip
    """Put an older version in force again, as a new one, e.g.: xunhuo rules rollback 1"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        version = desk.rollback(number, by=by, note=note)
        typer.echo(f"version {version.number} of the rules is in force: that of version {number}")


@app.command("list")
def list_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """The rules in force, what counts first before."""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        rows = rule_rows(desk.book.current())
        if as_json:
            print_json(rows)
        elif rows:
            print_table(rows)
        else:
            typer.echo("no rules are in force")


@app.command("show")
def show_command(
    rule: Annotated[str, typer.Argument(help="Its id, or that of a campaign, as in xunhuo rules list.")],
    config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None,
) -> None:  # fmt: skip
    """One rule in force, as it was written, e.g.: xunhuo rules show tea"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        version = desk.book.version()
        every = (
            [each for name in ("rules", "campaigns") for each in version.document.get(name) or ()] if version else []
        )
        written = [each for each in every if each["id"] == rule]
        if not written:
            raise NotFound(f"there is no rule {rule} in force", field="rule", hint="xunhuo rules list shows them")
        print_yaml(written[0])


@app.command("history")
def history_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """All versions, oldest first: when, who, why, and which rules came, went or changed."""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        rows = version_rows(desk.book.versions())
        if as_json:
            print_json(rows)
        elif rows:
            print_table([{**row, **{name: " ".join(row[name]) for name in ("new", "gone", "changed")}} for row in rows])
        else:
            typer.echo("no rules were published yet")


@app.command("export")
def export_command(
    number: Annotated[int | None, typer.Argument(min=1, help="Which version; else the one in force.")] = None,
    config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None,
) -> None:  # fmt: skip
    """Print a version as YAML, e.g.: xunhuo rules export > rules.yaml"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        version = desk.book.version(number)
        print_yaml(version.document if version else {"rules": []})


@contextmanager
def _desk(settings: Settings) -> Iterator[RuleDesk]:
    from indexer.rules.desk import RuleDesk
    from retrieval.rules.book import RuleBook
    from retrieval.schema import PRODUCT
    from retrieval.wiring import open_engine
    from retrieval.wiring.places import make_backend, open_journal

    def reader() -> Any:
        backend = make_backend(settings)
        name = backend.current()
        return backend.open(name).collection(PRODUCT.kind) if name else None

    opened: list[Any] = []

    def engine() -> Any:
        opened.append(open_engine(settings))
        return opened[0]

    chosen = settings.merchandising
    with closing(open_journal(settings)) as journal:
        # A command has the machine for itself: it looks at as many queries as it is given.
        yield RuleDesk(RuleBook(journal), reader, engine, most_rules=chosen.most_rules, most_queries=1_000_000)
        for each in opened:
            each.close()
