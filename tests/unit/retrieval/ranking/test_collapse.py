"""Near-duplicates:

1. One SPU is one group, whatever the titles; two are two.
2. Without SPU, one title of one shop (or brand) is one group whatever its marks, spaces and case; of two shops, two.
3. A record without SPU, shop and brand, or without title, is alone.
4. `first_of_each` keeps the order, the first of each group and all that are alone.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.collapse import ALONE, first_of_each, group_key


def test_spu() -> None:
    assert group_key({"spu_id": "1", "title": "红"}) == group_key({"spu_id": "1", "title": "蓝"}) != ALONE
    assert group_key({"spu_id": "1", "title": "红"}) != group_key({"spu_id": "2", "title": "红"})


def test_same_title() -> None:
    a = group_key({"title": "加宽  锅铲（不锈钢）A1", "shop": {"name": "甲"}})
    assert a == group_key({"title": "加宽 锅铲 不锈钢-a1", "shop": "甲"}) != ALONE
    assert a != group_key({"title": "加宽  锅铲（不锈钢）A1", "shop": "乙"})
    assert a != group_key({"title": "加宽  锅铲（不锈钢）A1", "brand": "甲"})


def test_alone() -> None:
    assert group_key({"title": "锅铲"}) == ALONE
    assert group_key({"title": "…", "shop": "甲"}) == ALONE
    assert group_key({}) == ALONE


@given(st.lists(st.integers(0, 4), max_size=12))
def test_first_of_each(groups: list[int]) -> None:
    kept = first_of_each(np.array(groups, np.uint64)).tolist()
    assert kept == [i for i, g in enumerate(groups) if g == ALONE or g not in groups[:i]]
