"""What is matched whole (a title is found where it has every required term):

1. A number is one, whatever stands around it: no part of a longer one, nor of a decimal.
2. A Latin word is found from its beginning, in a code too; letters inside a word are no word.
3. Words that are written as one or as two find each other; so do the parts of a code.
4. A dimension is the same with any punctuation, and with any unit; each of its sides is an amount.
5. 子 adds nothing: …杯 is a 杯子, but what 杯 begins is none, and words in which 子 matters keep it.
6. Nothing of this scores, and no text contains such a token.
"""

from __future__ import annotations

import pytest

from configs.settings import LEXICON
from retrieval.analysis import whole
from retrieval.analysis.lexicon import load_lexicon
from tests.title_index import make_analyzer

ANALYZER = make_analyzer(load_lexicon(LEXICON))


def finds(query: str, title: str) -> bool:
    tokens = set(ANALYZER.tokens(title))
    return all(any(tokens.issuperset(way) for way in term.alternatives) for term in ANALYZER.query(query).required)


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("4.55mm", "螺丝 4.55mm", "螺丝 4 支装 55mm"),
        ("4.55mm", "螺丝4.55毫米", "螺丝 14.55mm"),
        ("4.5mm", "螺丝 4.50mm", "螺丝 4.55mm"),
        ("55mm", "螺丝 55mm", "螺丝 4.55mm"),
        ("5斤", "苹果 5斤装", "苹果 15斤装"),
        ("5斤", "苹果 2.5kg", "苹果 2.5斤"),
        ("500", "纸巾 500张", "纸巾 1500张"),
        ("2.0", "键盘 2.0版", "键盘 12.05"),
        ("16g", "ram16g 笔记本", "ram116g 笔记本"),
        ("iphone 1", "iphone 1", "iphone 12"),
    ],
)
def test_a_number_is_one(query: str, found: str, missed: str) -> None:  # 1
    assert finds(query, found)
    assert not finds(query, missed)


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("lock", "智能 lock", "桌面 clock"),
        ("lock", "lock2024 门锁", "block 积木"),
        ("nike", "nike2024 跑鞋", "monike 跑鞋"),
        ("adid", "adidas 外套", "candida 外套"),
        ("ck", "CK 腰带", "clock"),
        ("xm4", "wh-1000xm4", "wh-1000xm5"),
        ("z6", "尼康z62", "尼康az62"),
        ("c", "type-c 线", "clock"),
    ],
)
def test_letters_inside_a_word_are_no_word(query: str, found: str, missed: str) -> None:  # 2
    assert finds(query, found)
    assert not finds(query, missed)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("cheezit", "Cheez It 饼干"),
        ("cheez it", "Cheezit 饼干"),
        ("rolleat", "Roll eat 便当包"),
        ("iphone12", "iphone 12 手机壳"),
        ("iphone 12", "iphone12 手机壳"),
        ("jblc230tws", "JBL C230 TWS"),
        ("wh1000xm4", "WH-1000XM4"),
        ("350720-1", "3507201 滤芯"),
        ("3507201", "350720-1 滤芯"),
        ("usb3.0", "usb 3.0 分线器"),
    ],
)
def test_written_as_one_or_as_two(query: str, title: str) -> None:  # 3
    assert finds(query, title)


TYRE, QUILT, RUG = "轮胎 225/55R18 静音", "被子 1.8*2.2m", "地毯 30x40cm"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("225/55R18", TYRE), ("2255518", TYRE), ("225 55 18", TYRE), ("225/55 r18", TYRE), ("225-55-18", TYRE),
        ("18寸轮胎", TYRE), ("1.8*2.2m", QUILT), ("1.8×2.2米", QUILT), ("180x220cm", QUILT), ("1.8 2.2m", QUILT),
        ("2.2m", QUILT), ("30*40cm", RUG), ("30×40厘米", RUG), ("30 40cm", RUG), ("300x400mm", RUG), ("40cm", RUG),
    ],
)  # fmt: skip
def test_a_dimension(query: str, title: str) -> None:  # 4
    assert finds(query, title)
    others = {TYRE: "轮胎 215/55R17 经济", QUILT: "被子 1.5*2m", RUG: "地毯 50x80cm"}
    assert not finds(query, others[title])


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("杯子", "保温杯", "杯垫"),
        ("杯子", "马克杯陶瓷", "水果刀"),
        ("鞋子", "小白鞋", "鞋柜"),
        ("裤子", "阔腿裤女", "裤架"),
        ("帽子", "渔夫帽", "帽架"),
        ("裙子", "半身裙", "裙边"),
        ("红色 帘子", "红色遮光窗帘", "红色帘钩"),
    ],
)
def test_a_suffix_adds_nothing(query: str, found: str, missed: str) -> None:  # 5
    assert finds(query, found)
    assert not finds(query, missed)


@pytest.mark.parametrize(
    ("query", "missed"),
    [
        ("柿子", "西红柿"),
        ("瓜子", "西瓜"),
        ("包子", "双肩背包"),
        ("儿子", "婴儿"),
        ("电子", "家电"),
        ("桃子", "核桃"),
        ("本子", "日本"),
    ],
)
def test_where_the_suffix_matters(query: str, missed: str) -> None:  # 5
    assert not finds(query, missed)


@pytest.mark.parametrize("query", ["225/55R18 轮胎", "杯子", "lock 5", "cheez it"])
def test_it_does_not_score(query: str) -> None:  # 6
    assert not any(token.startswith(whole.MARK) for token in ANALYZER.query(query).weights)
    assert whole.MARK not in ANALYZER.query(f"{query} {whole.MARK}").normalized
