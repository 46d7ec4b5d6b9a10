"""The command `xunhuo train-ranker`. The libraries of learning are imported when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.train_interest import train_interest
from retrieval.errors import InputError

if TYPE_CHECKING:
    from eval.train_ranker import Gains
    from eval.types import Query


def train_ranker_command(
    out: Annotated[Path, typer.Option(help="File of weights to write (with --trees: the model).")],
    base: Annotated[Path, typer.Option(help="File of weights whose relevance and floor are kept.")],
    queries: Annotated[Path | None, typer.Option(help="Lines qid<TAB>query; with --qrels.")] = None,
    qrels: Annotated[Path | None, typer.Option(help="TREC judgments: qid iteration docid grade.")] = None,
    events: Annotated[list[Path] | None, typer.Option(help="Click log instead of judgments; may be repeated.")] = None,
    features: Annotated[
        str | None,
        typer.Option(help="Features that order, joined by commas; without it those of --base that words teach."),
    ] = None,
    interest: Annotated[
        bool, typer.Option("--interest", help="What interests are worth, from --events or the store of events.")
    ] = False,
    trees: Annotated[bool, typer.Option("--trees", help="LambdaMART (needs the extra `trees`).")] = False,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the folds and the trees.")] = 0,
    config: Annotated[list[Path] | None, typer.Option(help="Settings file; may be repeated.")] = None,
    overrides: Annotated[list[str] | None, typer.Option("--set", help="section.key=value; may be repeated.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the index.")] = None,
) -> None:
    """Learn how to order from judgments or a click log; says what that is worth on queries it has not seen.

    With --interest: what interests are worth in a shopper's own order, on shoppers it has not seen.

    Examples:

      xunhuo train-ranker --queries q.tsv --qrels q.qrels --base configs/ranking/e5.yaml --out my.yaml

      xunhuo train-ranker --interest --events events.jsonl.gz --base configs/interest/weights.yaml --out mine.yaml
    """
    with clear_errors():
        from rich.console import Console
        from rich.progress import track

        from configs.settings import load_settings
        from eval.train_ranker import collect, train, with_order
        from retrieval.ranking.trees import train_trees
        from retrieval.wiring import open_engine

        settings = load_settings(config or [], overrides or [], data_dir)
        if interest:
            if queries or qrels or trees:
                raise InputError(
                    "interest is learned from events alone", field="interest", hint="give --events, or none"
                )
            train_interest(settings, events or [], base, out, folds=folds, seed=seed)
            return
        names = names_of(features, base)
        asked, judged = _judgments(queries, qrels, events or [])
        engine = open_engine(settings)
        try:
            watched = track(asked, "asking", console=Console(stderr=True))
            lists = collect(engine.examine, watched, judged, names)
        finally:
            engine.close()
        trained = train(lists, names, folds=folds, seed=seed)
        text = train_trees(lists, names, seed=seed) if trees else with_order(base, trained.weights)
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{trained.queries} judged queries, {trained.found} with something relevant among the candidates")
        typer.echo(f"nDCG@10 as found {trained.before:.4f}, learned (weighted sum, held out) {trained.after:.4f}")
        typer.echo(f"written: {out}")


def names_of(features: str | None, base: Path) -> tuple[str, ...]:
    """Features that are named, joined by commas; without a name those that order in a file of weights, and that
    judgments of words teach.

    Raises:
        SettingsError: the file cannot be read.
        InputError: it has no such feature.
    """
    from retrieval.ranking.features.registry import FEATURES
    from retrieval.ranking.model import load_ranking

    if features is not None:
        return split(features)
    names = tuple(name for name in load_ranking(base).order if FEATURES[name].taught_by_words)
    if not names:
        raise InputError("nothing in these weights is learned from words", field=str(base), hint="name --features")
    return names


def split(text: str) -> tuple[str, ...]:
    """Names joined by commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _judgments(
    queries: Path | None, qrels: Path | None, events: Sequence[Path]
) -> tuple[Sequence[Query], Gains]:  # fmt: skip
    from eval.click_log import impressions_of
    from eval.inputs import read_qrels, read_queries
    from eval.train_ranker import gains_of_clicks
    from indexer.sources.limits import Limits
    from indexer.sources.readers import read_events
    from indexer.sources.rejects import RejectLog

    if queries and qrels and not events:
        return read_queries(queries), read_qrels(qrels)
    if events and not (queries or qrels):
        with RejectLog(None) as log:
            return gains_of_clicks(impressions_of(read_events(events, limits=Limits(), rejects=log)))
    raise InputError("give --queries and --qrels, or --events", field="queries")
