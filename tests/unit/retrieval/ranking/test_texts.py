"""Texts of documents as one:

1. Whether each contains a part is what `in` says of each, for any texts and parts: at the beginning and the end, twice,
   beyond the Basic Multilingual Plane, and never across two documents.
2. A squeezed run is found whatever spaces and marks stand in it.
3. Titles, categories and whole documents are what was put together.
4. Texts of another number of lines are refused.
5. A number is found where no other digit is beside it, and a part with a digit beside it is given with what is around.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.texts import Texts, squeezed

text = st.text(alphabet="ab -锅\U00020bb7\ud800", max_size=5)
documents = st.lists(st.tuples(text, text, text), max_size=4)
parts = st.text(alphabet="ab -锅\U00020bb7\ud800", min_size=1, max_size=4)


def of(*lines: tuple[str, str, str]) -> Texts:
    return Texts("\n".join(map("\n".join, lines)), len(lines))


@given(documents, st.lists(parts, max_size=3))
def test_contain(lines: list[tuple[str, str, str]], asked: list[str]) -> None:
    found = of(*lines)
    for part in asked:
        assert found.contain(part).tolist() == [any(part in line for line in document) for document in lines]
        assert found.contain_each(part).tolist() == [
            [any(c in line for line in document) for c in part] for document in lines
        ]


def test_at_the_end() -> None:
    assert of(("锅", "b", "锅")).contain("锅锅").tolist() == [False]
    assert of(("a", "b", "ab锅"), ("", "", "")).contain("b锅").tolist() == [True, False]


@given(documents, parts)
def test_squeezed(lines: list[tuple[str, str, str]], run: str) -> None:
    if run := squeezed(run):
        expected = [any(run in squeezed(line) for line in document) for document in lines]
        assert of(*lines).contain_squeezed(run).tolist() == expected


def test_squeezed_by_eye() -> None:
    assert squeezed("Cheez-It a.b/c_d+e f") == "CheezItabcdef"
    assert of(("Cheez It", "", ""), ("cheese", "", "")).contain_squeezed("CheezIt").tolist() == [True, False]


@given(documents)
def test_lines(lines: list[tuple[str, str, str]]) -> None:
    found = of(*lines)
    assert found.size == len(lines)
    assert found.titles == [title for title, _, _ in lines]
    assert found.categories == [category for _, _, category in lines]
    assert found.documents == ["\n".join(document) for document in lines]


@pytest.mark.parametrize(("text", "size"), [("a", 1), ("a\nb\nc\nd", 1), ("a\nb\nc", 2)])
def test_other_lines(text: str, size: int) -> None:
    with pytest.raises(ValueError, match="lines"):
        Texts(text, size)


@pytest.mark.parametrize(("number", "expected"), [("70", [True, False, True]), ("7", [False, False, False])])
def test_numbers(number: str, expected: list[bool]) -> None:  # 5
    found = of(("70 佳能80d70d", "", ""), ("170 701", "", ""), ("佳能", "", "70"))
    assert found.contain_number(number).tolist() == expected
    assert of().contain_number(number).tolist() == []


def test_around() -> None:  # 5
    found = of(("37码 38 码 码", "码9", ""), ("大码", "", "a1 码"))
    before = [(document, ahead[-6:]) for document, ahead, _ in found.around("码", digit=-1)]
    assert before == [(0, "37"), (0, "37码 38 "[-6:]), (1, "码\n\na1 ")]
    assert [(document, behind[:2]) for document, _, behind in found.around("码", digit=1)] == [(0, " 3"), (0, "9\n")]
