"""The file of spelling rules:

1. A line is “always, as typed, as meant” or “never, words”; comments and empty lines are passed over; an absent file
   has no rules; what is typed longer comes first.
2. A line that cannot be read is an error with file and line.
3. The built-in file loads, and no rule speaks where a longer, right word contains what is typed wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.errors import LexiconError
from retrieval.understanding.spelling.rules import FILE, load_spelling_rules


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(
        "\ufeff# 规则\n\nalways\t摇控\t遥控\nalways\t摇控器ＡＢ\t遥控器ab # 长的在前\nnever\t衣戀\n", "utf-8"
    )
    rules = load_spelling_rules(path)
    assert list(rules.always.items()) == [("摇控器ab", "遥控器ab"), ("摇控", "遥控")]
    assert rules.never == {"衣恋"}
    absent = load_spelling_rules(tmp_path / "none.tsv")
    assert (dict(absent.always), absent.never) == ({}, frozenset())


@pytest.mark.parametrize(
    "line",
    [
        "always\t摇控",
        "always\t摇控\t摇控",
        "always\t！\t遥控",
        "always\t摇控\t遥控\t1",
        "never",
        "never\t",
        "sometimes\t摇控\t遥控",
        "always\t甲\t乙\nalways\t甲\t丙",
    ],
)
def test_bad_lines(tmp_path: Path, line: str) -> None:
    path = tmp_path / FILE
    path.write_text(f"# 一\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"{FILE}:{2 + line.count(chr(10))}"):
        load_spelling_rules(path)


def test_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes("never\t衣恋".encode("gbk"))
    with pytest.raises(LexiconError, match="UTF-8"):
        load_spelling_rules(path)


def test_built_in_file() -> None:
    rules = load_spelling_rules(LEXICON.parent / "rules" / FILE)
    assert rules.always["兵乓"] == "乒乓"
    right = (
        "国内库存清仓",
        "脉冲电器",
        "充电保护板",
        "吹风基座",
        "羊毛斤称",
        "乒乓球拍",
        "遥控器",
        "鸡蛋",
        "夏天的衣服",
    )
    assert not [(typed, text) for typed in rules.always for text in right if typed in text]
