"""What grades say of one answer: each measure as a part and a whole, so that queries can be added up.

Of a measure of queries the whole is 1; of one of hits it is the number of judged hits, since what nobody judged is
neither good nor bad. Both are 0 where the measure says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.types import Outcome, ShownDocument

Share = tuple[float, float]
"""(part, whole)"""

ORDER, PAGE, DIVIDER, EMPTY = "order", "the first ten", "the divider", "nothing to show"

PARTS: Mapping[str, str] = {
    "judged@1": ORDER,
    "judged@10": ORDER,
    "first hit an answer": ORDER,
    "first judged hit an answer": ORDER,
    "hits graded 0": PAGE,
    "hits that are answers": PAGE,
    "above: graded 0": DIVIDER,
    "above: answers (precision)": DIVIDER,
    "answers of the page under it": DIVIDER,
    "answers of the list under it": DIVIDER,
    "queries with nothing above": DIVIDER,
    "empty lists": EMPTY,
}
"""Measure → the part of the report, in the order shown; before them stand the measures that the run has taken."""


def has_answer(outcome: Outcome, answer: int) -> bool:
    """Whether any judged document, found or not, is graded `answer` or more."""
    return any((document.grade or 0) >= answer for document in outcome.relevant)


def shares_of(outcome: Outcome, answer: int) -> dict[str, Share]:
    """measure → its share, of the first ten hits of a judged query. An empty list has nothing above the divider.

    What a divider pushes off the page is seen in the whole list only, down to the depth that was asked for.
    """
    page, judged = outcome.top, [document for document in outcome.top if document.grade is not None]
    above = [document for document in judged if not document.near]
    answered = has_answer(outcome, answer)

    def answers(documents: Iterable[ShownDocument]) -> list[ShownDocument]:
        return [document for document in documents if (document.grade or 0) >= answer]

    return {
        "judged@1": (len([one for one in page[:1] if one.grade is not None]), len(page[:1])),
        "judged@10": (len(judged), len(page)),
        "first hit an answer": (len(answers(page[:1])), 1) if answered else (0, 0),
        "first judged hit an answer": (len(answers(judged[:1])), 1) if answered else (0, 0),
        "hits graded 0": (len(_zeros(judged)), len(judged)),
        "hits that are answers": (len(answers(judged)), len(judged)),
        "above: graded 0": (len(_zeros(above)), len(above)),
        "above: answers (precision)": (len(answers(above)), len(above)),
        "answers of the page under it": _under(answers(judged)),
        "answers of the list under it": _under([one for one in answers(outcome.relevant) if one.rank]),
        "queries with nothing above": (float(all(one.near for one in page)), 1),
        "empty lists": (float(not page), 1),
    }


def _under(documents: Sequence[ShownDocument]) -> Share:
    return len([one for one in documents if one.near]), len(documents)


def _zeros(documents: Iterable[ShownDocument]) -> list[ShownDocument]:
    return [document for document in documents if (document.grade or 0) <= 0]
