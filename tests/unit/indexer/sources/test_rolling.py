"""Rolling captions:

1. A line that stays while the next one comes is said once, at its first time: beside tags with times, beside a new
   line, alone for a moment, in windows of two lines.
2. A line that goes on is one segment, from its first time to its last.
3. A caption that comes again with the mark at another word is said once.
4. What was said long ago, or again and again in a file that does not roll, is said again.
"""

from __future__ import annotations

import pytest

from indexer.sources.rolling import Cue, unrolled


def said(*cues: tuple[float, float, str]) -> list[tuple[float, float, str]]:
    """`cues` with "/" between lines; tags are written in <>."""
    made = [
        Cue(start, end, tuple(line for line in _bare(written).split("/") if line), written)
        for start, end, written in cues
    ]
    return [(each["start"], each["end"], each["text"]) for each in unrolled(made)]


def _bare(written: str) -> str:
    for tag in ("<00:01>", "<u>", "<*u>"):
        written = written.replace(tag, "")
    return written


@pytest.mark.parametrize("tag", ["<00:01>", ""])
def test_each_line_once(tag: str) -> None:  # 1
    rolled = said(
        (0, 2, f"今天{tag}测评"), (2, 2.01, "今天测评"), (2.01, 4, "今天测评/三款电饭煲"), (4, 6, "三款电饭煲/第一款")
    )
    assert rolled == [(0, 2, "今天测评"), (2.01, 4, "三款电饭煲"), (4, 6, "第一款")]


def test_windows_of_two_lines() -> None:  # 1
    assert said((0, 2, "一/二"), (2, 4, "二/三"), (4, 6, "三/四/五")) == [
        (0, 2, "一 二"),
        (2, 4, "三"),
        (4, 6, "四 五"),
    ]


def test_a_line_that_goes_on() -> None:  # 2
    grown = said((0, 1, "今天"), (1, 2, "今天测评"), (2, 3, "今天测评三款"), (3, 4, "第一款"))
    assert grown == [(0, 3, "今天测评三款"), (3, 4, "第一款")]


def test_a_mark_that_moves() -> None:  # 3
    moved = said((0, 1, "<u>今天<*u>测评"), (1, 2, "今天<u>测评<*u>"), (2, 3, "<u>三款"))
    assert moved == [(0, 1, "今天测评"), (2, 3, "三款")]


def test_what_is_said_again() -> None:  # 4
    again = [(0.0, 1.0, "买它"), (1.0, 2.0, "买它"), (2.0, 3.0, "买它"), (3.0, 4.0, "好")]
    assert said(*again) == again
    # What is said again after a while does not make a file roll, nor does one line in three that goes on.
    assert said((0, 1, "来/买它"), (2, 3, "快/买它"), (3, 4, "快/买它")) == [
        (0, 1, "来 买它"),
        (2, 3, "快 买它"),
        (3, 4, "快 买它"),
    ]
    assert said((0, 1, "好"), (1, 2, "好的"), (2, 3, "再见")) == [(0, 1, "好"), (1, 2, "好的"), (2, 3, "再见")]
    later = said((0, 1, "今天<00:01>测评"), (2, 3, "今天测评"))
    assert later == [(0, 1, "今天测评"), (2, 3, "今天测评")]
    assert said() == []
