"""The circuit breaker, on a clock that the test turns:

1. It opens after so many failures in a row, and a success between them starts the count again.
2. Open, it refuses at once and says for how long; after its time one call may try, and the others wait for it.
3. The one that tried closes it by a success and opens it again by a failure.
4. Calls that were under way together fail once.
"""

from __future__ import annotations

import pytest

from retrieval.backends.opensearch.breaker import Breaker
from retrieval.backends.opensearch.errors import ClusterUnavailable


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, seconds=5.0, clock=clock)


def fail(breaker: Breaker, clock: Clock, times: int) -> None:
    for _ in range(times):
        breaker.check()
        breaker.failed(clock())


def test_opens_after_failures_in_a_row(breaker: Breaker, clock: Clock) -> None:  # 1
    fail(breaker, clock, 2)
    breaker.succeeded()
    fail(breaker, clock, 2)
    breaker.check()
    breaker.failed(clock())
    with pytest.raises(ClusterUnavailable, match="3 times in a row") as refused:
        breaker.check()
    assert "5.0 s" in str(refused.value.hint)


def test_one_may_try(breaker: Breaker, clock: Clock) -> None:  # 2
    fail(breaker, clock, 3)
    clock.seconds += 4.9
    with pytest.raises(ClusterUnavailable):
        breaker.check()
    clock.seconds += 0.2
    breaker.check()
    with pytest.raises(ClusterUnavailable):
        breaker.check()


@pytest.mark.parametrize("succeeds", [True, False])
def test_what_the_try_finds(breaker: Breaker, clock: Clock, succeeds: bool) -> None:  # 3
    fail(breaker, clock, 3)
    clock.seconds += 5.1
    breaker.check()
    if succeeds:
        breaker.succeeded()
        breaker.check()
        fail(breaker, clock, 2)
        breaker.check()
    else:
        breaker.failed(clock())
        with pytest.raises(ClusterUnavailable, match="4 times"):
            breaker.check()


def test_together_they_fail_once(breaker: Breaker, clock: Clock) -> None:  # 4
    for _ in range(2):
        began = clock()
        clock.seconds += 0.5
        for _ in range(40):
            breaker.failed(began)
    breaker.check()
    breaker.failed(clock())
    with pytest.raises(ClusterUnavailable, match="3 times"):
        breaker.check()
