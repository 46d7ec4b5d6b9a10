"""What each feature of the ranking is worth: weights learned without it, or with another one, on queries held out.

Every change is learned and measured like the whole: over the same folds, once for each seed, and a query counts the
mean of its nDCG@10 over the seeds. So a difference is paired, query by query, and how sure it is can be said: 95 %
bootstrap interval and p of a paired randomisation test (`eval.statistics`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.statistics import Values, bootstrap_means, randomisation_p_values
from eval.train_ranker import check_folds
from retrieval.errors import InputError
from retrieval.ranking.train import TrainingList, held_out

_RESAMPLES, _PERMUTATIONS = 2_000, 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """A set of features against the whole one.

    Attributes:
        without, added: the features that differ; both empty for the whole.
        ndcg: mean nDCG@10 of queries held out.
        difference, low, high: against the whole, with its 95 % interval; p: of a difference so large by chance.
    """

    without: tuple[str, ...]
    added: tuple[str, ...]
    ndcg: float
    difference: float
    low: float | None
    high: float | None
    p: float


def ablate(
    lists: Sequence[TrainingList],
    names: Sequence[str],
    whole: Sequence[str],
    *,
    groups: Sequence[Sequence[str]] = (),
    tried: Sequence[str] = (),
    folds: int = 5,
    seeds: int = 1,
    watched: Callable[
        [Sequence[tuple[tuple[str, ...], tuple[str, ...]]]], Iterable[tuple[tuple[str, ...], ...]]
    ] = iter,
) -> tuple[Change, ...]:
    """The whole first, then without each group, without each feature, and with each of `tried`.

    Args:
        lists: candidates with the features `names`, in this order.
        whole: the features that order; one of a single feature has nothing to leave out.
        groups: features that are left out together.
        tried: features that are added, one at a time.
        seeds: draws of the folds that are averaged.
        watched: gives the changes one by one; a progress bar, say.

    Raises:
        InputError: fewer lists than folds, a group that is no proper part of the whole, or a tried feature that is.
    """
    check_folds(lists, folds)
    for group in groups:
        if not group or not set(group) < set(whole):
            raise InputError(f"{','.join(group) or 'nothing'} is no part of {','.join(whole)}", field="without")
    if again := set(tried) & set(whole):
        raise InputError(f"{','.join(sorted(again))} orders already", field="try", hint="try features that do not")
    single = [(name,) for name in whole] if len(whole) > 1 else []
    changes = [((), ()), *((tuple(group), ()) for group in [*groups, *single]), *(((), (name,)) for name in tried)]
    found = []
    for without, added in watched(changes):
        columns = [names.index(name) for name in (*whole, *added) if name not in without]
        narrowed = [TrainingList(one.features[:, columns], one.gains) for one in lists]
        found.append(np.mean([held_out(narrowed, folds=folds, seed=seed) for seed in range(seeds)], axis=0))
    return tuple(_change(*change, values, found[0]) for change, values in zip(changes, found, strict=True))


def _change(without: tuple[str, ...], added: tuple[str, ...], values: Values, whole: Values) -> Change:
    differences = (values - whole)[:, None]
    (interval,) = bootstrap_means(differences, seed=0, resamples=_RESAMPLES)
    (p,) = randomisation_p_values(differences, seed=0, permutations=_PERMUTATIONS)
    mean = round(float(values.mean()), 6)
    return Change(without, added, mean, interval.mean, interval.low, interval.high, p)
