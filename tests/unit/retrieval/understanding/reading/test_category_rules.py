"""The file of category rules:

1. A line is words, category and factor; comments and empty lines are passed over; an absent file has no rules.
2. A rule covers its category and all below, and no neighbour.
3. A line that cannot be read is an error with file and line.
4. The built-in file loads.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.errors import LexiconError
from retrieval.understanding.reading.category_rules import CategoryRule, load_category_rules


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "categories.tsv"
    path.write_text("# 规则\n\nＡＢＣ  杯\t厨具/杯子/\t2.5\n", encoding="utf-8")
    assert load_category_rules(path) == (CategoryRule("abc 杯", "厨具/杯子", 2.5),)
    assert load_category_rules(tmp_path / "none.tsv") == ()


def test_what_a_rule_covers() -> None:
    rule = CategoryRule("杯", "厨具/杯", 1.0)
    assert rule.covers("厨具/杯")
    assert rule.covers("厨具/杯/保温杯")
    assert not rule.covers("厨具/杯垫")


@pytest.mark.parametrize(
    "line", ["杯\t厨具", "\t厨具\t1", "杯\t\t1", "杯\t厨具\t高", "杯\t厨具\t-1", "杯\t厨具\tnan", "杯\t厨具\t1e9"]
)
def test_bad_lines(tmp_path: Path, line: str) -> None:
    path = tmp_path / "categories.tsv"
    path.write_text(f"# 一\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        load_category_rules(path)
    assert error.value.field == "categories.tsv:2"


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "categories.tsv"
    path.write_bytes(b"\xff\xfe\n")
    with pytest.raises(LexiconError, match="UTF-8"):
        load_category_rules(path)


def test_built_in_file() -> None:
    assert isinstance(load_category_rules(LEXICON.parent / "rules" / "categories.tsv"), tuple)
