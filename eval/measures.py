"""The measures, per query, as trec_eval defines them; the one door to ``ir_measures``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import ir_measures

from eval.types import Answer, Qrels

MEASURES = ("nDCG@10", "MRR@10", "R@10", "R@100", "P@10", "Success@1")
"""In the order they are shown."""

PRIMARY = "nDCG@10"
"""The measure that plots and sorted lists go by where grades are 0 and 1."""

EXPONENTIAL = "nDCG_exp@10"
"""The same with gain 2^grade − 1 instead of the grade: what they go by where grades exceed 1."""

MAX_EXPONENT = 10
"""Numbers above this are no grades but gains already, which nobody wants the power of."""

_LIBRARY_NAMES = {"MRR@10": "RR@10"}

NEEDED_DEPTH = 100
"""The deepest cut-off above: a shallower search could not be measured."""


def measures_for(qrels: Qrels) -> tuple[str, ...]:
    """The measures of a set of judgments, the primary one first."""
    highest = max(grade for grades in qrels.values() for grade in grades.values())
    return (EXPONENTIAL, *MEASURES) if 1 < highest <= MAX_EXPONENT else MEASURES


def primary_of(names: Iterable[str]) -> str:
    """Of the measures of a run the one that plots and sorted lists go by."""
    return EXPONENTIAL if EXPONENTIAL in names else PRIMARY


def score(answers: Iterable[Answer], qrels: Qrels, names: Sequence[str] = MEASURES) -> dict[str, dict[str, float]]:
    """The named measures of every judged query among the answers, qid → measure → value in [0, 1].

    - nDCG@10 = DCG@10 / ideal DCG@10, DCG@k = Σ_{r≤k} grade_r / log2(r + 1); negative grades gain 0
      (Järvelin & Kekäläinen 2002).
    - nDCG_exp@10: the same with 2^grade_r − 1 in place of grade_r (Burges et al. 2005).
    - MRR@10: 1 / rank of the first relevant document, 0 when it is not among the first 10.
    - R@k: relevant documents among the first k / relevant documents judged.
    - P@10: relevant documents among the first 10 / 10.
    - Success@1: 1 when the first document is relevant.

    The order of the answer is what is measured: it is handed on as strictly falling scores, because trec_eval
    sorts by score again and breaks ties by document id. A judged query without result has 0 everywhere.
    """
    rankings = {answer.qid: answer.ranking for answer in answers}
    judged = {qid: dict(grades) for qid, grades in qrels.items() if qid in rankings}
    powers = {qid: {id_: 2 ** max(grade, 0) - 1 for id_, grade in grades.items()} for qid, grades in judged.items()}
    run = {qid: _falling(rankings[qid]) for qid in judged}
    linear = {_LIBRARY_NAMES.get(name, name): name for name in names if name != EXPONENTIAL}
    scores = {qid: dict.fromkeys(names, 0.0) for qid in judged}
    if run:
        _measure(scores, linear, judged, run)
    if run and EXPONENTIAL in names:  # given gains of its own, the library would use them for other measures, too
        _measure(scores, {PRIMARY: EXPONENTIAL}, powers, run)
    return scores


def condensed(answer: Answer, judged: Iterable[str]) -> Answer:
    """The answer without the documents that nobody judged, as if they had not been there (Sakai 2007)."""
    known = set(judged)
    return replace(answer, ranking=tuple(hit for hit in answer.ranking if hit[0] in known))


def _measure(
    scores: dict[str, dict[str, float]], names: dict[str, str], gains: Qrels, run: dict[str, dict[str, float]]
) -> None:
    """Put what the library calls by the first of `names` under the second."""
    parsed = {ir_measures.parse_measure(theirs): ours for theirs, ours in names.items()}
    for metric in ir_measures.iter_calc(list(parsed), gains, run):
        scores[metric.query_id][parsed[metric.measure]] = float(metric.value)


def _falling(ranking: tuple[tuple[str, float], ...]) -> dict[str, float]:
    return {doc_id: float(len(ranking) - place) for place, (doc_id, _) in enumerate(ranking)}
