"""Weights of the chain from videos whose products are known with times: the given ranges of a shop teach the rest.

Weights are those that make the known paths most probable (Lafferty, McCallum & Pereira 2001), drawn to 0 by a penalty;
the sum to be minimised is convex, so there is one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from indexer.videos.links.chain import NOTHING, believe
from indexer.videos.links.evidence import Floats
from indexer.videos.links.features import NAMES, Features, weigh

PENALTY = 2.0
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Lesson:
    """A block and the path that is known of it: numbers of products, or `chain.NOTHING`."""

    features: Features
    path: Sequence[int]


def learn(lessons: Iterable[Lesson], penalty: float = PENALTY) -> Mapping[str, Floats]:
    """The weights by group, see `NAMES`; `penalty` ≥ 0 is that of half the square of each weight."""
    known = [(lesson.features, _flat(_counted(lesson))) for lesson in lessons]
    size = sum(map(len, NAMES.values()))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = _grouped(flat)
        total, slope = penalty * float(flat @ flat) / 2, penalty * flat
        for values, counted in known:
            beliefs = believe(weigh(values, weights))
            total += beliefs.total - float(counted @ flat)
            off = 1 - beliefs.on.sum(1)
            expected = {
                "during": np.einsum("tk,tkf->f", beliefs.on, values["during"]),
                "outside": off @ values["outside"],
                "enter": np.einsum("tk,tkf->f", beliefs.enter, values["enter"]),
                "switch": beliefs.switch @ values["switch"],
                "leave": beliefs.leave @ values["leave"],
            }
            slope = slope + _flat(expected) - counted
        return total, slope

    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return _grouped(found.x)


def _counted(lesson: Lesson) -> dict[str, Floats]:
    """The sums of the features along the known path."""
    values = lesson.features
    sums = {group: np.zeros(len(names)) for group, names in NAMES.items()}
    before = NOTHING
    for t, state in enumerate(lesson.path):
        if state == NOTHING:
            sums["outside"] += values["outside"][t]
            if before != NOTHING:
                sums["leave"] += values["leave"][t]
        else:
            sums["during"] += values["during"][t, state]
            if state != before:
                sums["enter"] += values["enter"][t, state]
                if before != NOTHING:
                    sums["switch"] += values["switch"][t]
        before = state
    return sums


def _flat(groups: Mapping[str, Floats]) -> Floats:
    return np.concatenate([groups[group] for group in NAMES])


def _grouped(flat: Floats) -> dict[str, Floats]:
    ends = np.cumsum([len(names) for names in NAMES.values()])
    return dict(zip(NAMES, np.split(flat, ends[:-1]), strict=True))
