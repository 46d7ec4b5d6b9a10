"""Shares of single queries made into the rows of the report, over queries with an answer, without one, and all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from eval.graded.relevance import auc_of, calibration, hits_of
from eval.graded.shares import ORDER, PARTS, Share, has_answer, shares_of
from eval.statistics import bootstrap_statistic, ratio
from eval.types import Cell, Graded, GradedRow, Outcome, Qrels
from retrieval.errors import InputError

ANSWER = 2
"""The lowest grade that is an answer, unless something else is said: 1 is a neighbour, a part, an accessory."""

CONDENSED = " (condensed)"
"""After the name of a measure: taken without what nobody judged."""

AUC = "AUC of relevance"


def answer_grade(qrels: Qrels, given: int | None = None) -> int | None:
    """The lowest grade that is an answer; None where grades are 0 and 1 and nothing was given.

    Raises:
        InputError: no document has the grade given.
    """
    highest = max(grade for grades in qrels.values() for grade in grades.values())
    if given is None:
        return ANSWER if highest >= ANSWER else None
    if given > highest:
        raise InputError(f"no document is graded {given} or more", field="answer", hint=f"use {highest} or less")
    return given


def graded_of(outcomes: Sequence[Outcome], answer: int, *, seed: int, resamples: int) -> Graded:
    """The report in numbers, over the judged outcomes, of which there is at least one."""
    judged = [outcome for outcome in outcomes if outcome.judged]
    answered = [outcome for outcome in judged if has_answer(outcome, answer)]
    unanswered = [outcome for outcome in judged if not has_answer(outcome, answer)]
    groups = (answered, unanswered, judged)

    def row(measure: str) -> GradedRow:
        def cell(group: Sequence[Outcome]) -> Cell | None:
            if measure == AUC:
                return auc_of(hits_of(group, answer), seed=seed, resamples=resamples)
            return _cell([shares(one, answer)[measure] for one in group], seed, resamples)

        return GradedRow(part_of(measure), measure, *(cell(group) for group in groups))

    return Graded(
        answer=answer,
        answered=len(answered),
        unanswered=len(unanswered),
        rows=tuple(row(measure) for measure in measures_of(judged)),
        calibration=calibration(hits_of(judged, answer), seed=seed, resamples=resamples),
    )


def measures_of(judged: Sequence[Outcome]) -> Iterator[str]:
    """Every row in the order shown."""
    for name in judged[0].condensed:
        yield from (name, name + CONDENSED)
    yield from PARTS
    yield AUC


def part_of(measure: str) -> str:
    """The part of the report that a row belongs to."""
    return "relevance" if measure == AUC else PARTS.get(measure, ORDER)


def shares(outcome: Outcome, answer: int) -> dict[str, Share]:
    """What the run measured, whole and condensed, and what grades say of the first ten."""
    taken = {name: (outcome.measures[name], 1.0) for name in outcome.condensed}
    bare = {name + CONDENSED: (value, 1.0) for name, value in outcome.condensed.items()}
    return {**taken, **bare, **shares_of(outcome, answer)}


def _cell(of: Sequence[Share], seed: int, resamples: int) -> Cell | None:
    """Σ parts / Σ wholes over the queries that have any."""
    told = np.array([one for one in of if one[1]], np.float64)
    if not len(told):
        return None
    value = bootstrap_statistic((told[:, 0], told[:, 1]), ratio, seed=seed, resamples=resamples)
    return Cell(int(told[:, 1].sum()), value)
