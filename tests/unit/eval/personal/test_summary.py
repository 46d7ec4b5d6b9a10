"""The numbers of the report, on worlds that can be checked by eye (`world.py`):

1. A group is a band of warm or cold shoppers, all bands of them, or everybody; its means and differences are those of
   its own judged queries, and relative ones are shares of the mean they are against.
2. Certain differences have small p values, no difference has 1; Holm corrects for all of them.
3. The best fixed weight is that with the best mean over all queries.
4. Coverage counts different documents over the catalogue; diversity is 1 - the Jaccard similarity of bigrams of titles.
5. Calibration bins by strength and by acts; shares of the gain sum to 1; where no fixed weight helps the best is 0.
6. Without a judgment there is nothing to measure; unjudged queries are said.
"""

from __future__ import annotations

import pytest

from eval.personal.calibration import ACTS, STRENGTH
from eval.personal.cells import difference
from eval.personal.summary import summarise
from eval.personal.types import ALL, COLD, NEUTRAL, PERSONAL, SHUFFLED, WARM, PersonalSummary
from eval.personal.variety import diversity, variety_of
from eval.personal.ways import fixed
from retrieval.errors import InputError
from tests.unit.eval.personal.world import FIRST, QRELS, THIRD, asked, shown


def summary() -> PersonalSummary:
    """20 vague queries that the own order and weight 0.3 set right, 10 exact ones that weight 0.3 keeps, 10 cold."""
    vague = [asked(i, {PERSONAL: 1, fixed(0.3): 1}) for i in range(20)]
    exact = [asked(20 + i, {NEUTRAL: 1, PERSONAL: 1, SHUFFLED: 1}, band="exact", strength=0.9) for i in range(10)]
    cold = [asked(30 + i, {}, acts=3, shift=0) for i in range(10)]
    return summarise([*vague, *exact, *cold], QRELS, documents=30)


def test_groups() -> None:  # 1
    groups = {(one.shoppers, one.band): one for one in summary().groups}
    assert {key: one.n for key, one in groups.items()} == {
        (ALL, ALL): 40, (WARM, ALL): 30, (WARM, "vague"): 20, (WARM, "exact"): 10, (COLD, ALL): 10, (COLD, "vague"): 10,
    }  # fmt: skip
    vague = groups[WARM, "vague"]
    assert vague.ndcg[NEUTRAL] == THIRD
    assert vague.ndcg[PERSONAL] == vague.ndcg[fixed(0.3)] == FIRST
    gain = difference(vague, PERSONAL, NEUTRAL)
    assert (gain.delta.mean, gain.delta.low, gain.delta.high, gain.relative) == (0.5, 0.5, 0.5, 1.0)
    assert (vague.shift, vague.moved, vague.tiny) == (5.0, 1.0, False)
    assert vague.fit[NEUTRAL] == vague.fit[PERSONAL] == 0.1
    assert groups[COLD, "vague"].tiny
    assert groups[ALL, ALL].ndcg[PERSONAL] == (30 * FIRST + 10 * THIRD) / 40
    assert groups[ALL, ALL].ndcg[NEUTRAL] == (10 * FIRST + 30 * THIRD) / 40


def test_how_sure() -> None:  # 2
    found = summary()
    vague = next(one for one in found.groups if (one.shoppers, one.band) == (WARM, "vague"))
    own, strangers = difference(vague, PERSONAL, NEUTRAL), difference(vague, SHUFFLED, NEUTRAL)
    assert own.p_value == pytest.approx(1 / 10_001, abs=1e-5)
    assert own.p_value < own.holm_p_value < 0.01
    assert (strangers.delta.mean, strangers.p_value, strangers.holm_p_value) == (0.0, 1.0, 1.0)
    assert found.tests == 4 * len(found.groups) == 24


def test_best_fixed_weight() -> None:  # 3
    found = summary()
    assert found.best_fixed == fixed(0.3)
    exact = next(one for one in found.groups if one.band == "exact")
    assert difference(exact, PERSONAL, found.best_fixed).delta.mean == 0.5


def test_variety() -> None:  # 4
    # 红色连衣裙 and 蓝色连衣裙 share 色连, 连衣, 衣裙 of 5 bigrams in all; neither shares any with 无糖可乐.
    assert diversity(["红色连衣裙", "蓝色连衣裙"]) == pytest.approx(1 - 3 / 5)
    assert diversity(["可乐", "可乐"]) == 0
    found = variety_of([shown(1), shown(3)], 30)
    assert (found.documents, found.coverage) == (3, 0.1)
    assert found.diversity == pytest.approx((2 / 5 + 1 + 1) / 3)
    assert summary().variety[PERSONAL] == found


def test_calibration() -> None:  # 5
    bins = {(one.of, one.label): one for one in summary().calibration}
    assert {key: one.n for key, one in bins.items()} == {
        (STRENGTH, "< 0.2"): 30, (STRENGTH, "≥ 0.8"): 10, (ACTS, "< 4"): 10, (ACTS, "4 – 16"): 30,
    }  # fmt: skip
    weak, strong = bins[STRENGTH, "< 0.2"], bins[STRENGTH, "≥ 0.8"]
    assert weak.gain.mean == pytest.approx(20 * 0.5 / 30)
    assert (weak.share, strong.share) == (1.0, 0.0)
    assert weak.best_weight == 0.3
    assert weak.best_gain == pytest.approx(20 * 0.5 / 30, abs=1e-6)
    assert (strong.best_weight, strong.best_gain) == (0.0, 0.0)
    assert (bins[ACTS, "< 4"].shift, bins[ACTS, "4 – 16"].shift) == (0.0, 5.0)


def test_edges_belong_to_the_bin_above() -> None:  # 1, 5
    found = summarise([asked(0, {}, acts=4, strength=0.2)], QRELS, documents=3)
    assert [one.label for one in found.calibration] == ["0.2 – 0.4", "4 – 16"]
    assert [one.shoppers for one in found.groups] == [ALL, WARM, WARM]


def test_unknown_strength_is_in_no_bin() -> None:  # 5
    found = summarise([asked(0, {}, strength=None)], QRELS, documents=3).calibration
    assert [(one.of, one.share) for one in found] == [(ACTS, None)]


def test_judged_or_not() -> None:  # 6
    both = [asked(0, {}), asked(1, {PERSONAL: 1})]
    found = summarise(both, {"q1": {"good": 1}}, documents=3)
    assert found.coverage.unjudged == ("q0",)
    assert found.groups[0].n == 1
    assert found.groups[0].ndcg[PERSONAL] == FIRST
    with pytest.raises(InputError, match="no query has a judgment"):
        summarise(both, {"other": {"good": 1}}, documents=3)
