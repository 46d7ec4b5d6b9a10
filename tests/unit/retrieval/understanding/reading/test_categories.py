"""Category prediction:

1. Words that only one category has point to it; its probability grows and the entropy falls with every such word.
2. Probabilities are in [0, 1] and sum to at most 1; with no known word they are those of the catalogue.
3. Without categories there is no guess, and the entropy is 1.
4. Clicks after the very query outweigh its words.
6. All of it is what the formulas give by hand.
7. What is meant is at least half as probable as the likeliest, and counts so many times; all of it is told.
8. Where something is meant, what lies in other departments than all that is likely, by the words beside it, too, is
   elsewhere, where it sells what its name says; not a leaf that both have, nor one that may be of its sort, nor one
   that is a whole path, too, and nothing where a likely category tells no department.
5. Rules: 0 takes a category and all below away, a factor raises it, both only where the query has the words.
"""

from __future__ import annotations

import math

import pytest

from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.categories import CLICK_PRIOR, SMOOTHING, TEMPER, CategoryModel, CategoryPrediction
from retrieval.understanding.reading.category_rules import CategoryRule

KNOWLEDGE = Knowledge(
    categories={"女装/裙": 60, "厨具/杯": 30, "厨具/锅": 10},
    category_words={
        "连衣裙": {"女装/裙": 30},
        "碎花": {"女装/裙": 10},
        "家用": {"厨具/杯": 5, "厨具/锅": 5},
        "保温": {"厨具/杯": 10},
        "新款": {"女装/裙": 3, "厨具/杯": 2, "厨具/锅": 1},
    },
    clicks={"家用": {"厨具/锅": 100}},
)


def best(prediction: CategoryPrediction) -> tuple[str, float]:
    return prediction.guesses[0].category, prediction.guesses[0].probability


def test_words_point_to_their_category() -> None:
    model = CategoryModel(KNOWLEDGE)
    nothing, one, two = (model.predict(words) for words in ([], ["连衣裙"], ["连衣裙", "碎花"]))
    assert best(one)[0] == best(two)[0] == "女装/裙"
    assert 0.6 < best(one)[1] < best(two)[1] <= 1
    assert nothing.entropy > one.entropy > two.entropy >= 0


def test_probabilities() -> None:
    model = CategoryModel(KNOWLEDGE)
    for words in (["连衣裙"], ["家用"], ["家用", "保温", "连衣裙"], ["未知"]):
        guesses = model.predict(words).guesses
        assert sum(guess.probability for guess in guesses) <= 1 + 1e-3
        assert [g.probability for g in guesses] == sorted((g.probability for g in guesses), reverse=True)
    shares = (0.6, 0.3, 0.1)
    entropy = -sum(p * math.log(p) for p in shares) / math.log(3)
    assert model.predict(["未知"]).entropy == pytest.approx(entropy, abs=1e-4)


def test_without_categories() -> None:
    assert CategoryModel(Knowledge()).predict(["连衣裙"]) == CategoryPrediction((), 1.0)


def test_clicks_outweigh_words() -> None:
    model = CategoryModel(KNOWLEDGE)
    assert best(model.predict(["家用"]))[1] < 0.9
    category, probability = best(model.predict(["家用"], "家用"))
    assert category == "厨具/锅"
    assert probability > 0.95


def test_rules() -> None:
    rules = [
        CategoryRule("家用", "厨具/杯", 0.0),
        CategoryRule("保温", "厨具", 0.0),
        CategoryRule("碎花", "厨具/锅", 500.0),
    ]
    model = CategoryModel(KNOWLEDGE, rules)
    assert [g.category for g in model.predict(["家用"], "家用 灯").guesses] == ["厨具/锅"]
    assert model.predict(["家用"], "灯").guesses[0].category == "厨具/杯"
    assert all(not g.category.startswith("厨具") for g in model.predict(["保温"], "保温").guesses)
    assert best(model.predict(["碎花"], "碎花"))[0] == "厨具/锅"
    everything = [CategoryRule("无", "女装", 0.0), CategoryRule("无", "厨具", 0.0)]
    assert CategoryModel(KNOWLEDGE, everything).predict(["连衣裙"], "无") == CategoryPrediction((), 1.0)


def by_hand(words: list[str], clicks: dict[str, int]) -> dict[str, float]:
    """The formulas of the module, category by category."""
    total = sum(KNOWLEDGE.categories.values())
    prior = {category: n / total for category, n in KNOWLEDGE.categories.items()}
    shares = dict(prior)
    for word in words:
        counts = KNOWLEDGE.category_words.get(word, {})
        uses = sum(counts.values())
        for category in prior if counts else ():
            given_word = (counts.get(category, 0) + SMOOTHING * prior[category]) / (uses + SMOOTHING)
            shares[category] *= (given_word / prior[category]) ** TEMPER
    shares = {category: share / sum(shares.values()) for category, share in shares.items()}
    clicked = {category: clicks.get(category, 0) + CLICK_PRIOR * share for category, share in shares.items()}
    return {category: n / sum(clicked.values()) for category, n in clicked.items()}


@pytest.mark.parametrize("query", ["", "家用"])
@pytest.mark.parametrize("words", [[], ["连衣裙"], ["家用"], ["家用", "保温"], ["碎花", "未知"], ["保温", "保温"]])
def test_by_the_formula(words: list[str], query: str) -> None:  # 6
    words = [*words, "新款"]  # every category has this one; those without a word share one remainder, which is rougher
    expected = by_hand(list(dict.fromkeys(words)), dict(KNOWLEDGE.clicks[query]) if query else {})
    found = CategoryModel(KNOWLEDGE).predict(words, query)
    assert {g.category: g.probability for g in found.guesses} == pytest.approx(expected, abs=1e-4)
    entropy = -sum(p * math.log(p) for p in expected.values()) / math.log(3)
    assert found.entropy == pytest.approx(entropy, abs=1e-3)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_rule_multiplies(factor: float) -> None:  # 5
    model = CategoryModel(KNOWLEDGE, [CategoryRule("家用", "厨具/杯", factor)])
    expected = by_hand(["家用", "新款"], {})
    expected["厨具/杯"] *= factor
    found = {guess.category: guess.probability for guess in model.predict(["家用", "新款"], "家用灯").guesses}
    assert found == pytest.approx({name: n / sum(expected.values()) for name, n in expected.items()}, abs=1e-4)


def test_what_is_meant() -> None:  # 7
    model = CategoryModel(KNOWLEDGE)
    expected = by_hand(["连衣裙", "新款"], {})
    expected["厨具/锅"] = 2 * max(expected["女装/裙"] / 2, expected["厨具/锅"])
    found = model.predict(["连衣裙", "新款"], "", {"厨具/锅": 2.0, "没有/的": 9.0})
    shares = {guess.category: guess.probability for guess in found.guesses}
    assert shares == pytest.approx({name: n / sum(expected.values()) for name, n in expected.items()}, abs=1e-4)
    many = {f"家居/{n}": 1 for n in range(9)}
    meant = dict.fromkeys(many, 20.0)
    assert len(CategoryModel(Knowledge(categories=many)).predict([], "", meant).guesses) == 9


DEPARTMENTS = Knowledge(
    categories={
        "女装/羽绒服": 9, "男装/羽绒服": 3, "家居/收纳箱": 9, "母婴/收纳箱": 1, "母婴/奶瓶": 9, "清仓/尾货": 9,
        "家居/羽绒服架": 2, "家居/工作服": 3, "外套": 9, "宠物/外套": 9, "数码": 9,
    },
    category_words={
        "收纳": {"家居/收纳箱": 8, "母婴/收纳箱": 1}, "奶瓶": {"母婴/奶瓶": 9, "清仓/尾货": 1}, "充电": {"数码": 30},
        "服": {"女装/羽绒服": 30}, "尾货": {"女装/羽绒服": 1}, "外套": {"宠物/外套": 9}, "工作服": {"家居/工作服": 3},
        "羽绒服": {"家居/羽绒服架": 2},
    },
)  # fmt: skip


def test_elsewhere() -> None:  # 8
    model, meant = CategoryModel(DEPARTMENTS), {"女装/羽绒服": 1.0, "男装/羽绒服": 1.0}
    everything = {"收纳箱", "奶瓶"}
    assert model.predict(["服"]).elsewhere == frozenset()
    assert model.predict(["服"], "", meant, thing="羽绒服").elsewhere == everything
    assert model.predict(["服"], "", meant).elsewhere == everything | {"羽绒服架"}
    assert model.predict(["服"], "", meant, ["奶瓶", "未知"], "羽绒服").elsewhere == frozenset()  # 母婴 has boxes, too
    assert model.predict(["服"], "", meant, ["未知"], "羽绒服").elsewhere == everything
    assert model.predict(["服"], "", meant, ["充电"], "羽绒服").elsewhere == frozenset()
    assert model.predict(["充电"], "", meant).elsewhere == frozenset()
