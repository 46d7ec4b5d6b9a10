"""What a feature is worth:

1. Without what tells the relevant document the measure falls, surely; without noise it stays; the whole comes first.
2. Groups go together, tried features are added one at a time, and who watches is given every change.
3. A single feature has nothing to leave out; groups that are no proper part of the whole are refused, and so are tried
   features that are part of it, and fewer lists than folds.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from eval.ablation import ablate
from retrieval.errors import InputError
from retrieval.ranking.train import TrainingList

NAMES = ("told", "noise", "helps")


def lists(count: int = 40) -> list[TrainingList]:
    """Ten candidates each; the relevant one has the highest `told`, and `helps` is half that, half noise."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(count):
        told, noise, other = rng.random((3, 10)).astype(np.float32)
        gains = np.eye(10, dtype=np.float32)[int(told.argmax())]
        found.append(TrainingList(np.stack([told, noise, (told + other) / 2], axis=1), gains))
    return found


def test_worth() -> None:  # 1
    whole, told, noise = ablate(lists(), NAMES, ("told", "noise"), seeds=2)
    assert (whole.without, whole.added, whole.difference, whole.p) == ((), (), 0.0, 1.0)
    assert whole.ndcg > 0.95
    assert (told.without, noise.without) == (("told",), ("noise",))
    assert told.difference < -0.4
    assert told.p < 0.001
    assert told.low is not None
    assert told.high is not None
    assert told.low < told.difference < told.high < 0
    assert told.ndcg == pytest.approx(whole.ndcg + told.difference, abs=1e-5)
    assert abs(noise.difference) < 0.02


def test_groups_and_more() -> None:  # 2
    seen: list[object] = []

    def watched(changes: Iterable[tuple[tuple[str, ...], ...]]) -> Iterable[tuple[tuple[str, ...], ...]]:
        for change in changes:
            seen.append(change)
            yield change

    found = ablate(lists(), NAMES, ("noise", "helps"), groups=[("helps",)], tried=("told",), watched=watched)
    assert [(one.without, one.added) for one in found] == seen == [
        ((), ()), (("helps",), ()), (("noise",), ()), (("helps",), ()), ((), ("told",)),
    ]  # fmt: skip
    assert found[-1].difference > 0.1 > 0 > found[1].difference
    assert found[1] == found[3]


def test_refused() -> None:  # 3
    assert [one.without for one in ablate(lists(), NAMES, ("told",))] == [()]
    for group in (("told", "noise"), ("luck",), ()):
        with pytest.raises(InputError, match="is no part of told,noise"):
            ablate(lists(), NAMES, ("told", "noise"), groups=[group])
    with pytest.raises(InputError, match="noise orders already"):
        ablate(lists(), NAMES, ("told", "noise"), tried=("noise",))
    with pytest.raises(InputError, match="too few"):
        ablate(lists(4), NAMES, ("told", "noise"))
