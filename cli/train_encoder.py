"""The command `xunhuo train-encoder`. torch is imported when it runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from retrieval.errors import EncoderError, InputError

if TYPE_CHECKING:
    from configs.settings import Settings
    from eval.tuning.judged import JudgedList
    from eval.tuning.learn import Course
    from eval.tuning.measure import Measured
    from eval.tuning.store import Beginning
    from retrieval.encoders.e5_weights import E5Weights

T = TypeVar("T")


def train_encoder_command(
    queries: Annotated[Path, typer.Option(help="Lines qid<TAB>query.")],
    qrels: Annotated[Path, typer.Option(help="TREC judgments: qid iteration docid grade (0 … 3, or 0 and 1).")],
    out: Annotated[Path, typer.Option(help="Tuning to write, an npz.")],
    begin: Annotated[str, typer.Option(help="What to go on from: trade, none, or a tuning.")] = "trade",
    layers: Annotated[int, typer.Option(min=1, max=12, help="Upper layers that change.")] = 8,
    rank: Annotated[int, typer.Option(min=1, max=128, help="Rank of the changes.")] = 16,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often each query is seen.")] = 1,
    rate: Annotated[float, typer.Option(min=1e-6, max=0.1, help="Rate of the changes.")] = 4e-4,
    held_out: Annotated[float, typer.Option(min=0.01, max=0.9, help="Share of the queries kept to measure.")] = 0.1,
    seed: Annotated[int, typer.Option(min=0, help="Of what is kept and of the order.")] = 0,
    threads: Annotated[int, typer.Option(min=1, help="Cores.")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be learned from.")] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Tune e5 to graded judgments (needs the extra `models`); says what that is worth on queries it has not seen.

    What ranking knows without the encoder comes from the published generation, which must hold the judged products.
    Then: rebuild with encoder.options.tuning=FILE, and learn the weights of ranking anew (train-ranker, eval pairs).

    Example:

      xunhuo train-encoder --queries q.tsv --qrels q.qrels --out my.npz
    """
    with clear_errors():
        settings = settings_of(config, overrides, data_dir)
        if not find_spec("torch"):
            raise EncoderError("torch is not installed.", field="train-encoder", hint='pip install "xunhuo[models]"')
        _check_out(out, settings)

        from cli.terminal import print_json
        from eval.inputs import read_qrels, read_queries
        from eval.tuning.judged import collect, parted
        from eval.tuning.learn import Course
        from eval.tuning.store import begin as beginning_of
        from retrieval.encoders.e5_tuning import tuning_file
        from retrieval.encoders.e5_weights import locate_weights, read_weights
        from retrieval.ranking.model import load_ranking
        from retrieval.wiring import open_engine

        weights = read_weights(locate_weights())
        start = beginning_of(tuning_file(begin), weights, weights.layers - layers, rank)
        asked, judged = read_queries(queries), read_qrels(qrels)
        engine = open_engine(settings)
        try:
            lists = collect(engine.examine, _watched(asked, "asking"), judged, load_ranking(settings.ranking_file))
        finally:
            engine.close()
        taught, kept = parted(lists, held_out, seed)
        found: dict[str, Any] = {
            "queries": len(lists), "titles": sum(len(one.titles) for one in lists),
            "judged": sum(len(judged.get(query.qid, ())) for query in asked),
            "taught": len(taught), "held_out": sorted({one.query for one in kept}),
        }  # fmt: skip
        if not dry_run:
            before = _measured(settings, begin, kept, threads)
            _learn(settings, taught, start, out, Course(layers, rank, rounds, rate, seed), threads, begin)
            found |= {"before": asdict(before), "after": asdict(_measured(settings, str(out.resolve()), kept, threads))}
            found["written"] = str(out.resolve())
        if as_json:
            print_json(found)
        else:
            _print(found)


def _check_out(out: Path, settings: Settings) -> None:
    """Whether it can be written, before what takes hours.

    Raises:
        InputError: no file can be written there, or a generation that serves was encoded with it.
        OSError: nobody may write there.
    """
    from retrieval.encoders.e5_tuning import TRADE, tuning_file

    if not out.parent.is_dir():
        raise InputError("there is no such folder", field=str(out.parent), hint="make it, or change --out")
    if out.is_dir():
        raise InputError("this is a folder", field=str(out), hint="name a file")
    used = tuning_file(str(settings.encoder.options.get("tuning", TRADE)))
    if used and out.resolve() == used.resolve():
        message = "generations are encoded with this file, which another one must not replace"
        raise InputError(message, field=str(out), hint="write another one, and rebuild with it")
    with tempfile.NamedTemporaryFile(prefix=f".{out.name}-", dir=out.parent):
        pass


def _learn(
    settings: Settings, lists: list[JudgedList], start: tuple[Beginning, E5Weights], out: Path, course: Course,
    threads: int, begin: str,
) -> None:  # fmt: skip
    import torch
    from rich.console import Console
    from rich.progress import Progress

    from eval.tuning.learn import learn, tokenizers_of
    from eval.tuning.store import save
    from retrieval.encoders.e5_build import ensure_built
    from retrieval.encoders.e5_tuning import tuning_file
    from retrieval.encoders.e5_vocabulary import E5Tokenizer
    from retrieval.wiring.places import encoder_cache

    torch.set_num_threads(threads)
    folder = ensure_built(encoder_cache(settings), tuning=tuning_file(begin)).folder  # whose words are those of any
    tokenizers = tokenizers_of(lambda most: E5Tokenizer(folder, max_tokens=most))
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("reading titles", total=None)

        def watch(step: int, steps: int, loss: float) -> None:
            progress.update(bar, completed=step, total=steps, description=f"learning, loss {loss:.3f}")

        save(out, learn(lists, start[1], tokenizers, start[0], course, watch), start[0])


def _measured(settings: Settings, tuning: str, lists: list[JudgedList], threads: int) -> Measured:
    """What e5 with this tuning is worth on these lists."""
    from eval.tuning.measure import measured
    from retrieval.encoders.e5 import NAME, load
    from retrieval.wiring.places import encoder_cache

    options = settings.encoder.options if settings.encoder.name == NAME else {}
    encoder = load({**options, "tuning": tuning}, cache_dir=encoder_cache(settings), threads=threads)
    return measured(encoder, lists, lambda some: _watched(some, "measuring"))


def _watched(things: Sequence[T], what: str) -> Iterable[T]:
    """With a bar on stderr."""
    from rich.console import Console
    from rich.progress import track

    return track(things, what, console=Console(stderr=True))


def _print(found: dict[str, Any]) -> None:
    typer.echo(f"{found['queries']} queries, {found['titles']} of {found['judged']} judged titles are used")
    typer.echo(f"learning from {found['taught']} of them, measuring on {len(found['held_out'])} others")
    if "written" not in found:
        return
    for name, what in (("cosine", "vectors"), ("tokens", "tokens ")):
        for measure, called in (("ndcg", "nDCG@10"), ("auc", "AUC    ")):
            values = [found[when][name] for when in ("before", "after")]
            before, after = (f"{value[measure]:.4f}" if value else "–" for value in values)
            typer.echo(f"{what} {called} before {before:6} after {after}")
    typer.echo(f"written: {found['written']}; now rebuild with encoder.options.tuning={found['written']}")
