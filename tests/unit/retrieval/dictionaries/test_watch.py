"""Following dictionaries:

1. They are read when their state changes, and only then.
2. What cannot be read is read once, told at every look until the next change, and forgotten when that is well.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.dictionaries.watch import Watch
from retrieval.errors import LexiconError


def test_changes() -> None:  # 1
    states = iter("aabbbc")
    read = list[int]()
    watch = Watch(lambda: next(states), lambda: read.append(1))
    assert [watch.look() for _ in range(5)] == [False, True, False, False, True]
    assert len(read) == 2


def test_what_cannot_be_read() -> None:  # 2
    states, reads = iter("abbbcc"), list[int]()

    def outcomes() -> Iterator[LexiconError | None]:
        yield LexiconError("line 3 is no entry")
        yield None

    left = outcomes()

    def read() -> None:
        reads.append(1)
        if error := next(left):
            raise error

    watch = Watch(lambda: next(states), read)
    for _ in range(3):
        with pytest.raises(LexiconError, match="line 3"):
            watch.look()
    assert len(reads) == 1
    assert (watch.look(), watch.look(), len(reads)) == (True, False, 2)
