"""The door to LightGBM: LambdaMART, an ensemble of small trees, for shops with thousands of judged queries.

Its contributions are exact: LightGBM gives each feature its Shapley value (TreeSHAP; Lundberg et al. 2020,
doi:10.1038/s42256-019-0138-9), and with ``base`` they sum to the score. On 492 queries it is no better than the
weighted sum, which therefore is the default. Installed with the extra ``trees``.

Source: Burges 2010, “From RankNet to LambdaRank to LambdaMART”, MSR-TR-2010-82.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from retrieval.errors import SettingsError
from retrieval.ranking.features.registry import FEATURES, hint_for
from retrieval.ranking.train import TrainingList
from retrieval.types import FloatArray

BASE = "base"
"""Name of the part of a score that no feature has contributed."""


class TreeRanker:
    """See `retrieval.ranking.ranker.Ranker`. Safe to share between threads: one thread a prediction."""

    def __init__(self, model: str) -> None:
        """`model` is the text that `train_trees` gave.

        Raises:
            SettingsError: LightGBM is not installed, the text is no model, or it needs a feature we do not have.
        """
        library = _lightgbm()
        try:
            self._booster = library.Booster(model_str=model)
        except library.basic.LightGBMError as why:
            raise SettingsError(
                f"this is no LightGBM model: {why}", hint="train it again: xunhuo train-ranker"
            ) from why
        self.names: tuple[str, ...] = tuple(self._booster.feature_name())
        if unknown := sorted(set(self.names) - set(FEATURES)):
            hint = f"train it again; {hint_for(unknown, FEATURES)}"
            raise SettingsError(f"the model needs the features {', '.join(unknown)}", hint=hint)

    def scores(self, features: Mapping[str, FloatArray], size: int) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Of feature → values (size,): scores (size,) and feature → contribution (size,), with ``base``."""
        if not size:
            return np.zeros(0, np.float32), {name: np.zeros(0, np.float32) for name in (*self.names, BASE)}
        matrix = np.stack([features[name] for name in self.names], axis=1)
        parts = np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=1), np.float64)
        total = parts.sum(axis=1).astype(np.float32)
        return total, {name: parts[:, i].astype(np.float32) for i, name in enumerate((*self.names, BASE))}


def load_trees(path: Path) -> TreeRanker:
    """The ranker kept in a file.

    Raises:
        SettingsError: it cannot be read, or is no model.
    """
    try:
        return TreeRanker(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as why:
        raise SettingsError(f"the model of ranking cannot be read: {why}", field=str(path)) from why


def train_trees(
    lists: Sequence[TrainingList], names: Sequence[str], *, rounds: int = 100, leaves: int = 4, seed: int = 0
) -> str:  # fmt: skip
    """A model as text. The same lists and seed give the same text. More of a feature never lowers a score.

    Args:
        lists: with whole gains from 0 to 30, as judgments have them; lists without gain teach nothing.
        names: of the features, as the columns stand.

    Raises:
        SettingsError: LightGBM is not installed.
    """
    library = _lightgbm()
    useful = [one for one in lists if one.gains.any()]
    data = library.Dataset(
        np.concatenate([one.features for one in useful]),
        np.concatenate([one.gains for one in useful]),
        group=[len(one.gains) for one in useful],
        feature_name=list(names),
        params={"verbose": -1},
    )
    settings = {
        "objective": "lambdarank", "learning_rate": 0.05, "num_leaves": leaves, "min_data_in_leaf": 40, "lambda_l2": 5,
        "lambdarank_truncation_level": 20, "monotone_constraints": [1] * len(names), "num_threads": 1, "seed": seed,
        "deterministic": True, "force_row_wise": True, "verbose": -1,
    }  # fmt: skip
    return str(library.train(settings, data, rounds).model_to_string())


def _lightgbm() -> ModuleType:
    try:
        return import_module("lightgbm")
    except ImportError as why:
        raise SettingsError("LightGBM is not installed", hint='pip install "xunhuo[trees]"') from why
