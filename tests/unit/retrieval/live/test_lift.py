"""What being on a screen moves.

1. The reach falls with the strength of the intent, from `widest` where nothing is said to 0 at `full`, and is 0 for an
   intent that is not known.
2. A hit on screen moves up by the reach where nothing else is on screen, and not beyond the first place.
3. Whatever is on screen: the same hits, none further from its place than the reach, up or down; those that are on
   screen keep their order, and so do the others.
4. With nothing on screen, or no reach, the list stays as it is.
5. A hit that is not exact never passes one that is; the bound holds all the same.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.live.lift import LiftOptions, lifted, reach_of

hits = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("strength", "reach"), [(0.0, 3), (0.25, 2), (0.5, 1), (0.74, 1), (0.75, 0), (0.91, 0), (1.0, 0), (None, 0)]
)
def test_reach(strength: float | None, reach: int) -> None:  # 1
    assert reach_of(strength, LiftOptions(widest=3, full=0.75)) == reach


def test_by_eye() -> None:  # 2, 5
    def order(screen: str, reach: int, exact: str = "") -> str:
        marks = [np.array([name in chosen for name in "abcdefg"]) for chosen in (screen, exact)]
        return "".join("abcdefg"[place] for place in lifted(marks[0], reach, marks[1]))

    assert order("f", 3) == "abfcdeg"
    assert order("b", 3) == "bacdefg"
    assert order("fg", 3) == "abfcgde"
    assert order("cfg", 2) == "cabfdge"
    assert order("f", 3, exact="d") == "abcdfeg"
    assert order("f", 3, exact="df") == "abfcdeg"
    assert order("f", 9, exact="a") == "afbcdeg"


@given(hits, st.integers(0, 6))
def test_bound_and_order(given_hits: list[tuple[bool, bool]], reach: int) -> None:  # 3, 4
    on_screen = np.array([each[0] for each in given_hits])
    order = lifted(on_screen, reach)
    assert sorted(order) == [*range(len(order))]
    assert np.abs(order - np.arange(len(order))).max() <= reach
    for kind in (order[on_screen[order]], order[~on_screen[order]]):
        assert [*kind] == sorted(kind)
    if reach == 0 or not on_screen.any():
        assert [*order] == [*range(len(order))]


@given(hits, st.integers(0, 6))
def test_exact_hits_are_not_passed(given_hits: list[tuple[bool, bool]], reach: int) -> None:  # 5
    on_screen, exact = (np.array(column) for column in zip(*given_hits, strict=True))
    order = lifted(on_screen, reach, exact)
    assert sorted(order) == [*range(len(order))]
    assert np.abs(order - np.arange(len(order))).max() <= reach
    place = {hit: at for at, hit in enumerate(order)}
    for one in np.flatnonzero(exact):
        assert all(place[other] > place[one] for other in range(one + 1, len(order)) if not exact[other])
