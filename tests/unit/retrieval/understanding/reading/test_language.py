"""The language of shoppers:

1. Words that shoppers use more than people do speak for shopping, words of general texts against it; by the formula.
2. A text is as likely as its context says, per symbol; known runs are likelier than the same characters mixed.
3. Without a log that is long enough, and for a text without Han characters, nothing is said.
"""

from __future__ import annotations

import math

import pytest

from retrieval.analysis.segment import general_frequencies
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Language
from retrieval.understanding.reading.language import ENOUGH_SYMBOLS, ENOUGH_WORDS, ShopLanguage
from retrieval.understanding.spelling.context import log_probability
from retrieval.understanding.spelling.counts import learn_context
from tests.unit.retrieval.understanding.mall import segmenter

ASKED = {"连衣裙": 60_000, "红色": 40_000}
KNOWN = Knowledge(asked=ASKED, words={"连衣裙": 5_000})
LANGUAGE = ShopLanguage(KNOWN, segmenter(), None)


def usage(text: str) -> float:
    found = LANGUAGE.judge(text).usage
    assert found is not None
    return found


def test_usage_by_the_formula() -> None:  # 1
    people, shop_sum = general_frequencies(), 100_000 + 0.2 * 5_000 + 100_000
    people_sum = sum(people.values())
    expected = math.log(1 / shop_sum) - math.log((people["天气"] + 5) / people_sum)
    assert usage("天气") == pytest.approx(expected)
    assert usage("天气") < 0 < usage("连衣裙")
    assert usage("连衣裙") == 6.0  # one word says no more
    assert usage("连衣裙天气") == pytest.approx((6.0 + expected) / 2)
    assert usage("连衣裙500ml") == usage("连衣裙")


def test_likelihood_by_the_context() -> None:  # 2
    context = learn_context(["红色连衣裙"] * (ENOUGH_SYMBOLS // 5))
    language = ShopLanguage(Knowledge(), segmenter(), context)
    known, mixed = (language.judge(text).likelihood for text in ("红色连衣裙", "裙红连色衣"))
    assert known == pytest.approx(log_probability(context, "红色连衣裙") / 6)
    assert known is not None
    assert mixed is not None
    assert mixed < -8 < known


def test_nothing_is_said() -> None:  # 3
    assert LANGUAGE.judge("500ml") == Language(None, None)
    few = ShopLanguage(Knowledge(asked={"连衣裙": ENOUGH_WORDS - 1}), segmenter(), learn_context(["红色连衣裙"]))
    assert few.judge("天气") == Language(None, None)


@pytest.mark.parametrize(("word", "asked", "titles"), [("红色", 40, 0), ("红色", 0, 5_000), ("天气", 7, 300)])
def test_titles_count_a_fifth(word: str, asked: int, titles: int) -> None:  # 1
    known = Knowledge(asked={"连衣裙": 100_000, word: asked}, words={word: titles})
    people = general_frequencies()
    shop = (asked + 0.2 * titles + 1) / (100_000 + asked + 0.2 * titles + 100_000)
    expected = math.log(shop) - math.log((people[word] + 5) / sum(people.values()))
    assert ShopLanguage(known, segmenter(), None).judge(word).usage == pytest.approx(expected)
