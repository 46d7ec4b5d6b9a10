"""What is made once for each key:

1. One of many who ask at the same time makes it, the others wait and get the same.
2. Who asks for another key does not wait.
3. The keys asked for last are kept; another one is made again.
4. What could not be made raises for all who waited, and is tried again by the next.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from retrieval.serving.once import Once

PATIENCE_S = 30


def test_one_makes_it() -> None:  # 1
    once: Once[str, object] = Once(2)
    begun, go_on, calls = Event(), Event(), []

    def make() -> object:
        calls.append(1)
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return object()

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(once.of, "a", make) for _ in range(4)]
        assert begun.wait(PATIENCE_S)
        go_on.set()
        assert len({id(future.result(PATIENCE_S)) for future in futures}) == 1
    assert calls == [1]


def test_others_do_not_wait() -> None:  # 2
    once: Once[str, str] = Once(2)
    begun, go_on = Event(), Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(once.of, "slow", slow)
        assert begun.wait(PATIENCE_S)
        assert once.of("quick", lambda: "quick") == "quick"
        assert once.made() == ["quick"]
        go_on.set()
        assert waiting.result(PATIENCE_S) == "slow"


def test_the_last_are_kept() -> None:  # 3
    once: Once[str, list[str]] = Once(2)
    a, b = once.of("a", lambda: ["a"]), once.of("b", lambda: ["b"])
    assert once.of("a", lambda: ["again"]) is a
    once.of("c", lambda: ["c"])
    assert once.of("a", lambda: ["again"]) is a
    assert once.of("b", lambda: ["again"]) is not b


def test_a_failure_is_tried_again() -> None:  # 4
    once: Once[str, str] = Once(2)

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        once.of("a", fail)
    assert once.made() == []
    assert once.of("a", lambda: "yes") == "yes"
