"""A list in a terminal:

1. A line stands before the first hit that is near, once, and what is near is counted beside what answers.
2. Where nothing answers, the line is the first, and says so. Where nothing is near, there is none.
"""

from __future__ import annotations

import pytest

from cli.terminal import print_hits
from retrieval.answer import Fragment, Hit, QueryView, SearchResponse, Total
from retrieval.types import EVERYTHING, Match, Sort


def lines(capsys: pytest.CaptureFixture[str], above: int, shown: int, near: int = 3, query: str = "杯") -> list[str]:
    """The lines that name hits, or the divider, and the last one."""
    hits = tuple(
        Hit(f"p{at}", "product", at + 1, 1.0, {}, {"title": (Fragment("杯", match=True),)}, near=at >= above)
        for at in range(shown)
    )
    view = QueryView(query, query, (query,), Match.ALL, truncated=False)
    print_hits(
        SearchResponse(view, EVERYTHING, Sort.RELEVANCE, hits, Total(above, "about"), {}, None, "g1", (), near=near)
    )
    *out, last = capsys.readouterr().out.splitlines()
    return [line for line in out if "相近" in line or any(f"p{at} " in line for at in range(shown))] + [last]


def test_the_divider(capsys: pytest.CaptureFixture[str]) -> None:  # 1
    *rows, last = lines(capsys, above=2, shown=4)
    assert [next((mark for mark in ("p0", "p1", "p2", "p3", "── 以下相近 ──") if mark in row), "") for row in rows] == [
        "p0", "p1", "── 以下相近 ──", "p2", "p3",
    ]  # fmt: skip
    assert "约 2 件" in last
    assert "3 件相近" in last
    assert "about 2 documents, matching all, 3 near" in lines(capsys, above=2, shown=2, query="cup")[-1]


def test_nothing_above(capsys: pytest.CaptureFixture[str]) -> None:  # 2
    first, *_ = lines(capsys, above=0, shown=2)
    assert "── 没有完全符合的，以下相近 ──" in first
    assert not any("相近" in line for line in lines(capsys, above=2, shown=2, near=0))
