"""What speaks against a title:

1. `accessory` is the share of `MUCH` of words of accessories in the title that the query does not say, negative. What
   says what a part fits counts against nobody where a part is asked for.
2. `contradiction` is -1 where a title says another number of a unit, another number of a series, another colour or the
   other sex, and 0 where it says the same, both, a span around it, or nothing.
3. It is 0 for a query that says nothing of the kind.
   Children are no grown-ups, unless the title names both; what is for animals contradicts whoever says none.
4. It is -1 where a brand is surely asked and the offer has another; 0 where it tells the asked one, or none at all.
"""

from __future__ import annotations

import pytest

from retrieval.ranking.features.accessory import MUCH
from retrieval.ranking.features.contradiction import SURELY
from retrieval.ranking.setting import Setting
from retrieval.understanding.kinds import Kind
from tests.unit.retrieval.ranking.shop import row, values


def against(name: str, query: str, *titles: str) -> list[float]:
    return [round(float(value), 6) for value in values(query, *titles)[name]]


def test_accessory() -> None:  # 1
    titles = ("笔记本 电脑", "笔记本 支架", "笔记本 支架 配件", "适用 笔记本 支架 配件", "适用 笔记本 支架 配件 贴纸")
    expected = [round(-count / MUCH, 6) for count in (0, 1, 2, 3, 3)]
    assert against("accessory", "笔记本", *titles) == expected
    assert against("accessory", "笔记本支架", *titles) == [0, 0, 0, 0, expected[1]]


@pytest.mark.parametrize("query", ["剃须刀头", "牙刷头 欧乐b", "三星 硒鼓 2612a", "手机膜"])
def test_parts(query: str) -> None:  # 1
    titles = ("适用 剃须刀 替换", "适用 剃须刀 支架")
    assert against("accessory", query, *titles) == [0, round(-1 / MUCH, 6)]
    for whole in ("三刀头剃须刀", "单反镜头", "枕头 乳胶", "面膜"):
        assert against("accessory", whole, *titles) == [round(-2 / MUCH, 6)] * 2


@pytest.mark.parametrize(
    ("query", "contradicts", "agrees"),
    [
        ("充电宝20000毫安", "充电宝 12000mAh", "充电宝 20000mAh"),
        ("高跟鞋 37码", "高跟鞋 38码", "高跟鞋 35-40码"),
        ("大米5斤", "大米 10斤装", "大米 10斤 5斤"),
        ("床 1.5米", "床 1.8米", "床 150厘米"),
        ("iphone 13 手机", "iPhone12 手机", "iPhone13 手机"),
        ("iphone 13 手机", "iphone 11-12 手机", "iphone 11-14 手机"),
        ("佳能70", "佳能80 相机", "佳能80D 70D 相机"),
        ("红色 毛衣", "毛衣 黑色", "毛衣 大红"),
        ("红色 毛衣", "毛衣 绿色 蓝色", "毛衣 绿色 红色"),
        ("红色 行李箱", "网红 行李箱 粉色", "网红 行李箱 粉色 酒红"),
        ("红色 高跟鞋", "裸色 高跟鞋 红底", "黑色 高跟鞋 大红"),
        ("粉色 毛衣", "毛衣 黑色 散粉", "毛衣 裸色"),
        ("粉色 毛衣", "毛衣 黑色", "毛衣 粉红色"),
        ("粉红色 毛衣", "毛衣 黑色", "毛衣 粉色"),
        ("粉色 毛衣", "毛衣 黑色 豆粉", "毛衣 黑色 豆粉色"),
        ("黄色 毛衣", "毛衣 黑色 黄金", "毛衣 黑色 黄金色"),
        ("红色 白色 毛衣", "毛衣 黑色", "毛衣 黑色 白"),
        ("毛衣 女", "毛衣 男", "毛衣 男女"),
        ("男 毛衣", "毛衣 女", "毛衣 爸爸"),
        ("男 毛衣", "毛衣 男童", "毛衣 男士 亲子 儿童"),
        ("毛衣", "毛衣 狗狗", "毛衣 天猫"),
    ],
)
def test_contradiction(query: str, contradicts: str, agrees: str) -> None:  # 2
    assert against("contradiction", query, contradicts, agrees, "毛衣 手机") == [-1, 0, 0]


def test_animals_that_are_said() -> None:  # 2
    assert against("contradiction", "狗 毛衣", "毛衣 狗狗", "毛衣 宠物") == [0, 0]
    assert against("contradiction", "儿童 毛衣 男", "毛衣 男童", "毛衣 女童") == [0, -1]


@pytest.mark.parametrize("query", ["毛衣", "充电宝", "男女 毛衣", "iphone 手机", ""])
def test_nothing_said(query: str) -> None:  # 3
    titles = ("毛衣 女 38码 红色", "充电宝 12000mAh", "iPhone12 手机", "毛衣 男 黑色")
    assert against("contradiction", query, *titles) == [0, 0, 0, 0]


def test_another_brand() -> None:  # 4
    offers = [row("手机", brand="小米"), row("手机", brand="华为"), row("华为 手机", brand="荣耀"), row("手机")]
    known, hardly = (Setting(kinds={"华为": Kind.BRAND}, costs={"华为": cost}) for cost in (SURELY, SURELY - 0.1))
    assert values("华为手机", *offers, setting=known)["contradiction"].tolist() == [-1, 0, 0, 0]
    assert values("华为手机", *offers, setting=hardly)["contradiction"].tolist() == [0, 0, 0, 0]
    assert values("华为手机", *offers)["contradiction"].tolist() == [0, 0, 0, 0]
