"""Is B better than A? Differences query by query, with how sure they are; refused when the task was not the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.graded.deltas import GradedDelta, graded_deltas
from eval.slices import TINY, members
from eval.statistics import bootstrap_means, holm, randomisation_p_values
from eval.store import StoredRun
from eval.summary import matrix
from eval.types import Interval, Outcome, Summary
from retrieval.errors import InputError

TIE = 1e-9
"""Two values of a measure closer than this are equal."""


@dataclass(frozen=True, slots=True)
class MeasureDelta:
    """B − A in one measure. ``holm_p_value`` is corrected over the measures; None in slices, which are explored."""

    measure: str
    mean_a: float
    mean_b: float
    delta: Interval
    p_value: float
    holm_p_value: float | None
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class SliceDelta:
    """B − A over the n judged queries of one slice."""

    group: str
    label: str
    n: int
    tiny: bool
    measures: tuple[MeasureDelta, ...]


@dataclass(frozen=True, slots=True)
class ComparisonSummary:
    """The comparison in numbers. A win is a query where B is better; `graded` is empty where neither run has grades."""

    name_a: str
    name_b: str
    about_a: dict[str, str]
    about_b: dict[str, str]
    n: int
    seed: int
    permutations: int
    resamples: int
    measures: tuple[MeasureDelta, ...]
    slices: tuple[SliceDelta, ...]
    graded: tuple[GradedDelta, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One judged query under both runs."""

    a: Outcome
    b: Outcome

    def delta(self, measure: str) -> float:
        """B − A in one measure."""
        return self.b.measures[measure] - self.a.measures[measure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The numbers, and the judged queries in the order of run A."""

    summary: ComparisonSummary
    pairs: tuple[Pair, ...]


def compare(
    a: StoredRun, b: StoredRun, *, seed: int = 0, permutations: int = 10_000, resamples: int = 2000
) -> Comparison:
    """B − A in every measure: bootstrap interval, paired randomisation test, wins, ties and losses; then per slice.

    The slices are those of A. Holm's correction runs over the measures of the whole set; slice p values are bare.

    Raises:
        InputError: the runs asked other queries, used other judgments or another depth, or a folder is damaged.
    """
    require_same_task(a.summary, b.summary)
    names = tuple(a.summary.measures)
    pairs = paired(a.outcomes, b.outcomes, names)
    whole = deltas(pairs, names, seed=seed, permutations=permutations, resamples=resamples)
    corrected = holm([one.p_value for one in whole])
    slices = tuple(
        SliceDelta(
            group,
            label,
            len(places),
            len(places) < TINY,
            deltas([pairs[i] for i in places], names, seed=seed, permutations=permutations, resamples=resamples),
        )
        for group, label, places in members([pair.a for pair in pairs])
    )
    summary = ComparisonSummary(
        name_a=a.summary.name,
        name_b=b.summary.name,
        about_a=a.summary.about,
        about_b=b.summary.about,
        n=len(pairs),
        seed=seed,
        permutations=permutations,
        resamples=resamples,
        measures=tuple(replace(one, holm_p_value=p) for one, p in zip(whole, corrected, strict=True)),
        slices=slices,
        graded=graded_deltas(
            [(pair.a, pair.b) for pair in pairs], a.summary.graded.answer, seed=seed, resamples=resamples
        )
        if a.summary.graded
        else (),
    )
    return Comparison(summary, pairs)


def require_same_task(a: Summary, b: Summary) -> None:
    """Raise InputError with the reason unless both runs answered the same queries, judgments and depth."""
    reasons = [
        reason
        for reason, same in (
            ("they asked different queries", a.queries_sha256 == b.queries_sha256),
            ("they used different judgments", a.qrels_sha256 == b.qrels_sha256),
            (f"they went to different depths, {a.depth} and {b.depth}", a.depth == b.depth),
            ("another grade is an answer", (a.graded and a.graded.answer) == (b.graded and b.graded.answer)),
        )
        if not same
    ]
    if reasons:
        raise InputError(
            f"runs {a.name!r} and {b.name!r} cannot be compared: {'; '.join(reasons)}",
            hint="run both again with the same --queries, --qrels and --depth",
        )


def paired(a: Sequence[Outcome], b: Sequence[Outcome], names: Sequence[str]) -> tuple[Pair, ...]:
    """The judged queries of both runs, in the order of A."""
    by_qid = {outcome.qid: outcome for outcome in b if outcome.judged}
    judged = [outcome for outcome in a if outcome.judged]
    if not judged or len(judged) != len(by_qid) or any(outcome.qid not in by_qid for outcome in judged):
        raise InputError(
            "the two per_query.jsonl do not hold the same queries", hint="a folder is damaged: run it again"
        )
    if any(set(names) - set(outcome.measures) for outcome in (*judged, *by_qid.values())):
        raise InputError("a query lacks a measure", hint="the folder was written by another version: run it again")
    return tuple(Pair(outcome, by_qid[outcome.qid]) for outcome in judged)


def deltas(
    pairs: Sequence[Pair], names: Sequence[str], *, seed: int, permutations: int, resamples: int
) -> tuple[MeasureDelta, ...]:
    """Every measure over some pairs, of which there is at least one."""
    values_a, values_b = matrix([pair.a for pair in pairs], names), matrix([pair.b for pair in pairs], names)
    differences = values_b - values_a
    differences[abs(differences) < TIE] = 0.0
    intervals = bootstrap_means(differences, seed=seed, resamples=resamples)
    p_values = randomisation_p_values(differences, seed=seed, permutations=permutations)
    return tuple(
        MeasureDelta(
            measure=measure,
            mean_a=round(float(values_a[:, column].mean()), 6),
            mean_b=round(float(values_b[:, column].mean()), 6),
            delta=intervals[column],
            p_value=p_values[column],
            holm_p_value=None,
            wins=int((differences[:, column] > 0).sum()),
            ties=int((differences[:, column] == 0).sum()),
            losses=int((differences[:, column] < 0).sum()),
        )
        for column, measure in enumerate(names)
    )
