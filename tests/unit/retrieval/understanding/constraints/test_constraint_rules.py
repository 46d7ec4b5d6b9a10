"""Rules of constraints:

1. A row is a kind, a value, phrases and what may follow; phrases are normalised; comments and a byte-order mark pass.
2. A row that cannot be read is an error that names file and line and says what is wrong.
3. An absent file has no rules, an absent folder is an error.
4. A phrase stands only where its last column lets it, and a Latin phrase is never a piece of a longer word.
5. The built-in file loads, and every phrase of a kind that is looked up stands there once with one following.
6. What is read once is read in the first way and in no other, however long the text.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.errors import LexiconError
from retrieval.understanding.constraints.constraint_rules import (
    FILE,
    ConstraintRules,
    Rule,
    load_constraint_rules,
    longest_first,
    once,
)

RULES = LEXICON.parent / "rules"


def loaded(folder: Path, text: str) -> ConstraintRules:
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_constraint_rules(folder)


def test_rows(tmp_path: Path) -> None:
    rules = loaded(
        tmp_path,
        "\ufeff# 说明\nservice\t包邮,免邮\t包郵 ＦＲＥＥ  # 两个\nafter\tmost\t内\t!衣,$\nafter\tleast\t起\t$,的\n\n",
    )
    assert rules.of("service") == (Rule("包邮", "包邮,免邮"), Rule("free", "包邮,免邮"))
    assert rules.of("after") == (Rule("内", "most", ("衣", "$"), True), Rule("起", "least", ("$", "的"), False))
    assert rules.of("sort") == ()
    assert rules.words("after") == {"内", "起"}
    assert rules.value("after") == {"内": "most", "起": "least"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("service\t包邮", "3 to 4 tab-separated columns expected, 2 found"),
        ("services\t包邮\t包邮", "“services” is no kind of rule"),
        ("sort\tcheapest\t最便宜", "“cheapest” is none of relevance, sales"),
        ("money\t很多\t元", "“很多” is not a number"),
        ("money\t0\t元", "“0” is not above 0"),
        ("sized\t15-50\t鞋", "no interval such as 15..50"),
        ("service\t包邮,\t包邮", "an empty word among the values"),
        ("service\t包邮\t！！", "has no letter, digit or joining mark"),
        ("service\t包邮\t7天，无理由", "another mark inside"),
        ("after\tmost\t内\t衣,", "an entry of the last column is empty"),
    ],
)
def test_unreadable_rows(row: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=re.escape(problem)) as caught:
        loaded(tmp_path, f"# 第一行\n{row}\n")
    assert caught.value.field == f"{FILE}:2"
    assert row[:20] in (caught.value.hint or "")


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes("sort\tsales\t销量最高".encode("gbk"))
    with pytest.raises(LexiconError, match="not UTF-8"):
        load_constraint_rules(tmp_path)


def test_absent(tmp_path: Path) -> None:
    assert load_constraint_rules(tmp_path) == ConstraintRules()
    with pytest.raises(LexiconError, match="there is no folder"):
        load_constraint_rules(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("rule", "text", "stands"),
    [
        (Rule("内", "most", ("衣", "$"), barred=True), "内衣", False),
        (Rule("内", "most", ("衣", "$"), barred=True), "内 ", False),
        (Rule("内", "most", ("衣", "$"), barred=True), "内的", True),
        (Rule("起", "least", ("$", "的")), "起", True),
        (Rule("起", "least", ("$", "的")), "起 跑鞋", True),
        (Rule("起", "least", ("$", "的")), "起动机", False),
        (Rule("pu", "材质"), "pu皮", True),
        (Rule("pu", "材质"), "cpu", False),
        (Rule("pu", "材质"), "pump", False),
    ],
)
def test_where_a_phrase_stands(rule: Rule, text: str, stands: bool) -> None:
    assert bool(re.search(rule.pattern, text)) == stands


def test_longest_first() -> None:
    found = re.match(longest_first([Rule("便宜", "a"), Rule("便宜点", "a")]), "便宜点的")
    assert found is not None
    assert found[0] == "便宜点"
    assert re.match(longest_first([]), "") is None


def test_built_in_rules() -> None:
    rules = load_constraint_rules(RULES)
    for kind, entries in rules.kinds.items():
        seen = Counter(
            (rule.phrase, rule.following, rule.value if kind in ("body", "service") else "") for rule in entries
        )
        assert [entry for entry, count in seen.items() if count > 1] == [], kind


def test_once() -> None:  # 6
    pattern = re.compile(once("(?:价|价格|格) ?"))
    assert pattern.match("价格在").group(1) == "价"  # type: ignore[union-attr]
    assert re.match(once("(?:价|价格)") + "在", "价格在") is None
    several = re.compile(once("(?:价格|价|格)*") + "([0-9]+)元")
    assert [several.match(text).groups() for text in ("价格100元", "9元")] == [("价格", "100"), ("", "9")]  # type: ignore[union-attr]
    assert several.match("价格" * 5_000 + "元") is None
