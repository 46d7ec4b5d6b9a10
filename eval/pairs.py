"""Judged pairs of query and title against the absolute relevance: does it tell good from bad?

AUC is the probability that a good pair gets a higher relevance than a bad one, ties counting half (Mann and Whitney
1947, doi:10.1214/aoms/1177730491); 0.5 is chance. The log-loss says whether the number can be read as a probability.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.errors import InputError
from retrieval.ranking.train import fit_logistic
from retrieval.types import FloatArray

FeaturesOf = Callable[[str, str], FloatArray]
"""Query and title → values of the features that are looked at, shape (features,)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A query, a title, and whether the title answers it."""

    query: str
    title: str
    good: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights and bias of the part ``relevance`` of a file of weights, and the AUC of pairs that were held out."""

    weights: dict[str, float]
    bias: float
    held_out_auc: float


def read_pairs(path: Path) -> list[Pair]:
    """Lines of JSON with ``query``, ``title`` and ``label`` (0 or 1).

    Raises:
        InputError: the file or a line cannot be read, or pairs of only one label are there.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(f"{path} cannot be read: {why}", hint="give JSON lines in UTF-8") from None
    pairs = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pairs.append(Pair(str(row["query"]), str(row["title"]), {0: False, 1: True}[row["label"]]))
        except (ValueError, KeyError, TypeError) as why:
            hint = 'a line is {"query": …, "title": …, "label": 0 or 1}'
            raise InputError(f"this is no judged pair: {why}", field=f"{path}:{number}", hint=hint) from None
    if len({pair.good for pair in pairs}) < 2:
        raise InputError("pairs of both labels are needed", field=str(path), hint="give good and bad pairs")
    return pairs


def auc(scores: npt.NDArray[np.floating], good: npt.NDArray[np.bool_]) -> float:
    """Of scores (n,) and labels (n,), both of which occur."""
    from scipy.stats import rankdata

    n = int(good.sum())
    return float((rankdata(scores)[good].sum() - n * (n + 1) / 2) / (n * (len(good) - n)))


def log_loss(chances: npt.NDArray[np.floating], good: npt.NDArray[np.bool_]) -> float:
    """Mean of −ln of the probability given to what is true."""
    return float(-np.log(np.clip(np.where(good, chances, 1 - chances), 1e-6, 1)).mean())


def fit(pairs: Sequence[Pair], features_of: FeaturesOf, names: Sequence[str], *, folds: int, seed: int) -> Fitted:
    """Learns weights from all pairs; the AUC is that of each pair under weights learned without its fold."""
    matrix = np.stack([features_of(pair.query, pair.title) for pair in pairs])
    good, alike = np.array([pair.good for pair in pairs]), np.ones(len(pairs), np.float32)
    fold = np.random.default_rng(seed).permutation(len(pairs)) % folds
    held = np.zeros(len(pairs))
    for i in range(folds):
        weights, bias = fit_logistic(matrix[fold != i], good[fold != i], alike[fold != i])
        held[fold == i] = matrix[fold == i] @ weights + bias
    weights, bias = fit_logistic(matrix, good, alike)
    rounded = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    return Fitted(rounded, round(bias, 3), auc(held, good))
