"""The half of `xunhuo train-ranker` that learns what interests are worth."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import typer

from cli.event_files import events_of

if TYPE_CHECKING:
    from configs.settings import Settings
    from eval.types import Interval

LISTS = 4_000
"""Shown lists to learn from, drawn by the seed; each takes about a twentieth of a second of one core."""
KEPT = 10
"""Profiles: a stranger's is the next to be needed."""


def train_interest(settings: Settings, files: Sequence[Path], base: Path, out: Path, *, folds: int, seed: int) -> None:
    """Learns worths from what shoppers clicked, with what was known of them at that time; writes `base` with them.

    Raises:
        InputError: there is too little to learn from, or `base` is no file of weights.
        StorageError: the store of events cannot be read.
    """
    from rich.console import Console
    from rich.progress import track

    from eval.interest.collect import collect
    from eval.interest.learn import learn, with_worths
    from eval.interest.shown import shown_lists
    from retrieval.profiles.profiles import Profiles
    from retrieval.profiles.weights import load_interest
    from retrieval.wiring import open_engine
    from retrieval.wiring.interest import make_vocabulary

    known = load_interest(base)
    same = replace(known, score=known.score.model_copy(update=dict.fromkeys(known.score.by_dimension, 1.0)))
    with events_of(settings, files) as store, closing(open_engine(settings)) as engine:
        lists = shown_lists(store.scan())
        drawn = Random(seed).sample(lists, min(LISTS, len(lists)))
        taste = Profiles(store, make_vocabulary(settings), same, kept=KEPT)
        lessons = collect(
            engine, taste, drawn,
            watched=lambda these: track(these, "asking", console=Console(stderr=True)),
        )  # fmt: skip
    learned = learn(lessons, known.score, folds=folds, seed=seed)
    out.write_text(with_worths(base, learned.worth), encoding="utf-8")
    typer.echo(f"{learned.lists:,} clicked lists of {learned.shoppers:,} shoppers, with what was known of them then")
    typer.echo(
        f"a click is explained by the own profile {_nats(learned.own)}, by a stranger's {_nats(learned.stranger)}"
    )
    typer.echo(" ".join(f"{dimension}: {worth:g}" for dimension, worth in learned.worth.items()))
    typer.echo(f"written: {out}; use it with --set interest.weights={out}")


def _nats(one: Interval) -> str:
    low, high = one.low or one.mean, one.high or one.mean
    return f"{one.mean:+.4f} nats ({low:+.4f} … {high:+.4f})"
