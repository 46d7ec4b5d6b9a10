"""The table of what words stand for:

1. Rows are read as written beside them, normalised; comments and a file that is absent are nothing.
2. A row that cannot be read is an error that names file and line.
3. The built-in table is one: every kind is there, no word answers and speaks against, and none answers what it denies.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import RULES
from retrieval.errors import LexiconError
from retrieval.understanding.reading.expansion_rules import FILE, Expansion, ExpansionKind, load_expansions


def load(folder: Path, text: str) -> tuple[Expansion, ...]:
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    return load_expansions(path)


def test_rows(tmp_path: Path) -> None:  # 1
    text = "\ufeff# 注\nwithout\t辣\t不辣 ０辣\t原味\t辣\n\nclass\t包\t包包\tＴ恤 -\n"
    assert load(tmp_path, text) == (
        Expansion(ExpansionKind.WITHOUT, "辣", ("不辣", "0辣"), ("原味",), ("辣",)),
        Expansion(ExpansionKind.CLASS, "包", ("包包",), ("t恤",)),
    )
    assert load_expansions(tmp_path / "absent.tsv") == ()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("class\t包\t包包", "4 to 5 tab-separated columns expected, 3 found"),
        ("kind\t包\t包包\t女包", "“kind” is no kind of expansion"),
        ("class\t包\t-\t女包", "nothing is said"),
        ("class\t包 袋\t包包\t女包", "more than one word"),
        ("class\t包\t！\t女包", "“！” has no letter"),
        ("class\t包\t包包\t女包\t男包", "only without has words against it"),
        ("class\t包\t鞋\t女包", "“鞋” is said for another class already"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, why: str) -> None:  # 2
    with pytest.raises(LexiconError) as raised:
        load(tmp_path, f"class\t鞋\t鞋\t靴\n{row}\n")
    assert why in str(raised.value)
    assert raised.value.field == f"{FILE}:2"
    path = tmp_path / FILE
    path.write_bytes(b"\xff\n")
    with pytest.raises(LexiconError, match="not UTF-8"):
        load_expansions(path)


def test_built_in() -> None:  # 3
    rows = load_expansions(RULES / FILE)
    assert {row.kind for row in rows} == set(ExpansionKind)
    for row in rows:
        assert row.answers
        assert not set(row.answers) & set(row.against), row.name
        if row.kind is ExpansionKind.OCCASION:
            assert not any(answer.isdigit() for answer in row.answers), row.name
