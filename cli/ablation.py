"""The command `xunhuo eval ablate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.train_ranker import names_of, split

if TYPE_CHECKING:
    from eval.ablation import Change


def ablate_command(
    queries: Annotated[Path, typer.Option(help="Lines qid<TAB>query, or JSONL with qid and query.")],
    qrels: Annotated[Path, typer.Option(help="TREC judgments: qid iteration docid grade.")],
    features: Annotated[
        str | None, typer.Option(help="Features that order, joined by commas; without it those of the weights in use.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Features to leave out together, joined by commas; may be repeated.")
    ] = None,
    added: Annotated[str, typer.Option("--try", help="Other features to add, one at a time, joined by commas.")] = "",
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation.")] = 5,
    seeds: Annotated[int, typer.Option(min=1, help="Draws of the folds that are averaged.")] = 2,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What is each feature of the ranking worth? Learns without it, and measures on queries held out.

    Examples:

      xunhuo eval ablate --queries dev.tsv --qrels dev.qrels

      xunhuo eval ablate --queries dev.tsv --qrels dev.qrels --without cosine,bm25 --try term_coverage --json
    """
    with clear_errors():
        from rich.console import Console
        from rich.progress import track

        from cli.terminal import print_json
        from eval.ablation import ablate
        from eval.inputs import read_qrels, read_queries
        from eval.train_ranker import collect
        from retrieval.wiring import open_engine

        settings = settings_of(config, overrides, data_dir)
        whole, tried = names_of(features, settings.ranking_file), split(added)
        names, stderr = tuple(dict.fromkeys(whole + tried)), Console(stderr=True)
        asked, judged = read_queries(queries), read_qrels(qrels)
        engine = open_engine(settings)
        try:
            lists = collect(engine.examine, track(asked, "asking", console=stderr), judged, names)
        finally:
            engine.close()
        changes = ablate(
            lists, names, whole, groups=[split(group) for group in without or []], tried=tried, folds=folds,
            seeds=seeds, watched=lambda these: track(these, "learning", console=stderr),
        )  # fmt: skip
        if as_json:
            print_json({"queries": len(lists), "folds": folds, "seeds": seeds, "changes": list(map(asdict, changes))})
        else:
            _print(changes, f"{len(lists)} judged queries, {folds} folds, {seeds} draws of them; nDCG@10 held out")


def _print(changes: Sequence[Change], about: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("features", "nDCG@10", "Δ", "95 % interval", "p", box=box.SIMPLE)
    for one in changes:
        what = f"without {', '.join(one.without)}" if one.without else f"with {', '.join(one.added)}"
        if not (one.without or one.added):
            table.add_row("all", f"{one.ndcg:.4f}", "", "", "")
            continue
        interval = "–" if one.low is None or one.high is None else f"{one.low:+.4f} … {one.high:+.4f}"
        table.add_row(what, f"{one.ndcg:.4f}", f"{one.difference:+.4f}", interval, f"{one.p:.3f}")
    console = Console()
    console.print(about, highlight=False)
    console.print(table)
