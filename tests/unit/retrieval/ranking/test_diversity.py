"""Spreading sellers and brands:

1. It is a permutation, for any keys, window and bound.
2. Each full stretch has at most `most` of one key, as long as enough others are left.
3. Documents of one key keep their order; unknown keys are never too many.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.diversity import UNKNOWN, spread

keys = st.lists(st.integers(0, 3), max_size=20)


@given(keys, st.integers(1, 6), st.integers(1, 3))
def test_permutation_that_keeps_the_order_of_each_key(shops: list[int], window: int, most: int) -> None:
    order = spread([np.array(shops, np.uint32)], window=window, most=most).tolist()
    assert sorted(order) == list(range(len(shops)))
    for shop in set(shops) - {UNKNOWN}:
        own = [place for place in order if shops[place] == shop]
        assert own == sorted(own)


@given(keys, st.integers(1, 6), st.integers(1, 3))
def test_bound(shops: list[int], window: int, most: int) -> None:
    order = spread([np.array(shops, np.uint32)], window=window, most=most).tolist()
    for first in range(0, len(order), window):
        here = Counter(shops[place] for place in order[first : first + window])
        over = [shop for shop, count in here.items() if shop != UNKNOWN and count > most]
        later = [shops[place] for place in order[first + window :]]
        # What is too many is only there because nothing else was left to take.
        assert not over or all(here[shop] >= most and shop != UNKNOWN for shop in later)


def test_unknown_is_never_too_many() -> None:
    assert spread([np.zeros(5, np.uint32)], window=5, most=1).tolist() == [0, 1, 2, 3, 4]
    assert spread([np.array([0, 0, 7, 0, 7, 8], np.uint32)], window=3, most=1).tolist() == [0, 1, 2, 3, 4, 5]


def test_two_keys() -> None:
    shops, brands = np.array([1, 2, 3, 4], np.uint32), np.array([9, 9, 8, 7], np.uint32)
    assert spread([shops, brands], window=3, most=1).tolist() == [0, 2, 3, 1]
