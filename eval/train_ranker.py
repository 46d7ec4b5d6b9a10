"""`xunhuo train-ranker`: learn how to order from judgments or from a click log, and write the weights down.

Candidates and their features come from the search that is to be improved; only what it finds can be learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import yaml

from eval.types import Query
from retrieval.errors import InputError
from retrieval.ranking.clicks import Impression, gains, propensities
from retrieval.ranking.features.registry import FEATURES, hint_for
from retrieval.ranking.train import TrainingList, fit_lists, held_out, ndcg
from retrieval.types import FloatArray

Gains = Mapping[str, Mapping[str, float]]
"""qid → document id → how good it is, ≥ 0."""


class Examined(Protocol):
    """The first candidates of a query in the order found: their ids, and feature → values of them (n,)."""

    @property
    def ids(self) -> Sequence[str]: ...
    @property
    def features(self) -> Mapping[str, FloatArray]: ...


Examine = Callable[[str], Examined]


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learned.

    Attributes:
        weights: feature → weight, ≥ 0.
        queries, found: how many queries are judged, and of how many a relevant document was among the candidates.
        before, after: mean nDCG@10 of the order found, and of the learned one in cross-validation.
    """

    weights: Mapping[str, float]
    queries: int
    found: int
    before: float
    after: float


def collect(examine: Examine, queries: Iterable[Query], judged: Gains, names: Sequence[str]) -> list[TrainingList]:
    """The candidates of every judged query, with the features called `names`.

    Raises:
        InputError: the search does not give a feature of that name.
    """
    lists: list[TrainingList] = []
    for query in queries:
        if not (good := judged.get(query.qid)):
            continue
        examined = examine(query.text)
        if missing := sorted(set(names) - set(examined.features)):
            hint = hint_for(missing, examined.features)
            raise InputError(f"the search gives no feature {', '.join(missing)}", field="features", hint=hint)
        matrix = np.stack([examined.features[name] for name in names], axis=1).astype(np.float32)
        lists.append(TrainingList(matrix, np.array([max(good.get(i, 0), 0) for i in examined.ids], np.float32)))
    return lists


def train(lists: Sequence[TrainingList], names: Sequence[str], *, folds: int = 5, seed: int = 0) -> Trained:
    """Weights for all the lists, and what they are worth on queries they were not learned from.

    Raises:
        InputError: fewer lists than folds, or no candidate is relevant.
    """
    check_folds(lists, folds)
    found = sum(bool(one.gains.any()) for one in lists)
    before = float(np.mean([ndcg(np.zeros(len(one.gains)), one.gains) for one in lists]))
    after = float(held_out(lists, folds=folds, seed=seed).mean())
    weights = dict(zip(names, fit_lists(lists).round(4).tolist(), strict=True))
    return Trained(weights, len(lists), found, round(before, 4), round(after, 4))


def check_folds(lists: Sequence[TrainingList], folds: int) -> None:
    """Raises InputError where there are fewer lists than folds."""
    if len(lists) < max(folds, 2):
        raise InputError(
            f"{len(lists)} judged queries are too few for {folds} folds", field="queries", hint="judge more"
        )


def gains_of_clicks(
    impressions: Sequence[Impression], looked_at: FloatArray | None = None
) -> tuple[tuple[Query, ...], Gains]:
    """Queries and gains of a click log, without the bias of the place; each distinct query text is one query.

    Args:
        looked_at: chance that ranks 1 … n are looked at; None estimates it from the log.

    Raises:
        InputError: there is no impression, a rank is less than 1 or a chance is outside [0, 1].
    """
    theta = propensities(impressions) if looked_at is None else looked_at
    by_text = gains(impressions, theta)
    queries = tuple(Query(f"q{i}", text) for i, text in enumerate(by_text))
    return queries, {query.qid: by_text[query.text] for query in queries}


def with_order(base: Path, weights: Mapping[str, float]) -> str:
    """The file `base` with another ``order``; relevance and floor stay as they are.

    So do the weights of what judgments of words teach nothing of (`Feature.taught_by_words`), unless learned.

    Raises:
        InputError: `base` cannot be read.
    """
    try:
        content: Any = yaml.safe_load(base.read_text(encoding="utf-8"))
        offer = {name for name, feature in FEATURES.items() if not feature.taught_by_words}
        kept = {name: weight for name, weight in content["order"].items() if name in offer}
        return yaml.safe_dump({**content, "order": {**kept, **weights}}, allow_unicode=True, sort_keys=False)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as why:
        raise InputError(f"the weights cannot be read: {why}", field=str(base)) from why
