"""The rules of the listing check, each by the kinds it is there for and those it must leave alone:

1. absolute_words: superlatives, firsts, state words, absolutes, prices and cures; facts (ordinals, measures, fibres),
   names (games, brands, works in 《》) and books are none.
2. qualification: tobacco, prescription drugs and weapons are blocked, what fits them is not; a licence that is shown
   answers what asks for it, and nothing of what may not be sold.
3. price_fraud: crossed-out prices by their ratio, bait with variants, links that sell nothing.
4. title_stuffing: a word said five times is shown, more often demoted; heaps of brands, unless the thing fits them.
5. copied: the title, the picture, or both of another shop's earlier listing; not one's own, nor offers of one SPU.
6. brand_misuse: who claims to be the brand and is another shop; its own flagship may, an unknown shop is not judged.
7. counterfeit: below a fifth of the brand's level; not parts, samples, flagship shops, or what has no level.
8. low_quality: only below a floor that is set.
9. The check is pure, the strictest decision counts, and what a feed says of findings is not believed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indexer.listing.check import Decision, Finding, check, decided, listed
from indexer.listing.context import ListingContext
from indexer.listing.originals import Originals
from indexer.sources.records import Product

BLOCK, DEMOTE, FLAG = Decision


def product(title: str = "纯棉毛巾", **fields: Any) -> Product:
    return Product.model_validate({"id": "p", "title": title, **fields})


def found(context: ListingContext, rule: str, given: Product) -> list[tuple[Decision, str]]:
    return [(each.decision, each.matched) for each in check(given, context) if each.rule == rule]


@pytest.mark.parametrize(
    ("title", "decision", "matched"),
    [
        ("全网最好的蓝牙耳机", DEMOTE, "最好"),
        ("史上最便宜四件套", DEMOTE, "最便宜"),
        ("行业第一的净水器", DEMOTE, "行业第一"),
        ("销量第一 保温杯", DEMOTE, "销量第一"),
        ("全国销量NO.1奶粉", FLAG, "NO.1"),
        ("国家级品质茶叶", DEMOTE, "国家级"),
        ("人民大会堂特供酒", BLOCK, "人民大会堂特供"),
        ("100%正品面膜", DEMOTE, "100%正品"),
        ("绝对有效去黑头", DEMOTE, "绝对有效"),
        ("独一无二的包包", DEMOTE, "独一无二"),
        ("全网最低价手机", DEMOTE, "全网最低价"),
        ("根治脚气喷雾", DEMOTE, "根治"),
        ("无副作用减肥茶", DEMOTE, "无副作用"),
        ("祖传秘方三天见效", DEMOTE, "三天见效"),
        ("永不褪色外墙漆", DEMOTE, "永不褪色"),
        ("极品翡翠手镯", FLAG, "极品"),
    ],
)
def test_absolute_words(known: ListingContext, title: str, decision: Decision, matched: str) -> None:  # 1
    assert (decision, matched) in found(known, "absolute_words", product(title))
    assert found(known, "absolute_words", product("毛巾", description=title)) != []


@pytest.mark.parametrize(
    "title",
    [
        "宝宝第一次的绘本架",
        "最新款连衣裙",
        "100%棉T恤",
        "100%桑蚕丝围巾",
        "最大承重50kg支架",
        "极品飞车方向盘",
        "最后一天清仓",
        "黑白第一室项链",
        "国家级非遗剪纸",
        "治愈系台灯",
        "第一季度账本",
        "《世界上最好的妈妈》立体书",
        "九成新包好",
        "绝对值计算器",
        "oppo reno1手机壳",
        "肖邦 Op.64 No.1 曲谱",
        "半永久纹眉针",
        "最佳赏味期30天饼干",
        "鸡肉是配料表第一位的猫粮",
    ],
)
def test_facts_and_names(known: ListingContext, title: str) -> None:  # 1
    assert found(known, "absolute_words", product(title)) == []


def test_books_and_brands(known: ListingContext) -> None:  # 1
    assert found(known, "absolute_words", product("最好的时光", category=["图书", "小说"])) == []
    assert found(known, "absolute_words", product("最好的时光 毛巾", brand="最好的时光")) == []
    assert found(known, "absolute_words", product("最好的时光 毛巾")) != []


@pytest.mark.parametrize(
    ("title", "decision"),
    [
        ("古巴雪茄25支", BLOCK),
        ("一次性电子烟西瓜味", BLOCK),
        ("电子烟烟弹三颗装", BLOCK),
        ("中华香烟整条", BLOCK),
        ("头孢处方药", BLOCK),
        ("战术甩棍防身", BLOCK),
        ("野生穿山甲片", BLOCK),
        ("欧姆龙血压计", FLAG),
        ("布洛芬止痛片", FLAG),
        ("蓝帽认证辅酶", FLAG),
    ],
)
def test_qualification(known: ListingContext, title: str, decision: Decision) -> None:  # 2
    assert [each for each, _ in found(known, "qualification", product(title))] == [decision]


@pytest.mark.parametrize(
    "title",
    [
        "恒湿雪茄柜实木",
        "电子烟收纳包",
        "香烟展示架",
        "烟弹簧钢",
        "雪茄香味香水",
        "戒烟糖",
        "药箱家用大号",
        "非电子烟加湿器",
        "象牙白沙发",
        "猛犸象牙摆件",
        "玳瑁色墨镜",
        "匕首挂件玩具",
        "医生处方碳素笔",
        "蓝帽大头鸭公仔",
        "桂花留香烟酰胺身体乳",
        "狮子雪茄手机壳",
    ],
)
def test_what_only_fits(known: ListingContext, title: str) -> None:  # 2
    assert found(known, "qualification", product(title)) == []


def test_a_licence(known: ListingContext) -> None:  # 2
    meter = {"title": "欧姆龙血压计"}
    for holder in (
        {"qualifications": ["医疗器械经营许可证"]},
        {"shop": {"name": "店", "qualifications": "医疗器械经营许可"}},
    ):
        assert found(known, "qualification", product(**meter, **holder)) == []
    assert found(known, "qualification", product(**meter, qualifications=["食品经营许可证"])) != []
    assert found(known, "qualification", product("香烟", qualifications=["不得网售：烟草"])) == [(BLOCK, "香烟")]
    assert found(known, "qualification", product("牛肉干", category=["食品", "零食"])) == [(FLAG, "食品")]


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        ({"price": 10, "list_price": 49.9}, None),
        ({"price": 10, "list_price": 50}, FLAG),
        ({"price": 10, "list_price": 200}, DEMOTE),
        ({"price": 9.9, "title": "原价199元毛巾"}, DEMOTE),
        ({"price": 99, "title": "原价199元毛巾"}, None),
        ({"price": 1, "attributes": {"规格": ["定金", "全款", "加厚"]}}, DEMOTE),
        ({"price": 1, "attributes": {"颜色": "红"}}, None),
        ({"price": 1.01, "attributes": {"规格": ["a", "b", "c"]}}, None),
        ({"title": "补差价链接"}, DEMOTE),
        ({"price": 5, "title": "此项勿拍"}, DEMOTE),
        ({"title": "毛巾", "list_price": 999}, None),
        ({"price": 0, "list_price": 999}, None),
    ],
)
def test_price_fraud(known: ListingContext, fields: dict[str, Any], decision: Decision | None) -> None:  # 3
    given = product(**{"title": "毛巾", **fields})
    assert {each for each, _ in found(known, "price_fraud", given)} == ({decision} if decision else set())


def test_title_stuffing(known: ListingContext) -> None:  # 4
    def of(title: str) -> list[tuple[Decision, str]]:
        return found(known, "title_stuffing", product(title))

    assert of("毛巾 " * 4) == []
    assert of("毛巾 " * 5) == [(FLAG, "毛巾")]
    assert of("毛巾 " * 6) == [(DEMOTE, "毛巾")]
    assert of("3 " * 9 + "毛巾") == []
    assert of("雅诗兰黛 兰蔻 资生堂 同款口红") == [(FLAG, "雅诗兰黛 兰蔻 资生堂")]
    assert of("华为 小米 苹果 通用充电线") == of("雅诗兰黛 兰蔻 口红") == []


def test_copied(known: ListingContext) -> None:  # 5
    originals = Originals()
    originals.note("first", "甲店", "法式碎花连衣裙长款", "http://a/1.jpg")
    context = replace(known, originals=originals)

    def of(title: str, shop: str = "乙店", picture: str = "http://b/2.jpg", **more: Any) -> list[Decision]:
        given = product(title, shop=shop, images=[picture], **more)
        return [decision for decision, _ in found(context, "copied", given)]

    assert of("法式，碎花 连衣裙长款") == [FLAG]
    assert of("别的连衣裙", picture="http://a/1.jpg") == [FLAG]
    assert of("法式碎花连衣裙长款", picture="http://a/1.jpg") == [DEMOTE]
    assert of("法式碎花连衣裙长款", shop="甲店") == of("法式碎花连衣裙长款", spu_id="s") == of("别的连衣裙") == []
    assert found(context, "copied", product("法式碎花连衣裙长款")) == []  # nobody says who sells it


@pytest.mark.parametrize(
    ("title", "shop", "decision"),
    [
        ("兰蔻官方旗舰店小黑瓶", "小美化妆品店", DEMOTE),
        ("【官方正品】兰蔻粉水", "某某专营店", FLAG),
        ("兰蔻官方旗舰店小黑瓶", "兰蔻专卖店", FLAG),
        ("兰蔻官方旗舰店小黑瓶", "LANCOME兰蔻官方旗舰店", None),
        ("兰蔻小黑瓶", "小美化妆品店", None),
        ("兰蔻粉水 官方正品", "兰蔻专卖店", None),
        ("官方正品毛巾", "小美家", None),
        ("兰蔻官方旗舰店小黑瓶", None, None),
        ("小米官方正品手环", "xiaomi官方旗舰店", None),
    ],
)
def test_brand_misuse(known: ListingContext, title: str, shop: str | None, decision: Decision | None) -> None:  # 6
    given = product(title, **({"shop": shop} if shop else {}))
    assert [each for each, _ in found(known, "brand_misuse", given)] == ([decision] if decision else [])


@pytest.mark.parametrize(
    ("fields", "decision"),
    [
        ({"price": 119}, FLAG),
        ({"price": 120}, None),
        ({"price": 60, "title": "兰蔻小黑瓶 专柜正品"}, DEMOTE),
        ({"price": 60, "title": "兰蔻小黑瓶 小样"}, None),
        ({"price": 60, "shop": "兰蔻官方旗舰店"}, None),
        ({"price": 60, "shop": {"name": "丽人", "kind": "旗舰店"}}, None),
        ({"price": 60, "brand": "不知名"}, None),
        ({"price": 60, "category": ["女装"]}, None),
        ({"price": 99, "category": []}, FLAG),
        ({"price": 60, "shop": None}, None),
    ],
)
def test_counterfeit(known: ListingContext, fields: dict[str, Any], decision: Decision | None) -> None:  # 7
    given = {"title": "兰蔻小黑瓶", "brand": "兰蔻", "category": ["美妆", "精华"], "shop": "小美化妆品店", **fields}
    assert [each for each, _ in found(known, "counterfeit", product(**given))] == ([decision] if decision else [])


def test_low_quality(known: ListingContext) -> None:  # 8
    bad = product(rating=1.0, reviews=5000)
    assert found(known, "low_quality", bad) == []
    floored = replace(known, bounds=replace(known.bounds, least_quality=0.8))
    assert found(floored, "low_quality", bad) == [(BLOCK, "0.20")]
    assert found(floored, "low_quality", product()) == []


def test_decisions(known: ListingContext) -> None:  # 9
    given = product("全网最好的香烟 " + "毛巾 " * 5)
    assert check(given, known) == check(given, known)
    assert decided(check(given, known)) is BLOCK
    assert decided(check(product("全网最好的毛巾"), known)) is DEMOTE
    assert decided(check(product(), known)) is decided([]) is None
    kept = listed(given, [Finding("copied", FLAG, "x", "…")])
    assert kept.source() == {**given.source(), "listing": [{"rule": "copied", "decision": "flag", "matched": "x"}]}
    assert listed(given, []) is given
    claimed = product(listing=[{"decision": "demote"}])
    assert "listing" not in listed(claimed, []).source()
