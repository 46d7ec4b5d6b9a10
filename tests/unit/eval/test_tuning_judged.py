"""Judged lists to teach an encoder with.

1. They hold the judged titles among what is looked at, with their grades and what the rest of ranking says: the weights
   of the file, without the features that the encoder makes.
2. Grades of 0 and 1 mean nothing and a full answer; others are held between 0 and 3.
3. What has no answer beside something else to tell it from is an error that says what is expected.
4. Parting keeps a query's lists on one side, gives the share that is asked for, the same for a seed, and says where
   there are too few.
5. The command says that torch is missing, and that the folder of --out is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from configs.settings import RANKING
from eval.tuning.judged import BY_VECTORS, JudgedList, collect, parted
from eval.types import Query
from retrieval.errors import InputError
from retrieval.ranking.features.registry import FEATURES
from retrieval.ranking.model import load_ranking
from retrieval.types import FloatArray
from xunhuo.__main__ import app

MODEL = load_ranking(RANKING / "e5.yaml")


@dataclass(frozen=True)
class Seen:
    ids: Sequence[str]
    titles: Sequence[str]
    features: Mapping[str, FloatArray]


def examine(text: str) -> Seen:
    """Three documents; each feature is its place."""
    values = np.arange(3, dtype=np.float32)
    return Seen(("a", "b", "c"), ("A", "B", "C"), dict.fromkeys(FEATURES, values))


def lists_of(grades: Mapping[str, int]) -> list[JudgedList]:
    return collect(examine, [Query("1", "X Y")], {"1": grades}, MODEL, str.lower)


def test_a_list_holds_what_is_looked_at() -> None:  # 1
    (one,) = lists_of({"c": 3, "a": 1, "nowhere": 2})
    assert (one.query, one.titles, one.grades.tolist()) == ("x y", ("A", "C"), [1, 3])
    assert {"cosine", "late_interaction", "thing", "centred_cosine"} <= BY_VECTORS
    beside = sum(weight for name, weight in MODEL.order.items() if name not in BY_VECTORS)
    np.testing.assert_allclose(one.order, [0, 2 * beside], rtol=1e-5)
    named = zip(MODEL.relevance.names, MODEL.relevance.weights, strict=True)
    beside = sum(weight for name, weight in named if name not in BY_VECTORS)
    np.testing.assert_allclose(one.relevance, MODEL.relevance.bias + np.array([0, 2 * beside]), rtol=1e-5)


def test_grades() -> None:  # 2
    assert lists_of({"a": 0, "b": 1})[0].grades.tolist() == [0, 3]
    assert lists_of({"a": -2, "b": 9})[0].grades.tolist() == [0, 3]


@pytest.mark.parametrize("grades", [{}, {"a": 3}, {"a": 3, "b": 2}, {"a": 0, "b": 1, "nowhere": 2}])
def test_nothing_to_learn(grades: Mapping[str, int]) -> None:  # 3
    with pytest.raises(InputError, match="answer and another title"):
        lists_of(grades)


def test_parting() -> None:  # 4
    nothing = np.zeros(2, np.float32)
    lists = [JudgedList(f"q{i // 2}", ("A", "B"), np.array([0, 3]), nothing, nothing) for i in range(40)]
    taught, kept = parted(lists, 0.25, 7)
    assert (len(taught), len(kept)) == (30, 10)
    assert not {one.query for one in taught} & {one.query for one in kept}
    assert [one.query for one in parted(lists, 0.25, 7)[1]] == [one.query for one in kept]
    assert {one.query for one in parted(lists, 0.25, 8)[1]} != {one.query for one in kept}
    with pytest.raises(InputError, match="too few"):
        parted(lists[:2], 0.25, 7)


def test_the_command_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 5
    for name in ("q", "j"):
        (tmp_path / name).write_text("")
    command = ["train-encoder", "--queries", str(tmp_path / "q"), "--qrels", str(tmp_path / "j"), "--out"]
    monkeypatch.setattr("cli.train_encoder.find_spec", lambda name: None)
    said = CliRunner().invoke(app, [*command, str(tmp_path / "out.npz")])
    assert (said.exit_code, "xunhuo[models]" in said.output) == (4, True)
    monkeypatch.setattr("cli.train_encoder.find_spec", lambda name: object())
    said = CliRunner().invoke(app, [*command, str(tmp_path / "none" / "out.npz")])
    assert (said.exit_code, "no such folder" in said.output) == (2, True)
