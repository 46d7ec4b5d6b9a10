"""Judged lists to teach an encoder with.

1. They hold the judged titles among what is looked at, with their grades and what the rest of ranking says: the weights
   of the file, without the features that the encoder makes.
2. Grades of 0 and 1 mean nothing and a full answer; others are held between 0 and 3.
3. What has no answer beside something else to tell it from is an error that says what is expected.
4. Parting keeps a query on its side, whatever else is judged; about the share that is asked for is kept, and sides that
   have nothing to tell apart are an error.
5. The command says that torch is missing, and where --out cannot be: in no folder, on a folder, on the tuning in use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from configs.settings import RANKING
from eval.tuning.judged import BY_VECTORS, MOST_TITLES, JudgedList, collect, parted
from eval.types import Query
from retrieval.errors import InputError
from retrieval.ranking.features.registry import FEATURES
from retrieval.ranking.model import load_ranking
from retrieval.types import FloatArray
from xunhuo.__main__ import app

MODEL = load_ranking(RANKING / "e5.yaml")


@dataclass(frozen=True)
class Seen:
    query: str
    ids: Sequence[str]
    titles: Sequence[str]
    features: Mapping[str, FloatArray]


def examine(text: str) -> Seen:
    """Three documents; each feature is its place."""
    values = np.arange(3, dtype=np.float32)
    return Seen(text.lower(), ("a", "b", "c"), ("A", "B", "C"), dict.fromkeys(FEATURES, values))


def lists_of(grades: Mapping[str, int]) -> list[JudgedList]:
    return collect(examine, [Query("1", "X Y")], {"1": grades}, MODEL)


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


def judged(query: str, *grades: int) -> JudgedList:
    nothing = np.zeros(len(grades), np.float32)
    return JudgedList(query, tuple(map(str, range(len(grades)))), np.array(grades), nothing, nothing)


def test_parting() -> None:  # 4
    lists = [judged(f"q{i // 2}", 0, 3) for i in range(400)]
    taught, kept = parted(lists, 0.25, 7)
    assert len(taught) + len(kept) == 400
    assert 60 < len(kept) < 140
    assert not {one.query for one in taught} & {one.query for one in kept}
    more = [judged(f"r{i}", 0, 3) for i in range(100)] + lists[::-1]
    assert {one.query for one in kept} <= {one.query for one in parted(more, 0.25, 7)[1]}
    assert {one.query for one in parted(lists, 0.25, 8)[1]} != {one.query for one in kept}


@pytest.mark.parametrize("grades", [(3, 3), (0, 1)])
def test_too_few_to_part(grades: tuple[int, ...]) -> None:  # 4
    lists = [judged(f"q{i}", 0, 3) for i in range(40)]
    held = {one.query for one in parted(lists, 0.25, 7)[1]}
    poor = [judged(one.query, *grades) if one.query in held else one for one in lists]
    with pytest.raises(InputError, match="too few"):
        parted(poor, 0.25, 7)


def test_long_lists() -> None:  # 1
    def long(text: str) -> Seen:
        ids = [f"d{i}" for i in range(100)]
        return Seen(text, ids, ids, dict.fromkeys(FEATURES, np.arange(100, dtype=np.float32)))

    grades = {f"d{i}": 3 if i % 2 else i % 4 // 2 for i in range(100)}
    (one,) = collect(long, [Query("1", "x")], {"1": grades}, MODEL)
    assert len(one.titles) == MOST_TITLES
    assert (one.grades >= 2).sum() == MOST_TITLES // 2
    assert one.titles == tuple(f"d{i}" for i in range(MOST_TITLES))
    (one,) = collect(long, [Query("1", "x")], {"1": {f"d{i}": 0 if i == 99 else 3 for i in range(100)}}, MODEL)
    assert (len(one.titles), one.titles[-1]) == (MOST_TITLES, "d99")


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
    said = CliRunner().invoke(app, [*command, str(tmp_path)])
    assert (said.exit_code, "this is a folder" in said.output) == (2, True)
    used = tmp_path / "used.npz"
    said = CliRunner().invoke(app, [*command, str(used), "--set", f"encoder.options={{tuning: {used}}}"])
    assert (said.exit_code, "must not replace" in said.output) == (2, True)
