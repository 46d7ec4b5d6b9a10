"""Intent:

1. Every kind has its example.
2. The parts of the strength sum to it, and it is in [0, 1].
3. Who says more has a stronger intent: 礼物 < 连衣裙 < 红色连衣裙 < 红色连衣裙 长袖 < a model. A model, or nearly a
   whole title, is nearly all.
4. Scores that are concentrated, and clicks on one category, make it stronger than scattered ones.
5. Each part is its share of Σ w·x, and the strength 1 - e^(-Σ w·x), by the table of the module.
6. The kind follows from the kinds of pieces: what is named, what is only guessed, and how many attributes.
"""

from __future__ import annotations

import math

import pytest

from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import IntentKind, Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import CategoryGuess, Entity, Intent
from retrieval.understanding.reading.categories import CategoryPrediction
from retrieval.understanding.reading.intent import WEIGHTS, IntentModel, concentrated
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
        ("送小学老师什么好", "broad"),
        ("送给岳父什么好", "broad"),
        ("小学老师什么好", "content"),
        ("露营", "broad"),
        ("怎么选空调", "content"),
        ("化妆教程", "content"),
        ("空调横评", "content"),
        ("空调实测", "content"),
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
    assert ("concentration" in intent.parts) == bool(concentration)


def test_more_said_is_stronger() -> None:
    queries = ("礼物", "连衣裙", "红色连衣裙", "红色连衣裙 长袖", "华为mate60pro")
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


W = WEIGHTS


def evidence(intent: Intent) -> dict[str, float]:
    """Signal → w·x: what its part is the share of."""
    total = -math.log(1 - intent.strength)
    return {name: total * part / intent.strength for name, part in intent.parts.items()}


MODEL = entity(Kind.MODEL, source=Source.PATTERN)


@pytest.mark.parametrize(
    ("text", "entities", "signals"),
    [
        ("某某", (), {}),
        ("某某", (entity(Kind.PRODUCT),), {"product": 1.0}),
        ("某某", (entity(Kind.PRODUCT, source=Source.CONTEXT),), {"product": 0.15}),
        ("某某", (entity(Kind.PRODUCT, source=Source.CONTEXT), entity(Kind.PRODUCT)), {"product": 1.0}),
        ("某某", (entity(Kind.PRODUCT, value="礼物"),), {}),
        ("某某", (entity(Kind.BRAND, source=Source.CONTEXT),), {"brand": 1.0}),
        ("x9", (MODEL,), {"model": 1.0}),
        ("x9", (entity(Kind.MODEL, source=Source.CONTEXT),), {}),
        ("mate", (entity(Kind.MODEL, 0, 4),), {"series": 1.0}),
        ("8720", (entity(Kind.SPECIFICATION, 0, 4, Source.PATTERN),), {"model": 1.0}),
        ("870", (entity(Kind.SPECIFICATION, 0, 3, Source.PATTERN),), {"wishes": 1.0}),
        ("42码", (entity(Kind.SPECIFICATION, 0, 3, Source.PATTERN),), {"wishes": 1.0}),
        ("q2", (entity(Kind.BRAND, 0, 2, Source.PATTERN),), {"model": 1.0}),
        ("q2", (entity(Kind.BRAND, 0, 2, Source.CATALOGUE),), {"brand": 1.0}),
        ("某某", (entity(Kind.COLOR),), {"wishes": 1.0}),
        ("某某", (entity(Kind.PRODUCT), entity(Kind.COLOR)), {"product": 1.0, "attributes": 1.0}),
        ("某某", (entity(Kind.PRODUCT), entity(Kind.COLOR), entity(Kind.STYLE, source=Source.CONTEXT)),
         {"product": 1.0, "attributes": 1.5}),
        ("某某", (entity(Kind.SHOP), entity(Kind.CATEGORY)), {}),
    ],
)  # fmt: skip
def test_signals(text: str, entities: tuple[Entity, ...], signals: dict[str, float]) -> None:  # 5
    intent = of_entities(*entities, text=text)
    expected = {name: W[name] * x for name, x in {**signals, "category": 1 - SURE.entropy}.items()}
    assert intent.strength == pytest.approx(1 - math.exp(-sum(expected.values())))
    assert evidence(intent) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "noise", "length"),
    [("某" * 6, 0, 0.0), ("某" * 8, 0, 0.2), ("某某 " * 4, 0, 0.2), ("送" + "某" * 8, 1, 0.2), ("某" * 26, 0, 2.0),
     ("a" * 16, 0, 0.2)],
)  # fmt: skip
def test_length_is_what_is_said(text: str, noise: int, length: float) -> None:  # 5
    entities = [entity(Kind.NOISE, 0, noise)] if noise else []
    assert evidence(of_entities(*entities, text=text)).get("length", 0.0) == pytest.approx(W["length"] * length)


def test_what_is_not_known_says_nothing() -> None:  # 5
    unknown = of_entities(entity(Kind.PRODUCT), prediction=CategoryPrediction())
    assert unknown.parts.keys() == {"product"}
    entropy = Knowledge(clicks={"q": {"a": 5, "b": 5, "c": 1}}).click_entropy("q")
    assert entropy is not None
    some = evidence(of_entities(entity(Kind.PRODUCT), clicks={"a": 5, "b": 5, "c": 1}))
    assert some["clicks"] == pytest.approx(W["clicks"] * (1 - entropy))
    assert evidence(of_entities(entity(Kind.PRODUCT), clicks={"a": 5}))["clicks"] == pytest.approx(W["clicks"])


@pytest.mark.parametrize("concentration", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("entities", [(), (entity(Kind.PRODUCT),)])
def test_concentration(entities: tuple[Entity, ...], concentration: float) -> None:  # 5
    before = of_entities(*entities, prediction=CategoryPrediction())
    after = concentrated(before, concentration)
    said = sum(W["product"] for _ in entities) + W["concentration"] * concentration
    assert after.strength == pytest.approx(1 - math.exp(-said))
    assert after.strength == pytest.approx(sum(after.parts.values()))
    assert after.kind is before.kind


@pytest.mark.parametrize("query", ["wh-1000xm4", "kfrd-36/nw/61dba22", "得力3765", "小米14", "350720-1", "ps5"])
def test_a_model_is_nearly_all(query: str) -> None:  # 3
    assert judged(query).strength >= 0.9


def test_a_title_is_nearly_all() -> None:  # 3
    assert judged("花田法式红色碎花连衣裙女夏季收腰显瘦长裙子气质").strength >= 0.9


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
        assert "product" not in intent.parts
