"""The measures, per query, as trec_eval defines them; the one door to ``ir_measures``."""

from __future__ import annotations

from collections.abc import Iterable

import ir_measures

from eval.types import Answer, Qrels

MEASURES = ("nDCG@10", "MRR@10", "R@10", "R@100", "P@10", "Success@1")
"""In the order they are shown."""

PRIMARY = "nDCG@10"
"""The measure that plots and sorted lists go by."""

NEEDED_DEPTH = 100
"""The deepest cut-off above: a shallower search could not be measured."""

_LIBRARY_NAMES = {"MRR@10": "RR@10"}


def score(answers: Iterable[Answer], qrels: Qrels) -> dict[str, dict[str, float]]:
    """Every measure of every judged query among the answers, qid → measure → value in [0, 1].

    - nDCG@10 = DCG@10 / ideal DCG@10, DCG@k = Σ_{r≤k} grade_r / log2(r + 1); negative grades gain 0
      (Järvelin & Kekäläinen 2002).
    - MRR@10: 1 / rank of the first relevant document, 0 when it is not among the first 10.
    - R@k: relevant documents among the first k / relevant documents judged.
    - P@10: relevant documents among the first 10 / 10.
    - Success@1: 1 when the first document is relevant.

    The order of the answer is what is measured: it is handed on as strictly falling scores, because trec_eval
    sorts by score again and breaks ties by document id. A judged query without result has 0 everywhere.
    """
    rankings = {answer.qid: answer.ranking for answer in answers}
    judged = {qid: dict(grades) for qid, grades in qrels.items() if qid in rankings}
    run = {qid: _falling(rankings[qid]) for qid in judged}
    names = {ir_measures.parse_measure(_LIBRARY_NAMES.get(name, name)): name for name in MEASURES}
    scores = {qid: dict.fromkeys(MEASURES, 0.0) for qid in judged}
    if run:
        for metric in ir_measures.iter_calc(list(names), judged, run):
            scores[metric.query_id][names[metric.measure]] = float(metric.value)
    return scores


def _falling(ranking: tuple[tuple[str, float], ...]) -> dict[str, float]:
    return {doc_id: float(len(ranking) - place) for place, (doc_id, _) in enumerate(ranking)}
