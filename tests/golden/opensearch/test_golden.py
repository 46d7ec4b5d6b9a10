"""Requests and answers, frozen as files that can be read:

1. Every request is byte for byte the frozen one, and so is the body that creates an index.
2. What is read from the frozen answers of a real cluster is what the world of twelve products says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from retrieval.backends.opensearch import responses
from retrieval.schema import PRODUCT
from retrieval.types import MISSING
from tests.contract import world
from tests.contract.world import IDS, direction
from tests.golden.opensearch.questions import INDEX, QUESTIONS, ROWS

HERE = Path(__file__).parent
HALF = world.VECTORS.astype("<f2")
"""As they are stored."""


def frozen(name: str) -> Any:
    return orjson.loads((HERE / name).read_bytes())


def answer(name: str) -> responses.Answer:
    return responses.whole(frozen(f"{name}.response.json"))


def columns(name: str, field: str) -> dict[int, bytes]:
    return {row: responses.unpacked(value) for row, value in responses.stored(answer(name), field).items()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_requests(name: str) -> None:  # 1
    assert QUESTIONS[name] == frozen(f"{name}.request.json")


def test_index() -> None:  # 1
    assert frozen("index.json") == INDEX


@pytest.mark.parametrize(("name", "expected"), [("lexical", ["p03", "p12", "p06"]), ("lexical-filtered", ["p12"])])
def test_lexical(name: str, expected: list[str]) -> None:  # 2
    rows, _, ids = responses.ranked(answer(name))
    assert ids == expected == [IDS[row] for row in rows]
    assert responses.total(answer(name)) == len(expected)


def test_sorted() -> None:  # 2
    """The red ones of `FILTERS` that are not gone, the cheapest first, with their scores."""
    rows, scores, ids = responses.listed(answer("lexical-sorted"))
    assert (ids, rows.tolist()) == (["p12"], [0])
    assert scores == pytest.approx([world.bm25("红色", world.ROWS[0]) / 2.2], rel=1e-6)


@pytest.mark.parametrize(("name", "degrees"), [("semantic", 0), ("semantic-scores", 0), ("semantic-filtered", 90)])
def test_cosines(name: str, degrees: float) -> None:  # 2
    rows, scores, ids = responses.ranked(answer(name))
    assert set(rows.tolist()) <= set(range(12))
    assert len(rows) == {"semantic": 3, "semantic-scores": len(ROWS), "semantic-filtered": 1}[name]
    assert ids == [IDS[row] for row in rows]
    assert responses.cosines(scores) == pytest.approx(HALF[rows] @ direction(degrees), abs=1e-6)


def test_values() -> None:  # 2
    assert responses.total(answer("counting")) == 1
    assert responses.sort_values(answer("passing")) == [[0]]
    assert responses.sort_values(answer("identities")) == [["p01", 3], ["p05", 5], ["p06", 11], ["p12", 0]]
    assert sorted(responses.sort_values(answer("numbers"))) == [[MISSING, 1], [300, 0]]
    assert responses.sort_values(answer("rows-of")) == [["p06", 11]]
    assert columns("forward", "forward") == {row: world.document(world.ROWS[row]).forward for row in (0, 3)}
    assert columns("records", "source") == {row: world.document(world.ROWS[row]).document.source for row in (0, 3)}
    assert columns("vectors", "half") == {row: HALF[row].tobytes() for row in (0, 3)}


def test_what_travels_along() -> None:  # 2
    """Two of the three that have the word, and the three nearest to 0°: with their columns, and with cosines."""
    best, near = answer("first"), answer("semantic-carrying")
    cosines = responses.script_cosines(best)
    assert set(cosines) < {IDS.index(name) for name in ("p03", "p12", "p06")}
    for row, cosine in cosines.items():
        assert cosine == pytest.approx(HALF[row] @ direction(0), abs=1e-6)
    assert responses.row_cosines(near).keys() == set(responses.ranked(answer("semantic"))[0].tolist())
    for name, rows in (("first", set(cosines)), ("semantic-carrying", set(responses.row_cosines(near)))):
        assert columns(name, "forward") == {row: world.document(world.ROWS[row]).forward for row in rows}
        assert columns(name, "source") == {row: world.document(world.ROWS[row]).document.source for row in rows}
    assert columns("first", "half") == {row: HALF[row].tobytes() for row in cosines}


@pytest.mark.parametrize("name", ["brand"])
def test_facets(name: str) -> None:  # 2
    assert [(v.value, v.count) for v in responses.facet(answer("facets"), name)] == world.facet(name, ROWS)
    assert sum(v.count for v in responses.facet(answer("facets"), "price", PRODUCT.bands["price"])) == len(ROWS)
