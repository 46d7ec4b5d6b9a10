"""What a gate asks of judged queries:

1. Both searches are asked each judged query once; the means are nDCG@10, and the difference is after − before.
2. The interval of a difference that is the same for every query is that difference; of one query, too.
"""

from __future__ import annotations

import pytest

from eval.gate import drop_between
from eval.types import Found, Query, SearchFunction

QUERIES = [Query(f"q{n}", f"query {n}") for n in range(4)]
QRELS = {f"q{n}": {"good": 1} for n in range(3)}


def search(*ranking: str) -> SearchFunction:
    return lambda query, depth: [Found(id, 1.0 / place) for place, id in enumerate(ranking, 1)]


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [(("good", "bad"), ("bad",), 1.0, 0.0), (("bad",), ("good",), 0.0, 1.0), (("a", "b", "good"), ("good",), 0.5, 1.0)],
)
def test_the_difference(before: tuple[str, ...], after: tuple[str, ...], was: float, now: float) -> None:  # 1, 2
    for queries, n in ((QUERIES, 3), (QUERIES[:1], 1)):
        found = drop_between(search(*before), search(*after), queries, QRELS)
        assert (found.measure, found.queries) == ("nDCG@10", n)
        assert (found.before, found.after) == pytest.approx((was, now))
        assert (found.low, found.high) == pytest.approx((now - was, now - was))
