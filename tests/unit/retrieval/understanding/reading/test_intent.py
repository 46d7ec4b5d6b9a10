"""Intent:

1. Every kind has its example.
2. The parts of the strength sum to it, and it is in [0, 1].
3. Who says more has a stronger intent: 礼物 < 连衣裙 < 红色连衣裙 < a model of a brand with its colour.
4. Scores that are concentrated, and clicks on one category, make it stronger than scattered ones.
"""

from __future__ import annotations

import pytest

from retrieval.analysis.normalize import normalize
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import CategoryGuess, Intent
from retrieval.understanding.reading.categories import CategoryPrediction
from retrieval.understanding.reading.intent import IntentModel, concentrated
from tests.unit.retrieval.understanding.mall import tagger, words

SURE = CategoryPrediction((CategoryGuess("厨具/杯子", 0.9),), 0.1)


def judged(
    query: str,
    prediction: CategoryPrediction = CategoryPrediction(),  # noqa: B008 — frozen
    concentration: float | None = None,
    knowledge: Knowledge | None = None,
) -> Intent:
    text = " ".join(normalize(query).split())
    model = IntentModel(knowledge or Knowledge(), words())
    intent = model.judge(text, tagger().tag(text), prediction)
    return intent if concentration is None else concentrated(intent, concentration)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("华为mate60pro", "item"),
        ("小米14", "item"),
        ("耐克", "brand"),
        ("连衣裙", "category"),
        ("红色连衣裙", "attribute"),
        ("礼物", "broad"),
        ("送女朋友的生日礼物", "broad"),
        ("送老师的保温杯", "attribute"),
        ("露营", "broad"),
        ("怎么选空调", "content"),
        ("化妆教程", "content"),
        ("奶粉哪个牌子好", "content"),
        ("耐克旗舰店", "shop"),
        ("耐克旗舰店 跑步鞋", "attribute"),
        ("周星驰喜剧片国语版", "not_shopping"),
        ("明天天气", "not_shopping"),
        ("世界杯比分", "not_shopping"),
        ("世界杯比分 保温杯", "category"),
        ("送妈妈什么礼物好", "broad"),
        ("", "broad"),
    ],
)
def test_kinds(query: str, kind: str) -> None:
    assert judged(query).kind == kind


@pytest.mark.parametrize("query", ["", "礼物", "红色连衣裙", "华为mate60pro 手机壳 透明 防摔 女 夏", "怎么选空调"])
@pytest.mark.parametrize("concentration", [None, 0.0, 1.0])
def test_parts_sum_to_the_strength(query: str, concentration: float | None) -> None:
    intent = judged(query, SURE, concentration)
    assert sum(intent.parts.values()) == pytest.approx(intent.strength)
    assert 0 <= intent.strength <= 1
    assert ("concentration" in intent.parts) == (concentration is not None)


def test_more_said_is_stronger() -> None:
    queries = ("礼物", "连衣裙", "红色连衣裙", "华为mate60pro 手机壳 透明")
    strengths = [judged(query).strength for query in queries]
    assert strengths == sorted(set(strengths))


def test_answers_and_clicks_make_it_stronger() -> None:
    assert judged("保温杯", concentration=1.0).strength > judged("保温杯", concentration=0.0).strength
    one = Knowledge(clicks={"保温杯": {"a": 9}})
    many = Knowledge(clicks={"保温杯": {"a": 3, "b": 3, "c": 3}})
    assert judged("保温杯", knowledge=one).strength > judged("保温杯", knowledge=many).strength
