"""`xunhuo judging`: sets of queries that two judges grade at the desk, and the files of it that `eval run` reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import account, clear_errors
from cli.dictionary_edits import text_of
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table
from configs.settings import Settings

if TYPE_CHECKING:
    from indexer.judging.desk import JudgingDesk
    from retrieval.answer import SearchResponse
    from retrieval.request import SearchRequest

app = typer.Typer(no_args_is_help=True, help="Sets of queries that two judges grade at the desk; see docs/desk.md.")
Name = Annotated[str, typer.Argument(help="Of the set: a-z, 0-9, - and _.")]


@app.command("new")
def new_command(
    name: Name,
    queries: Annotated[Path, typer.Option("--queries", exists=True, dir_okay=False, help="One a line.")],
    depth: Annotated[int, typer.Option("--depth", min=1, help="Documents of each query.")] = 10,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Make a set of what queries find now, e.g.: xunhuo judging new spring --queries queries.txt"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        asked = [line.split("\t")[-1] for line in text_of(queries).splitlines()]
        made = desk.make(name, asked, depth, by=account())
        typer.echo(f"{made.size:,} documents of {len(made.topics):,} queries are there to be judged at /desk#judging")


@app.command("list")
def list_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """All sets, with how far their judges are and how far they agree."""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        from api.routes.judging import set_answer

        rows = list(map(set_answer, desk.sheets()))
        if as_json:
            print_json(rows)
            return
        told = [
            {
                "set": row["name"], "queries": row["queries"], "documents": row["size"],
                "judges": " ".join(f"{judge} {done:,}" for judge, done in row["judges"].items()),
                "kappa": row["agreement"] and row["agreement"]["kappa"],
            }
            for row in rows
        ]  # fmt: skip
        print_table(told) if told else typer.echo("there is no set yet")


@app.command("export")
def export_command(
    name: Name,
    out: Annotated[Path, typer.Option("--out", help="Folder for queries.tsv and qrels.")],
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Write the files that eval run reads, e.g.: xunhuo judging export spring --out judged"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        sheet = desk.sheet(name)
        out.mkdir(parents=True, exist_ok=True)
        for file, lines in (("queries.tsv", sheet.queries()), ("qrels", sheet.qrels())):
            (out / file).write_text("".join(lines), encoding="utf-8")
            typer.echo(str(out / file))


@contextmanager
def _desk(settings: Settings) -> Iterator[JudgingDesk]:
    from indexer.judging.desk import JudgingDesk
    from retrieval.wiring.places import open_journal

    def search(request: SearchRequest) -> SearchResponse:
        from retrieval.wiring import open_engine

        with closing(open_engine(settings)) as engine:
            return engine.search(request)

    with closing(open_journal(settings)) as journal:
        yield JudgingDesk(journal, search)
