"""Rows without holes:

1. After the moves rows 0 … n − h − 1 are filled by n − h different documents, and no fewer moves would do.
2. Whatever is refused, and however late that is known, the last bodies kept hold every one that has to move.
"""

from __future__ import annotations

import random

import pytest

from retrieval.backends.opensearch.places import Tail, moves


@pytest.mark.parametrize(
    ("rows", "refused", "expected"),
    [
        (5, [], []), (0, [], []), (5, [4], []), (5, [3, 4], []), (5, [0], [(4, 0)]), (5, [0, 4], [(3, 0)]),
        (5, [1, 2], [(3, 1), (4, 2)]), (3, [0, 1, 2], []), (6, [0, 2, 5], [(3, 0), (4, 2)]),
    ],
)  # fmt: skip
def test_moves(rows: int, refused: list[int], expected: list[tuple[int, int]]) -> None:  # 1
    assert moves(rows, refused) == expected


def test_any_moves() -> None:  # 1
    rng = random.Random(1)
    for _ in range(300):
        rows = rng.randrange(30)
        refused = set(rng.sample(range(rows), rng.randint(0, rows)))
        standing = {row: row for row in range(rows) if row not in refused}
        pairs = moves(rows, refused)
        for row, place in pairs:
            assert place not in standing
            standing[place] = standing.pop(row)
        assert sorted(standing) == list(range(rows - len(refused)))
        assert len(pairs) == len([row for row in refused if row < rows - len(refused)])


def test_the_tail_is_long_enough() -> None:  # 2
    rng = random.Random(2)
    for _ in range(300):
        rows = rng.randrange(1, 60)
        bad = {row for row in range(rows) if rng.random() < rng.choice((0.05, 0.5, 0.95))}
        tail, waiting, refused, most = Tail(), list[int](), set[int](), 0
        for row in range(rows):
            tail.add(row, b"%d" % row)
            waiting.append(row)
            while waiting and rng.random() < 0.4:  # an answer comes
                done, waiting = waiting[:3], waiting[3:]
                refused |= bad & set(done)
            tail.keep(len(waiting) + len(refused))
            most = max(most, len(tail._bodies))
        assert [tail[row] for row, _ in moves(rows, bad)] == [b"%d" % row for row, _ in moves(rows, bad)]
        assert most <= rows
