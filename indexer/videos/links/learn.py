"""Weights of the chain from videos whose products are known with times: the given ranges of a shop teach the rest.

Weights are those that make the known paths most probable (Lafferty, McCallum & Pereira 2001), drawn by a penalty to
those that there were before, so that a few videos change little; the sum to be minimised is convex, so there is one
answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from indexer.videos.links.chain import NOTHING, believe
from indexer.videos.links.evidence import Floats
from indexer.videos.links.features import NAMES, Features, weigh
from indexer.videos.links.linker import Linker
from indexer.videos.links.weights import Weights
from indexer.videos.nouns import Said
from indexer.videos.shown import Given

PENALTY = 1.6
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Lesson:
    """A block and the path that is known of it: numbers of products, or `chain.NOTHING`."""

    features: Features
    path: Sequence[int]


def lessons(linker: Linker, said: Sequence[Said], basket: Sequence[str] | None, given: Sequence[Given]) -> list[Lesson]:
    """What a video teaches of which all products are given with times: segments by the middle of their own."""
    found = []
    for block in linker.blocks(said, basket):
        numbers = {product.product_id: number for number, product in enumerate(block.basket.products)}
        path = [NOTHING] * len(block.evidence.texts)
        for place, each in enumerate(said[block.first : block.first + len(path)]):
            middle = None if each.start is None or each.end is None else (each.start + each.end) / 2
            for product_id, start, end in given:
                if middle is not None and start <= middle <= end:
                    path[place] = numbers.get(product_id, NOTHING)
        found.append(Lesson(block.features, path))
    return found


def taught(weights: Weights, known: Iterable[Lesson], penalty: float = PENALTY) -> Weights:
    """`weights` as the lessons change them."""
    return replace(weights, chain=learn(known, penalty, weights.chain))


def learn(
    lessons: Iterable[Lesson], penalty: float = PENALTY, before: Mapping[str, Floats] | None = None
) -> Mapping[str, Floats]:
    """The weights by group, see `NAMES`.

    Args:
        penalty: of half the square by which each weight differs from that of `before`, ≥ 0.
        before: all 0 where there is none.
    """
    known = [(lesson.features, _flat(_counted(lesson))) for lesson in lessons]
    origin = np.zeros(sum(map(len, NAMES.values()))) if before is None else _flat(before)

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = _grouped(flat)
        moved = flat - origin
        total, slope = penalty * float(moved @ moved) / 2, penalty * moved
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

    from scipy.optimize import minimize  # here, for it takes longer to import than a command to start

    found = minimize(loss, origin, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
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
