"""How much of what is asked a document has:

1. `term_coverage` is the mean match of the terms, each weighed by rarity times the root of what missing it costs.
2. `title_coverage` counts by the same weights what stands in the title; brand and category do not count.
3. `character_coverage` and `alphanumeric_coverage` are shares by rarity, and fall back on `term_coverage` where the
   query has no Han character, or no letter and digit. A title has a run however it is spaced: cheezit in Cheez It; a
   short one only as it is.
4. `head_character` is 1 for a document with the last character of the last thing, before a bare 子; of the last term,
   where none is named.
"""

from __future__ import annotations

import math

import pytest

from retrieval.ranking.setting import Setting
from retrieval.ranking.wanted import UNKNOWN_WEIGHT
from retrieval.ranking.word_space import WordSpace
from retrieval.understanding.kinds import Kind
from tests.unit.retrieval.ranking.shop import TITLES, row, values

NONE = WordSpace.empty()


def rarity(titles: int) -> float:
    return math.log((len(TITLES) + 1) / (titles + 1))


def test_term_coverage() -> None:
    """By rarity (9 titles have 铁锅, 3 have 女) and the root of the cost; one that is not said is `UNKNOWN_WEIGHT`."""
    iron, women = rarity(9), rarity(3)
    found = values("铁锅 女", "铁锅", "铁锅女")["term_coverage"]
    assert found.tolist() == pytest.approx([iron / (iron + women), 1], rel=1e-5)
    found = values("铁锅 女", "铁锅", setting=Setting({"女": 0.01, "铁锅": 1.0}))["term_coverage"]
    assert found[0] == pytest.approx(iron / (iron + 0.1 * women), rel=1e-5)
    found = values("铁锅 女", "铁锅", setting=Setting({"铁锅": 1.0}))["term_coverage"]
    assert found[0] == pytest.approx(iron / (iron + math.sqrt(UNKNOWN_WEIGHT) * women), rel=1e-5)


def test_nothing_asked() -> None:
    found = values("", "毛衣")
    names = ("term_coverage", "title_coverage", "character_coverage", "alphanumeric_coverage")
    assert [found[name].tolist() for name in names] == [[0.0]] * len(names)
    assert found["head_character"].tolist() == [1.0]


def test_title_coverage() -> None:
    documents = (row("毛衣 手机"), row("毛衣", brand="手机"), row("毛衣", category=["手机"]), row("卫衣"))
    found = values("毛衣 手机", *documents, known=NONE)
    assert found["title_coverage"].tolist() == [1, 0.5, 0.5, 0]
    assert found["term_coverage"].tolist() == [1, 1, 1, 0]
    weighed = values("毛衣 手机", row("毛衣"), setting=Setting({"毛衣": 1.0, "手机": 0.25}), known=NONE)
    assert weighed["title_coverage"].tolist() == pytest.approx([2 / 3])


def test_character_coverage() -> None:
    """铁 is in the 9 titles of 铁锅, 锅 in those of 炒锅, too."""
    iron, pan = rarity(9), rarity(18)
    assert values("铁锅 铁", "铁", "锅")["character_coverage"].tolist() == pytest.approx(
        [iron / (iron + pan), pan / (iron + pan)], rel=1e-5
    )
    assert values("铁锅", row("a", brand="铁锅"), known=NONE)["character_coverage"].tolist() == [1]
    codes_only = values("mate60", "mate60", "mate手机")
    assert codes_only["character_coverage"].tolist() == codes_only["term_coverage"].tolist()
    mixed = values("铁锅 mate60", "铁 mate60", "锅 mate", known=NONE)
    assert mixed["character_coverage"].tolist() == [0.5, 0.5]


def test_alphanumeric_coverage() -> None:
    found = values("铁锅 mate60", "铁 mate60", "锅 mate", "铁锅", known=NONE)["alphanumeric_coverage"]
    assert found.tolist() == pytest.approx([1, 1 / 3, 0])  # mate60, mate, 60
    words_only = values("铁锅", "铁锅", "手机")
    assert words_only["alphanumeric_coverage"].tolist() == words_only["term_coverage"].tolist()
    common, new = 4 * rarity(3), rarity(0)  # 3 titles have 5g, 5, g and the amount, none has abc
    rare = values("abc 5g", "abc", "5g")["alphanumeric_coverage"]
    assert rare.tolist() == pytest.approx([new / (common + new), common / (common + new)], rel=1e-5)
    amounts = values("水杯 500ml", "水杯 0.5L", "水杯 ml", known=NONE)["alphanumeric_coverage"]
    assert amounts.tolist() == pytest.approx([1 / 4, 1 / 4])  # 500ml, 500, ml, and the amount


def test_runs_however_spaced() -> None:
    found = values("cheezit", "Cheez It 饼干", "cheez_it", "cheese 饼干")
    assert found["term_coverage"][:2].tolist() == [1, 1]
    assert found["alphanumeric_coverage"].tolist() == [1, 1, 0]
    assert values("ab12", "ab 12", known=NONE)["alphanumeric_coverage"][0] < 1


def test_head_character() -> None:
    assert values("铁锅", "不粘炒锅", "毛衣")["head_character"].tolist() == [1, 0]
    assert values("椅子", "折叠椅", "盒子")["head_character"].tolist() == [1, 0]
    assert values("子", "盒子", "毛衣")["head_character"].tolist() == [1, 0]
    things = Setting(kinds={"铁锅": Kind.PRODUCT, "手机": Kind.CATEGORY})
    assert values("铁锅 手机 毛衣", "锅", "手机", "毛衣", setting=things)["head_character"].tolist() == [0, 1, 0]
    assert values("铁锅 毛衣", "锅", "毛衣")["head_character"].tolist() == [0, 1]
