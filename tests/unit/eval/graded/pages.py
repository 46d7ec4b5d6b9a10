"""Answers as a line of grades: ``31?|20`` is a 3, a 1 and one that nobody judged, and under the divider a 2 and a 0."""

from __future__ import annotations

from collections.abc import Sequence

from eval.run import look_at
from eval.types import Answer, Found, Outcome, Query


def page(
    line: str, *, missed: str = "", relevance: Sequence[float | None] = (), qid: str = "q", ndcg: float = 0.5
) -> Outcome:
    """The outcome of such an answer; `missed`: grades of judged documents that were not found."""
    above, _, under = line.partition("|")
    ids = [f"d{place}" for place in range(len(above + under))]
    said = [*relevance, *[None] * (len(ids) - len(relevance))]
    found = {id_: Found(id_, 1.0, said[n], n >= len(above)) for n, id_ in enumerate(ids)}
    grades = {id_: int(grade) for id_, grade in zip(ids, above + under, strict=True) if grade != "?"}
    grades |= {f"m{place}": int(grade) for place, grade in enumerate(missed)}
    answer = Answer(qid, tuple((id_, 1.0) for id_ in ids), 1.0, found)
    measures = {"nDCG_exp@10": ndcg, "nDCG@10": ndcg}
    return look_at(Query(qid, f"query {qid}"), answer, grades, measures, None, lambda id_: f"title {id_}")
