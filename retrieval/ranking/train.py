"""Learns the weights of ranking from lists with known gains, and those of a probability from judged pairs.

Lists are learned by the listwise softmax: with score s_i = Σ w·x_i and gains g_i ≥ 0 of a list,

    loss = - Σ_i g_i / Σ g · ln (exp s_i / Σ_j exp s_j) + l2 · |w|²

averaged over the lists (ListNet with one draw; Cao et al. 2007, doi:10.1145/1273496.1273513). A pair of label y has the
logistic loss ln (1 + exp -s) for y = 1 and ln (1 + exp s) for y = 0. Both are convex, features are scaled to unit
deviation while learning, and weights are held ≥ 0: few weights with known signs need few judgments.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.errors import InputError
from retrieval.types import FloatArray

L2 = 1e-3
_Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainingList:
    """One query with its candidates.

    Attributes:
        features: (n, features), the candidates in the order in which they were found.
        gains: (n,), ≥ 0; how good each of them is.
    """

    features: FloatArray
    gains: FloatArray


def fit_lists(lists: Sequence[TrainingList], *, l2: float = L2, free: Collection[int] = ()) -> _Array:
    """Weights (features,), ≥ 0 but for the columns `free`, that put what has gain first.

    Lists without gain teach nothing.

    Raises:
        InputError: no list has any gain.
    """
    useful = [one for one in lists if one.gains.sum() > 0]
    if not useful:
        raise InputError("no candidate of any query is judged relevant", field="qrels", hint="check ids and qids")
    matrix = np.concatenate([one.features for one in useful]).astype(np.float64)
    scale = np.maximum(matrix.std(axis=0), 1e-9)
    matrix /= scale
    sizes = np.array([len(one.gains) for one in useful])
    starts, owner = np.cumsum(sizes) - sizes, np.repeat(np.arange(len(sizes)), sizes)
    shares = np.concatenate([one.gains / one.gains.sum() for one in useful]).astype(np.float64)

    def loss(weights: _Array) -> tuple[float, _Array]:
        scores = matrix @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        chances = np.exp(scores)
        sums = np.add.reduceat(chances, starts)
        value = -(shares @ scores) + np.log(sums).sum()
        slope = matrix.T @ (chances / sums[owner] - shares)
        return value / len(sizes) + l2 * weights @ weights, slope / len(sizes) + 2 * l2 * weights

    from scipy.optimize import minimize

    size = matrix.shape[1]
    bounds = [(None if column in free else 0, None) for column in range(size)]
    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x / scale, np.float64)


def log_likelihood(weights: _Array, one: TrainingList) -> float:
    """Of the gains of a list under the softmax of its scores, in nats a gain of 1; 0 without gain."""
    scores = one.features @ weights
    shares = one.gains / max(float(one.gains.sum()), 1e-9)
    return float(shares @ scores - shares.sum() * (np.logaddexp.reduce(scores)))


def fit_logistic(
    features: FloatArray, labels: npt.NDArray[np.bool_], counts: FloatArray, *, l2: float = L2
) -> tuple[_Array, float]:  # fmt: skip
    """Weights (features,), ≥ 0, and bias of the probability that a pair has the label.

    Args:
        features: (n, features).
        labels: (n,).
        counts: (n,), how much each pair counts.

    Raises:
        InputError: only one kind of label is there.
    """
    if labels.all() or not labels.any():
        raise InputError("pairs of both labels are needed", field="labels", hint="give good and bad pairs")
    matrix = features.astype(np.float64)
    centre, scale = matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 1e-9)
    matrix = np.hstack([(matrix - centre) / scale, np.ones((len(matrix), 1))])
    signs, shares = np.where(labels, 1.0, -1.0), counts / counts.sum()

    def loss(weights: _Array) -> tuple[float, _Array]:
        margins = signs * (matrix @ weights)
        slope = matrix.T @ (-signs * shares / (1 + np.exp(np.clip(margins, -60, 60))))
        slope[:-1] += 2 * l2 * weights[:-1]
        return float(shares @ np.logaddexp(0, -margins) + l2 * weights[:-1] @ weights[:-1]), slope

    size = matrix.shape[1]
    from scipy.optimize import minimize

    found = minimize(
        loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=[(0, None)] * (size - 1) + [(None, None)]
    )
    weights = found.x[:-1] / scale
    return weights, float(found.x[-1] - weights @ centre)


def ndcg(scores: npt.NDArray[np.floating], gains: FloatArray, depth: int = 10) -> float:
    """nDCG with linear gains and discount 1 / log2 (rank + 1); equal scores keep their order. 0 without gain."""
    discounts = 1 / np.log2(np.arange(2, min(depth, len(gains)) + 2))
    ideal = np.sort(gains)[::-1][: len(discounts)] @ discounts
    got = gains[np.argsort(-scores, kind="stable")][: len(discounts)] @ discounts
    return float(got / ideal) if ideal > 0 else 0.0


def held_out(lists: Sequence[TrainingList], *, folds: int = 5, seed: int = 0, l2: float = L2) -> _Array:
    """nDCG@10 of each list with weights learned without it, shape (lists,); a list without gain has 0."""
    order = np.random.default_rng(seed).permutation(len(lists))
    found = np.zeros(len(lists))
    for fold in range(folds):
        held = set(order[fold::folds].tolist())
        weights = fit_lists([one for i, one in enumerate(lists) if i not in held], l2=l2)
        for i in held:
            found[i] = ndcg(lists[i].features @ weights, lists[i].gains)
    return found
