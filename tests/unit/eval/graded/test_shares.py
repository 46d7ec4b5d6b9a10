"""What grades say of one page.

1. Shares of hits are over what was judged; below the divider counts for the page, not for what stands above.
2. Shares of first hits are of queries that have an answer, wherever it is; an unjudged first hit is none, and the first
   judged one is what is left when the unjudged are taken out.
3. A page that is empty, or all under the divider, has nothing above; only the first is an empty list.
4. What an answer is, is the grade given; negative grades are as 0.
5. Only the first ten count, but for answers under the divider, which are looked for in the whole list, too.
"""

from __future__ import annotations

from dataclasses import replace

from eval.graded.shares import PARTS, has_answer, shares_of
from tests.unit.eval.graded.pages import page


def test_shares_of_hits() -> None:  # 1
    found = shares_of(page("310?0|2100"), answer=2)
    assert found["judged@1"] == (1, 1)
    assert found["judged@10"] == (8, 9)
    assert found["hits graded 0"] == (4, 8)
    assert found["hits that are answers"] == (2, 8)
    assert found["above: graded 0"] == (2, 4)
    assert found["above: answers (precision)"] == (1, 4)
    assert found["answers of the page under it"] == (1, 2)
    assert found["queries with nothing above"] == (0, 1)
    assert list(found) == list(PARTS)


def test_first_hits() -> None:  # 2
    for line, missed, first, first_judged in (
        ("20", "", (1, 1), (1, 1)),
        ("12", "", (0, 1), (0, 1)),
        ("?3", "", (0, 1), (1, 1)),
        ("1", "3", (0, 1), (0, 1)),
        ("", "3", (0, 1), (0, 1)),
        ("1", "1", (0, 0), (0, 0)),
    ):
        outcome = page(line, missed=missed)
        found = shares_of(outcome, answer=2)
        assert (found["first hit an answer"], found["first judged hit an answer"]) == (first, first_judged), line
        assert has_answer(outcome, 2) == (first != (0, 0))


def test_nothing_above() -> None:  # 3
    for line, nothing, empty in (("", 1, 1), ("|21", 1, 0), ("1|2", 0, 0), ("?", 0, 0)):
        found = shares_of(page(line), answer=2)
        assert (found["queries with nothing above"], found["empty lists"]) == ((nothing, 1), (empty, 1)), line
    assert shares_of(page(""), answer=2)["judged@10"] == (0, 0)


def test_what_an_answer_is() -> None:  # 4
    grades = {answer: shares_of(page("3210"), answer)["hits that are answers"] for answer in (1, 2, 3)}
    assert grades == {1: (3, 4), 2: (2, 4), 3: (1, 4)}
    one = page("1")
    spam = replace(one, top=(replace(one.top[0], grade=-1),))
    assert [shares_of(each, answer=2)["hits graded 0"] for each in (one, spam)] == [(0, 1), (1, 1)]


def test_ten_count() -> None:  # 5
    found = shares_of(page("0" * 10 + "2222"), answer=2)
    assert (found["hits graded 0"], found["judged@10"]) == ((10, 10), (10, 10))
    found = shares_of(page("3" + "0" * 9 + "2|321", missed="3"), answer=2)
    assert (found["answers of the page under it"], found["answers of the list under it"]) == ((0, 1), (2, 4))
