"""From answers in several ways to the numbers of the report: who gains, how surely, and at which strength of intent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eval.measures import PRIMARY, score
from eval.personal.calibration import calibration
from eval.personal.types import (
    ALL,
    COLD,
    NEUTRAL,
    PERSONAL,
    SHUFFLED,
    WARM,
    Asked,
    Difference,
    Group,
    PersonalSummary,
)  # fmt: skip
from eval.personal.variety import variety_of
from eval.personal.ways import WEIGHTS, fixed
from eval.slices import TINY
from eval.statistics import Values, bootstrap_means, holm, randomisation_p_values
from eval.summary import coverage_of
from eval.types import Answer, Qrels, Query
from retrieval.errors import InputError

_FIT = "P@10"


@dataclass(frozen=True, slots=True)
class Testing:
    """How differences are tested."""

    seed: int = 0
    resamples: int = 2_000
    permutations: int = 10_000


def summarise(
    asked: Sequence[Asked], qrels: Qrels, *, documents: int, name: str = "personal",
    about: Mapping[str, str] | None = None, testing: Testing = Testing(),
) -> PersonalSummary:  # fmt: skip
    """The report in numbers.

    Args:
        documents: of the catalogue.

    Raises:
        InputError: no query has a judgment.
    """
    judged = [one for one in asked if one.query.qid in qrels]
    if not judged:
        hint = "the qids of queries and qrels must be the same"
        raise InputError("no query has a judgment", field="qrels", hint=hint)
    measured = {way: _measured(judged, way, qrels) for way in judged[0].shown}
    values, fitting = ({way: each[:, column] for way, each in measured.items()} for column in range(2))
    best = max((fixed(weight) for weight in WEIGHTS), key=lambda way: float(values[way].mean()))
    groups = [_group(judged, values, fitting, best, shoppers, band, testing) for shoppers, band in _cells(judged)]
    corrected = iter(holm([one.p_value for group in groups for one in group.differences]))
    groups = [
        replace(group, differences=tuple(replace(one, holm_p_value=next(corrected)) for one in group.differences))
        for group in groups
    ]
    return PersonalSummary(
        name=name,
        about=dict(about or {}),
        seed=testing.seed,
        resamples=testing.resamples,
        permutations=testing.permutations,
        coverage=coverage_of(
            [Query(one.query.qid, one.query.text) for one in asked], qrels, [_answer(one, NEUTRAL) for one in asked]
        ),
        best_fixed=best,
        tests=sum(len(group.differences) for group in groups),
        groups=tuple(groups),
        variety={way: variety_of([one.shown[way] for one in asked], documents) for way in values},
        calibration=calibration(judged, values, seed=testing.seed, resamples=testing.resamples),
    )


def _cells(judged: Sequence[Asked]) -> list[tuple[str, str]]:
    """(shoppers, band) of every group: all, then warm and cold ones, in all bands together and in each."""
    bands = dict.fromkeys(one.query.band for one in judged)
    cells = [(ALL, ALL)]
    for warmth in (WARM, COLD):
        alike = {one.query.band for one in judged if one.warmth == warmth}
        cells += [(warmth, ALL)] * bool(alike) + [(warmth, band) for band in bands if band in alike]
    return cells


def _group(
    judged: Sequence[Asked], values: Mapping[str, Values], fitting: Mapping[str, Values], best: str, shoppers: str,
    band: str, testing: Testing,
) -> Group:  # fmt: skip
    places = [
        i for i, one in enumerate(judged) if shoppers in (ALL, one.warmth) and band in (ALL, one.query.band)
    ]  # fmt: skip
    pairs = [(PERSONAL, NEUTRAL), (PERSONAL, SHUFFLED), (SHUFFLED, NEUTRAL), (PERSONAL, best)]
    here = {way: column[places] for way, column in values.items()}
    deltas = np.stack([here[way] - here[against] for way, against in pairs], axis=1)
    intervals = bootstrap_means(deltas, seed=testing.seed, resamples=testing.resamples)
    p_values = randomisation_p_values(deltas, seed=testing.seed, permutations=testing.permutations)
    differences = tuple(
        Difference(way, against, interval, _relative(interval.mean, float(here[against].mean())), p, p)
        for (way, against), interval, p in zip(pairs, intervals, p_values, strict=True)
    )
    served = [judged[i].shown[PERSONAL] for i in places]
    return Group(
        shoppers, band, len(places), len(places) < TINY,
        _means(here), _means({way: column[places] for way, column in fitting.items()}), differences,
        shift=round(float(np.mean([one.shift for one in served])), 3),
        moved=round(float(np.mean([one.moved for one in served])), 4),
    )  # fmt: skip


def _means(values: Mapping[str, Values]) -> dict[str, float]:
    return {way: round(float(column.mean()), 6) for way, column in values.items()}


def _measured(judged: Sequence[Asked], way: str, qrels: Qrels) -> Values:
    """nDCG@10 and P@10 of each query, shape (n, 2)."""
    measured = score((_answer(one, way) for one in judged), {one.query.qid: qrels[one.query.qid] for one in judged})
    return np.array([[measured[one.query.qid][name] for name in (PRIMARY, _FIT)] for one in judged])


def _answer(one: Asked, way: str) -> Answer:
    ids = one.shown[way].ids
    return Answer(one.query.qid, tuple((id_, float(len(ids) - place)) for place, id_ in enumerate(ids)), 0.0)


def _relative(difference: float, base: float) -> float | None:
    return round(difference / base, 6) if base else None
