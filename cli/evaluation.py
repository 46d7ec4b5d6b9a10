"""`xunhuo eval …`: measure a search on judged queries, and two runs against each other; more in files of their own.

Exit codes: 0 done, 2 bad usage or input. The libraries of measurement are imported when a command runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.ablation import ablate_command
from cli.console import clear_errors
from cli.dead_ends import dead_ends_command
from cli.moments import moments_command
from cli.pairs import pairs_command
from cli.personal import personal_command
from cli.suggest_eval import suggest_eval_command
from cli.typos import typos_command
from eval.types import Found, SearchFunction, TitleOf, Tokenize
from retrieval.errors import InputError, NotFound

app = typer.Typer(no_args_is_help=True, help="Measure the search on judged queries.")
app.command("pairs")(pairs_command)
app.command("typos")(typos_command)
app.command("suggest")(suggest_eval_command)
app.command("dead-ends")(dead_ends_command)
app.command("ablate")(ablate_command)
app.command("personal")(personal_command)
app.command("moments")(moments_command)


class Channel(StrEnum):
    """Which recall channels answer."""

    ALL = "all"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"


CHANNELS = {
    Channel.ALL: ("lexical", "semantic"),
    Channel.LEXICAL: ("lexical",),
    Channel.SEMANTIC: ("semantic",),
}


@dataclass(frozen=True, slots=True)
class OpenedSearch:
    """What an evaluation needs of an engine; ``about`` is what the reports say of it."""

    search: SearchFunction
    tokenize: Tokenize | None
    title_of: TitleOf | None
    about: Mapping[str, str]


@app.command("run")
def run_command(
    queries: Annotated[Path, typer.Option(help="Lines qid<TAB>query, or JSONL with qid and query.")],
    qrels: Annotated[Path, typer.Option(help="TREC judgments: qid iteration docid grade.")],
    titles: Annotated[
        Path | None, typer.Option(help="Titles, id<TAB>title or JSONL with id and title; else those of the engine.")
    ] = None,
    channel: Annotated[Channel, typer.Option(help="Recall channels to use.")] = Channel.ALL,
    depth: Annotated[int, typer.Option(help="Documents asked for per query, 100 or more.")] = 100,
    answer: Annotated[
        int | None,
        typer.Option(min=1, help="Lowest grade that is an answer; else 2, where there are grades above 1."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the run; else the name of the queries file.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap intervals.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for run.trec, per_query.jsonl and the reports.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    config: Annotated[list[Path] | None, typer.Option(help="Settings file; may be repeated.")] = None,
    overrides: Annotated[list[str] | None, typer.Option("--set", help="section.key=value; may be repeated.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
) -> None:
    """Ask every query, measure the answers and show where the search fails."""
    with clear_errors():
        from rich.console import Console
        from rich.progress import track

        from eval.inputs import read_qrels, read_queries, read_titles
        from eval.report import run_report
        from eval.run import evaluate
        from eval.store import run_files, to_json, write_files
        from eval.tables import run_tables
        from eval.types import Summary

        asked, judged = read_queries(queries), read_qrels(qrels)
        given_titles = read_titles(titles) if titles else None
        opened = _open_search(config or [], overrides or [], data_dir, channel)
        evaluation = evaluate(
            opened.search,
            asked,
            judged,
            depth=depth,
            answer=answer,
            tokenize=opened.tokenize,
            title_of=given_titles.get if given_titles is not None else opened.title_of,
            name=name or queries.name.partition(".")[0],
            about=opened.about,
            seed=seed,
            watched=lambda these: track(these, "asking", console=Console(stderr=True)),
        )
        if out is not None:
            write_files(out, run_files(evaluation, run_report(evaluation.summary, evaluation.outcomes)))
        if as_json:
            typer.echo(to_json(Summary, evaluation.summary), nl=False)
        else:
            _print(run_tables(evaluation.summary), out)


@app.command("compare")
def compare_command(
    a: Annotated[Path, typer.Argument(metavar="A", help="Folder of the run to compare with (the baseline).")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Folder of the other run.")],
    seed: Annotated[int, typer.Option(min=0, help="Seed of the test and the intervals.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for comparison.json, report.html, sides.html.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Compare two runs over the same queries: differences, how sure they are, and which queries made them.

    `sides.html` shows the first ten of every query under both, with their grades.
    """
    with clear_errors():
        from eval.compare import ComparisonSummary, compare
        from eval.compare_report import comparison_report
        from eval.sides import sides_page
        from eval.store import read_run, to_json, write_files
        from eval.tables import comparison_tables

        run_a, run_b = read_run(a), read_run(b)
        comparison = compare(run_a, run_b, seed=seed)
        as_text = to_json(ComparisonSummary, comparison.summary)
        if out is not None:
            answer = run_a.summary.graded.answer if run_a.summary.graded else 1
            pages = {"report.html": comparison_report(comparison), "sides.html": sides_page(comparison, answer)}
            write_files(out, {"comparison.json": as_text, **pages})
        if as_json:
            typer.echo(as_text, nl=False)
        else:
            _print(comparison_tables(comparison.summary), out)


@app.command("reports")
def reports_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
    config: Annotated[list[Path] | None, typer.Option(help="Settings file; may be repeated.")] = None,
    overrides: Annotated[list[str] | None, typer.Option("--set", help="section.key=value; may be repeated.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
) -> None:
    """The reports that the desk shows: folders in `reports` of the data folder, where --out put them."""
    with clear_errors():
        from cli.terminal import print_json, print_table
        from configs.settings import load_settings
        from indexer.reports import FOLDER, Reports

        folder = load_settings(config or [], overrides or [], data_dir).data_dir / FOLDER
        rows = [asdict(each) for each in Reports(folder).all()]
        if as_json:
            print_json(rows)
        elif rows:
            print_table([{**row, "files": " ".join(row["files"])} for row in rows])
        else:
            typer.echo(f"there are no reports in {folder}")


def _open_search(
    config: Sequence[Path], overrides: Sequence[str], data_dir: Path | None, channel: Channel
) -> OpenedSearch:
    """The engine that the settings describe, as the functions an evaluation needs."""
    from configs.settings import load_settings
    from retrieval.request import SearchRequest
    from retrieval.wiring import make_analyzer, open_engine

    settings = load_settings(config, overrides, data_dir)
    engine, analyzer = open_engine(settings), make_analyzer(settings)
    channels = CHANNELS[channel]

    def search(query: str, depth: int) -> list[Found]:
        response = engine.search(SearchRequest(query=query, size=depth, channels=channels))
        if response.degraded:
            raise InputError(f"the search answered {query!r} without {', '.join(response.degraded)}", field="channel")
        return [Found(hit.id, hit.score, hit.relevance, hit.near) for hit in response.hits]

    def tokenize(query: str) -> list[str]:
        return [term.text for term in analyzer.query(query).terms]

    def title_of(document_id: str) -> str | None:
        try:
            return str(engine.product(document_id).record["title"])
        except NotFound:
            return None

    about = {
        "channels": " + ".join(channels),
        "generation": str(engine.generation),
        "encoder": settings.encoder.name,
        "analyzer": analyzer.fingerprint,
    }
    return OpenedSearch(search, tokenize, title_of, about)


def _print(tables: Iterator[object], out: Path | None) -> None:
    from rich.console import Console

    console = Console()
    for table in tables:
        console.print(table)
    if out is not None:
        console.print(f"Report: {out / 'report.html'}", markup=False, highlight=False, soft_wrap=True)
