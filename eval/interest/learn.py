"""What an interest of each dimension is worth, by a conditional logit over shown lists (McFadden 1974).

    P (item is clicked | list) = exp u / Σ exp u,   u = Σ own_d · liking_d + Σ any_d · (liking_d + stranger_d) + place

What a stranger's profile draws as well is in `any_d` and is no taste; `own_d` is ≥ 0, all else may have any sign.
Clicks tell the worth of dimensions beside each other, not beside the relevance, which hardly differs within a page: so
worths are `own_d`, times what makes the likings of these lists deviate as much as with the worths of before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from eval.interest.collect import ANY, DIMENSIONS, OWN, WIDTH, Lesson
from eval.statistics import bootstrap_means
from eval.types import Interval
from retrieval.errors import InputError
from retrieval.interest.profile import Dimension
from retrieval.profiles.weights import Worth
from retrieval.ranking.train import TrainingList, fit_lists, log_likelihood

_FREE = frozenset(range(WIDTH)) - frozenset(range(OWN.start, OWN.stop))
LEAST = 100
"""Lists; fewer teach nothing that holds elsewhere."""
_Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned.

    Attributes:
        worth: dimension → worth, ≥ 0.
        own, stranger: nats a click, held out by shopper, that the own profile explains beyond the place, and
            that a stranger's in its place does.
    """

    worth: Mapping[Dimension, float]
    lists: int
    shoppers: int
    own: Interval
    stranger: Interval


def learn(lessons: Sequence[Lesson], before: Worth, *, folds: int = 5, seed: int = 0) -> Learned:
    """Worths for all lists, and what they are worth on shoppers that they were not learned from.

    Args:
        before: gives the scale.

    Raises:
        InputError: too few lists or shoppers, or no interest that draws a click.
    """
    shoppers = sorted({one.user for one in lessons})
    if len(lessons) < LEAST or len(shoppers) < folds:
        message = f"{len(lessons)} clicked lists of {len(shoppers)} shoppers are too few to learn from"
        raise InputError(message, field="events", hint=f"{LEAST} lists of {folds} shoppers with a profile are needed")
    own = _fit([one.list for one in lessons])[OWN]
    told = np.concatenate([one.list.features[:, OWN] for one in lessons])
    spread = float((told @ own).std())
    if not spread:
        raise InputError("no interest draws a click of its own", field="events", hint="keep the worths of before")
    as_before = float((told @ [before.by_dimension[one] for one in DIMENSIONS]).std())
    worth = own * as_before / spread
    gains = _held_out(lessons, shoppers, folds, seed)
    mine, stranger = bootstrap_means(gains, seed=seed, resamples=2_000)
    return Learned(
        dict(zip(DIMENSIONS, worth.round(4).tolist(), strict=True)), len(lessons), len(shoppers), mine, stranger
    )


def with_worths(base: Path, worth: Mapping[Dimension, float]) -> str:
    """The file `base` with other worths; the rest of it stays as it is.

    Raises:
        InputError: `base` cannot be read.
    """
    try:
        content: Any = yaml.safe_load(base.read_text(encoding="utf-8"))
        score = {**content["score"], **{str(dimension): value for dimension, value in worth.items()}}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as why:
        raise InputError(f"the weights cannot be read: {why}", field=str(base)) from why
    return yaml.safe_dump({**content, "score": score}, allow_unicode=True, sort_keys=False)


def _held_out(
    lessons: Sequence[Lesson], shoppers: Sequence[str], folds: int, seed: int
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Log-likelihood of the own profile, and of a stranger's in its place, minus that of none, shape (lists, 2)."""
    order = np.random.default_rng(seed).permutation(len(shoppers))
    fold_of = {shoppers[place]: number % folds for number, place in enumerate(order.tolist())}
    gains = np.zeros((len(lessons), 2))
    for fold in range(folds):
        seen = [one.list for one in lessons if fold_of[one.user] != fold]
        full, none = _fit(seen), _fit([_without(one) for one in seen])
        for place, one in enumerate(lessons):
            if fold_of[one.user] == fold:
                base = log_likelihood(none, one.list)
                swapped = log_likelihood(full, _swapped(one.list))
                gains[place] = log_likelihood(full, one.list) - base, swapped - base
    return gains


def _fit(lists: Sequence[TrainingList]) -> _Weights:
    return fit_lists(lists, free=_FREE)


def _without(one: TrainingList) -> TrainingList:
    """Nobody's profile."""
    features = one.features.copy()
    features[:, OWN] = 0
    return replace(one, features=features)


def _swapped(one: TrainingList) -> TrainingList:
    """The stranger's profile where the own one was."""
    features = one.features.copy()
    features[:, OWN] = features[:, ANY] - features[:, OWN]
    return replace(one, features=features)
