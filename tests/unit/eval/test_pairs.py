"""Judged pairs:

1. Good and bad are read; a line that is no pair, or labels of one kind, are an error that names the place.
2. AUC is the share of (good, bad) pairs in the right order, ties half; the log-loss is that of its formula.
3. What was held out decides: a feature that tells the label apart is learned, noise is not.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from eval.pairs import Pair, auc, fit, log_loss, read_pairs
from retrieval.errors import InputError


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def row(label: object) -> dict[str, object]:
    return {"query": "铁锅", "title": "炒锅", "label": label}


def test_reading(tmp_path: Path) -> None:  # 1
    assert read_pairs(write(tmp_path / "p", row(1), row(0))) == [
        Pair("铁锅", "炒锅", good=True),
        Pair("铁锅", "炒锅", good=False),
    ]


@pytest.mark.parametrize("rows", [[row(2)], [{"query": "铁锅"}], ["铁锅"], [row(None)]])
def test_what_is_no_pair(tmp_path: Path, rows: list[object]) -> None:  # 1
    with pytest.raises(InputError) as caught:
        read_pairs(write(tmp_path / "p", row(1), *rows))
    assert str(caught.value.field).endswith("p:2")


def test_one_label(tmp_path: Path) -> None:  # 1
    with pytest.raises(InputError, match="both labels"):
        read_pairs(write(tmp_path / "p", row(1), row(1)))
    with pytest.raises(InputError, match="cannot be read"):
        read_pairs(tmp_path / "none")


def test_measures() -> None:  # 2
    good = np.array([True, True, False, False])
    assert auc(np.array([0.9, 0.4, 0.5, 0.4]), good) == (1 + 1 + 0 + 0.5) / 4
    assert log_loss(np.array([0.9, 0.5, 0.1, 0.5]), good) == pytest.approx(-(math.log(0.9) + math.log(0.5)) / 2)


def test_fit() -> None:  # 3
    rng = np.random.default_rng(0)
    noise = {str(i): rng.random() for i in range(200)}
    pairs = [Pair("q", str(i), good=i % 2 == 0) for i in range(200)]

    def features(query: str, title: str) -> np.ndarray:
        return np.array([int(title) % 2 == 0, noise[title]], np.float32)

    found = fit(pairs, features, ("told", "noise"), folds=5, seed=0)
    assert found.held_out_auc == 1.0
    assert found.weights["told"] > 10 * found.weights["noise"]
