"""What a query wants:

1. It is known where the titles have one of its words of two characters or more.
2. Each distinct Han character once; letters and digits are codes.
3. A run of `MIN_RUN` letters and digits or more may stand in a title with spaces; its codes are its own.
4. Whatever is asked weighs something, though every title has it.
"""

from __future__ import annotations

import pytest

from retrieval.ranking.forward import word_hash
from retrieval.ranking.wanted import MIN_RUN, Wanted, wanted
from retrieval.ranking.word_space import WordSpace
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import space


def of(query: str) -> Wanted:
    return wanted(built_in_analyzer().query(query), {}, space())


@pytest.mark.parametrize(
    ("query", "known"), [("铁锅", True), ("绊脚绳", False), ("x99", False), ("女", False), ("绊脚绳 铁锅", True)]
)
def test_known(query: str, known: bool) -> None:
    assert of(query).known is known


def test_characters_and_codes() -> None:
    found = of("铁锅, 铁 mate60")
    assert found.characters == "铁锅"
    assert found.codes == tuple(map(word_hash, ("mate60", "mate", "60")))


def test_runs() -> None:
    assert of("a" * MIN_RUN).runs == {"a" * MIN_RUN: (0,)}
    assert of("a" * (MIN_RUN - 1)).runs == {}
    assert of("x1 mate-60").runs == {"mate60": tuple(range(3, 3 + len(of("mate-60").codes)))}


def test_weights() -> None:
    everywhere = wanted(built_in_analyzer().query("铁锅 a1"), {}, WordSpace.empty())
    for weights in (everywhere.term_weights, everywhere.character_weights, everywhere.code_weights):
        assert (weights > 0).all()
