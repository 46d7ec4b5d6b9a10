"""The command `xunhuo eval personal`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from cli.console import clear_errors
from cli.event_files import events_of
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of


def personal_command(
    queries: Annotated[Path, typer.Option(help="JSONL: qid, query, user_id, session_id, ts, band.")],
    qrels: Annotated[Path, typer.Option(help="TREC judgments: qid iteration docid grade.")],
    events: Annotated[
        list[Path] | None, typer.Option(help="What shoppers did, instead of what is in the store; may be repeated.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the report; else the name of the queries file.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the shuffled shoppers, the tests and the intervals.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for summary.json and report.html.")] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Is the shopper's own order worth it? Every query is answered as of its time, in several ways.

    For nobody, for who asks, for another shopper, and with fixed weights that do not look at what the words have said.

    Examples:

      xunhuo eval personal --queries q.jsonl --qrels q.qrels --out out/personal

      xunhuo eval personal --queries q.jsonl --qrels q.qrels.gz --events events.jsonl.gz --json
    """
    with clear_errors():
        from rich.console import Console
        from rich.progress import track

        from eval.inputs import read_qrels
        from eval.personal.acts import acts_before
        from eval.personal.queries import read_shopper_queries
        from eval.personal.report import personal_page, personal_tables
        from eval.personal.summary import Testing, summarise
        from eval.personal.types import PersonalSummary
        from eval.personal.ways import ask_all, ways_of
        from eval.store import to_json, write_files
        from retrieval.wiring import open_engine
        from retrieval.wiring.interest import open_profiles
        from retrieval.wiring.options import personal_options

        asked, judged = read_shopper_queries(queries), read_qrels(qrels)
        settings = settings_of(config, overrides, data_dir)
        with events_of(settings, events or []) as store:
            acts = acts_before(store, asked)
            profiles = open_profiles(settings, store)
            with closing(open_engine(settings, profiles)) as engine:
                profiles.learn_intervals(engine.serving.reader, min(query.ts for query in asked))
                answers = ask_all(
                    ways_of(engine, personal_options(settings)), asked, acts, seed=seed,
                    watched=lambda these: track(these, "asking", console=Console(stderr=True)),
                )  # fmt: skip
                about = {"generation": str(engine.generation), "encoder": settings.encoder.name}
                documents = int(engine.status()["documents"])
        summary = summarise(
            answers, judged, documents=documents, name=name or queries.name.partition(".")[0], about=about,
            testing=Testing(seed),
        )  # fmt: skip
        if out is not None:
            files = {"summary.json": to_json(PersonalSummary, summary), "report.html": personal_page(summary)}
            write_files(out, files)
        if as_json:
            typer.echo(to_json(PersonalSummary, summary), nl=False)
            return
        console = Console()
        for table in personal_tables(summary):
            console.print(table)
        if out is not None:
            console.print(f"Report: {out / 'report.html'}", markup=False, highlight=False, soft_wrap=True)
