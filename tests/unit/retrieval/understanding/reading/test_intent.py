"""Intent:

1. Every kind has its example.
2. The parts of the strength sum to it, and it is in [0, 1].
3. Who says more has a stronger intent: 礼物 < 连衣裙 < 红色连衣裙 < a model of a brand with its colour.
4. Scores that are concentrated, and clicks on one category, make it stronger than scattered ones.
5. Each part is w·x / Σ w by the formulas of the module, over the signals that are known.
6. The kind follows from the kinds of pieces: what is named, what is only guessed, and how many attributes.
"""

from __future__ import annotations

import pytest

from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import CategoryGuess, Entity, Intent
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


def entity(kind: Kind, start: int = 0, end: int = 2, source: Source = Source.LEXICON, value: str = "") -> Entity:
    return Entity(kind, value, start, end, 0.9, 0.5, source)


def of_entities(
    *entities: Entity,
    text: str = "某某某某",
    prediction: CategoryPrediction = SURE,
    clicks: dict[str, int] | None = None,
) -> Intent:
    knowledge = Knowledge(clicks={text: clicks} if clicks else {})
    return IntentModel(knowledge, words()).judge(text, entities, prediction)


W = {
    "product": 0.22,
    "brand": 0.14,
    "model": 0.22,
    "attributes": 0.20,
    "length": 0.08,
    "category": 0.14,
    "clicks": 0.20,
}
NOTHING = dict.fromkeys(("product", "brand", "model", "attributes"), 0.0)


@pytest.mark.parametrize(
    ("entities", "signals"),
    [
        ((), NOTHING),
        ((entity(Kind.PRODUCT),), {**NOTHING, "product": 1.0}),
        ((entity(Kind.PRODUCT, source=Source.CONTEXT),), {**NOTHING, "product": 0.5}),
        ((entity(Kind.PRODUCT, source=Source.CONTEXT), entity(Kind.PRODUCT)), {**NOTHING, "product": 1.0}),
        ((entity(Kind.PRODUCT, value="礼物"),), NOTHING),
        ((entity(Kind.BRAND, source=Source.CONTEXT),), {**NOTHING, "brand": 1.0}),
        ((entity(Kind.MODEL),), {**NOTHING, "model": 1.0}),
        ((entity(Kind.MODEL, source=Source.CONTEXT),), NOTHING),
        ((entity(Kind.COLOR),), {**NOTHING, "attributes": 1 / 2}),
        ((entity(Kind.COLOR), entity(Kind.SIZE)), {**NOTHING, "attributes": 3 / 4}),
        ((entity(Kind.AUDIENCE), entity(Kind.SCENE), entity(Kind.OTHER)), {**NOTHING, "attributes": 7 / 8}),
        ((entity(Kind.SHOP), entity(Kind.CATEGORY)), NOTHING),
    ],
)
def test_signals(entities: tuple[Entity, ...], signals: dict[str, float]) -> None:  # 5
    parts = of_entities(*entities).parts
    expected = {**signals, "length": 4 / 12, "category": 1 - SURE.entropy}
    assert sum(W[name] for name in expected) == pytest.approx(1.0)
    assert parts == pytest.approx({name: W[name] * x for name, x in expected.items()})


@pytest.mark.parametrize(
    ("text", "noise", "length"),
    [("某某某", 0, 3 / 12), ("某某 某", 0, 3 / 12), ("送某某某", 1, 3 / 12), ("某" * 12, 0, 1.0), ("某" * 40, 0, 1.0)],
)
def test_length_is_what_is_said(text: str, noise: int, length: float) -> None:  # 5
    entities = [entity(Kind.NOISE, 0, noise)] if noise else []
    assert of_entities(*entities, text=text).parts["length"] == pytest.approx(W["length"] * length)


def test_what_is_not_known_is_left_out() -> None:  # 5
    unknown = of_entities(entity(Kind.PRODUCT), prediction=CategoryPrediction())
    assert unknown.parts["product"] == pytest.approx(0.22 / 0.86)
    assert not {"category", "clicks"} & unknown.parts.keys()
    entropy = Knowledge(clicks={"q": {"a": 5, "b": 5, "c": 1}}).click_entropy("q")
    one = of_entities(entity(Kind.PRODUCT), clicks={"a": 5})
    assert one.parts["clicks"] == pytest.approx(0.20 / 1.2)
    some = of_entities(entity(Kind.PRODUCT), clicks={"a": 5, "b": 5, "c": 1})
    assert entropy is not None
    assert some.parts["clicks"] == pytest.approx(0.20 * (1 - entropy) / 1.2)
    assert some.parts["product"] == pytest.approx(0.22 / 1.2)


@pytest.mark.parametrize("concentration", [0.0, 0.3, 1.0])
def test_concentration(concentration: float) -> None:  # 5
    before = of_entities(entity(Kind.PRODUCT))
    after = concentrated(before, concentration)
    expected = {name: part / 1.1 for name, part in before.parts.items()}
    assert after.parts == pytest.approx({**expected, "concentration": 0.1 * concentration / 1.1})
    assert after.strength == pytest.approx(sum(after.parts.values()))
    assert after.kind is before.kind


B, P, M, C, S = (entity(kind) for kind in (Kind.BRAND, Kind.PRODUCT, Kind.MODEL, Kind.COLOR, Kind.SIZE))
GUESSED = {kind: entity(kind, source=Source.CONTEXT) for kind in (Kind.BRAND, Kind.PRODUCT, Kind.MODEL, Kind.STYLE)}


@pytest.mark.parametrize(
    ("entities", "kind"),
    [
        ((), IntentKind.BROAD),
        ((C, S), IntentKind.BROAD),
        ((P,), IntentKind.CATEGORY),
        ((GUESSED[Kind.PRODUCT],), IntentKind.CATEGORY),
        ((P, GUESSED[Kind.STYLE]), IntentKind.CATEGORY),
        ((P, GUESSED[Kind.BRAND]), IntentKind.CATEGORY),
        ((P, C), IntentKind.ATTRIBUTE),
        ((P, C, S), IntentKind.ATTRIBUTE),
        ((B, P), IntentKind.ATTRIBUTE),
        ((B, P, C), IntentKind.ATTRIBUTE),
        ((B, P, C, S), IntentKind.ITEM),
        ((B, GUESSED[Kind.PRODUCT], C, S), IntentKind.ATTRIBUTE),
        ((B, GUESSED[Kind.PRODUCT]), IntentKind.ATTRIBUTE),
        ((B,), IntentKind.BRAND),
        ((B, C, S), IntentKind.BRAND),
        ((B, M), IntentKind.ITEM),
        ((M, P), IntentKind.ITEM),
        ((M,), IntentKind.ATTRIBUTE),
        ((P, GUESSED[Kind.MODEL]), IntentKind.CATEGORY),
        ((entity(Kind.SHOP), B, P, C, S), IntentKind.SHOP),
    ],
)
def test_kinds_follow_from_pieces(entities: tuple[Entity, ...], kind: IntentKind) -> None:  # 6
    assert of_entities(*entities).kind is kind


@pytest.mark.parametrize(
    ("text", "entities", "kind"),
    [
        ("某某吗", (P,), IntentKind.CONTENT),
        ("某某呢", (P,), IntentKind.CONTENT),
        ("吗某某", (P,), IntentKind.CATEGORY),
        ("某某旗舰店", (), IntentKind.SHOP),
        ("某某旗舰店", (entity(Kind.PRODUCT, 0, 2),), IntentKind.SHOP),
        ("某某旗舰店某某", (entity(Kind.PRODUCT, 5, 7),), IntentKind.CATEGORY),
        ("旗舰店", (), IntentKind.BROAD),
        ("世界杯比分", (), IntentKind.NOT_SHOPPING),
        ("某某世界杯比分", (entity(Kind.PRODUCT, 0, 2),), IntentKind.NOT_SHOPPING),
        ("世界杯比分某某", (entity(Kind.PRODUCT, 5, 7),), IntentKind.CATEGORY),
        ("世界杯比分某某", (entity(Kind.PRODUCT, 5, 7, Source.CONTEXT),), IntentKind.NOT_SHOPPING),
        ("世界杯比分某某", (entity(Kind.COLOR, 5, 7),), IntentKind.NOT_SHOPPING),
        ("某某礼物", (), IntentKind.BROAD),
        ("某某礼物", (entity(Kind.PRODUCT, 0, 2),), IntentKind.CATEGORY),
        ("某某礼物", (entity(Kind.PRODUCT, 0, 2, Source.CONTEXT), C), IntentKind.BROAD),
    ],
)
def test_kinds_follow_from_cues(text: str, entities: tuple[Entity, ...], kind: IntentKind) -> None:  # 6
    intent = of_entities(*entities, text=text)
    assert intent.kind is kind
    if kind is IntentKind.BROAD:
        assert intent.parts["product"] == 0
