"""Look-alikes:

1. Characters that share much of what they are made of look alike; those that share a common radical only do not.
2. Characters that cannot be taken apart are known by hand.
3. Only characters of the pool are given, at most forty, nobody is its own; one outside the pool has look-alikes too.
4. The order is that of likeness, then of code: always the same.
"""

from __future__ import annotations

import pytest

from retrieval.understanding.spelling.shapes import MOST_ALIKE, LookAlikes

EVERYTHING = tuple(map(chr, range(0x4E00, 0x9FA6)))
POOL = "裙群增曾僧软欠款蜘知蛛未末己已厦夏杯坏还银钢铁锌钟江河湖海澡操"


@pytest.mark.parametrize(
    ("char", "other"),
    [
        ("裙", "群"),
        ("曾", "增"),
        ("软", "欠"),
        ("蜘", "知"),
        ("杯", "坏"),
        ("澡", "操"),
        ("未", "末"),
        ("己", "已"),
        ("夏", "厦"),
    ],
)
def test_alike(char: str, other: str) -> None:
    shapes = LookAlikes(POOL)
    assert other in shapes.of(char)
    assert char in shapes.of(other)


@pytest.mark.parametrize(("char", "other"), [("江", "河"), ("银", "钟"), ("杯", "钢")])
def test_not_alike(char: str, other: str) -> None:
    assert other not in LookAlikes(EVERYTHING).of(char)


def test_what_is_given() -> None:
    shapes = LookAlikes(POOL)
    for char in POOL:
        found = shapes.of(char)
        assert char not in found
        assert set(found) <= set(POOL)
        assert found == LookAlikes(reversed(POOL)).of(char)
    assert "增" in shapes.of("赠")
    assert shapes.of("a") == ()
    everything = LookAlikes(EVERYTHING)
    assert all(len(everything.of(char)) <= MOST_ALIKE for char in POOL)
