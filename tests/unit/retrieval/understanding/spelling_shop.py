"""A small shop for tests of spelling: every combination of a few words, so that what stands beside what is plain."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product

from retrieval.understanding.spelling.counts import ContextLearner, learn_context
from retrieval.understanding.spelling.rules import NO_RULES, SpellingRules
from retrieval.understanding.spelling.speller import Speller
from retrieval.understanding.spelling.tables import SpellingTables

LOOKS = ("不锈钢", "便携式", "大容量", "折叠", "新款", "家用", "加厚", "儿童", "男士", "女士")
NOUNS = (
    "保温杯", "连衣裙", "遥控器", "螺丝刀", "羽毛球拍", "充电宝", "电饭煲", "冲锋衣", "洗衣液", "台灯", "手机壳",
    "女装", "手机", "软垫", "裙裤", "增白皂", "鞋子", "雨衣", "食盐", "试验", "实验",
)  # fmt: skip
LATIN = ("nike", "adidas", "iphone", "haier", "led", "sugar")
BRANDS = ("苏泊尔", "衣恋", "茶颜", "adidas", "iphone")
ENDS = ("包邮", "正品", "送礼", "套装")
TIMES = 3


@cache
def titles() -> tuple[str, ...]:
    """Each look with each noun, each end and each Latin word or brand in turn."""
    words = (*LATIN, *BRANDS)
    rows = list(product(LOOKS, NOUNS, ENDS))
    return tuple(f"{words[i % len(words)]} {look}{noun}{end}" for i, (look, noun, end) in enumerate(rows)) * TIMES


@cache
def frequencies() -> Counter[str]:
    """Words → titles."""
    words = (*LOOKS, *NOUNS, *LATIN, *BRANDS, *ENDS)
    return Counter({word: sum(word in title for title in titles()) for word in words})


def make_speller(
    *, queries: dict[str, int] | None = None, rules: SpellingRules = NO_RULES, brands: tuple[str, ...] = BRANDS
) -> Speller:
    asked = queries or {}
    learner = ContextLearner(learn_context(titles()))
    for query, count in asked.items():
        learner.add(query, count)
    nouns = {noun: frequencies()[noun] for noun in NOUNS}
    return Speller(SpellingTables.of(frequencies(), asked, nouns, learner.finish()), brands, rules)
