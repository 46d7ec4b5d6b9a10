"""The report, in a terminal and as a page:

1. The terminal fits 80 columns and says every group, difference and bin.
2. The page loads nothing, is well-formed, escapes what comes from outside and draws every plot.
"""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from eval.personal.report import personal_page, personal_tables
from eval.personal.summary import summarise
from eval.personal.types import PERSONAL, PersonalSummary
from eval.personal.ways import fixed
from tests.unit.eval.personal.world import QRELS, asked
from tests.unit.eval.test_report import Checker


@pytest.fixture(scope="module")
def summary() -> PersonalSummary:
    vague = [asked(i, {PERSONAL: 1, fixed(0.4): 1}, band="<b>vague</b>") for i in range(21)]
    return summarise([*vague, asked(22, {}, acts=0, band="category")], QRELS, documents=100, name="<i>market</i>")


def test_terminal(summary: PersonalSummary) -> None:  # 1
    console = Console(width=80, record=True, file=StringIO())
    for table in personal_tables(summary):
        console.print(table)
    text = console.export_text()
    assert "…  " not in text
    for row in ("<b>vague</b>", "category (tiny)", "− fixed 0.4", "intent strength", "+100.0 %", "< 4 (tiny)"):
        assert row in text, row
    assert "0.500     1.000" in text


def test_page(summary: PersonalSummary) -> None:  # 2
    page = personal_page(summary)
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.loads == []
    assert "<b>vague" not in page
    assert "<i>market</i>" in checker.text
    assert page.count("<svg") == 6
