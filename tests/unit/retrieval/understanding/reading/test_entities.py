"""The tagger, over a small mall and the built-in words:

1. Known words of every kind are found with their kind; amounts, counts and models by their pattern.
2. Place decides between readings: 苹果 with a number is the brand, with a weight the fruit; 篮球 before 鞋 is what for.
   What a thing is packed in is the head only where no thing is named.
3. A brand that the mall sells is found without a lexicon, and shown as the mall writes it; a brand it fits is no brand.
4. Unknown words: at the end the product, at the start a brand, foreign ones too; shaped ones by their shape.
5. Pieces that belong together are one: a series of its brand is split, 电工专用 and 999纯金 are not.
6. Words of a question are no products, though titles end with them.
8. The way of the greatest score wins: length^1.3 times confidence.
7. Entities lie inside any text, in order, without overlap, with confidence and weight in [0, 1], always the same.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity
from retrieval.understanding.reading.entities import ACCESSORY_BRAND, PACKED, Tagger
from retrieval.understanding.reading.vocabulary import Vocabulary
from tests.unit.retrieval.understanding.mall import learned, quantities, segmenter, tagger, tags, words

QUERIES = st.text(alphabet="苹果小米华为手机壳红色连衣裙女夏防水500ml27寸 iphone13pro+-.的适用保温杯啊🎁", max_size=40)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("红色真丝连衣裙女夏", ["color", "material", "product", "audience", "season"]),
        ("便携折叠椅露营", ["function", "product", "scene"]),
        ("高级感法式连衣裙", ["noise", "style", "product"]),
        ("500ml保温杯", ["capacity", "product"]),
        ("27寸显示器", ["size", "product"]),
        ("两门冰箱", ["style", "product"]),
        ("六路报警器", ["specification", "product"]),
        ("华为 p40pro", ["brand", "model"]),
    ],
)
def test_kinds(query: str, expected: list[str]) -> None:
    assert [kind for _, kind in tags(query)] == expected


def test_place_decides() -> None:
    assert tags("苹果 13")[0] == ("苹果", "brand")
    assert tags("苹果手机壳")[0] == ("苹果", "brand")
    assert tags("苹果 5斤")[0] == ("苹果", "product")
    assert tags("篮球 鞋") == [("篮球", "scene"), ("鞋", "product")]
    assert tags("篮球") == [("篮球", "product")]


def test_brands_of_the_mall() -> None:
    assert tags("云杉保温杯") == [("云杉", "brand"), ("保温杯", "product")]
    assert tagger().tag("云杉保温杯")[0].value == "云杉（YUNSHAN）"
    fitted = tagger().tag("适用华为 充电器")
    assert [(e.kind, e.source) for e in fitted if e.start == 2] == [(Kind.MODEL, "context")]


def test_words_of_a_question() -> None:
    knowledge = replace(learned(), products={"怎么办": 9, "绘本": 9})
    found = Tagger(knowledge, words(), segmenter(), quantities())
    assert [e.value for e in found.tag("挑食绘本") if e.names_thing] == ["绘本"]
    assert [e.value for e in found.tag("挑食怎么办") if e.names_thing] == []


def test_unknown_words() -> None:
    assert tags("斯威曼 保温杯")[0] == ("斯威曼", "brand")
    assert tags("zorblax保温杯")[0] == ("zorblax", "brand")
    assert tags("防鼠网") == [("防鼠网", "product")]
    assert tags("防鼠 保温杯")[0] == ("防鼠", "function")
    guess = tagger().tag("斯威曼")[0]
    assert (guess.kind, guess.source, guess.confidence < 0.5) == (Kind.PRODUCT, "context", True)


def test_pieces_that_belong_together() -> None:
    assert tags("akko5108s") == [("akko", "brand"), ("5108s", "model")]
    assert tags("iqooz8x 手机壳")[:2] == [("iqoo", "brand"), ("z8x", "model")]
    assert tags("万用表 电工专用")[1] == ("电工专用", "audience")
    assert tags("999纯金耳钉") == [("999纯金", "material"), ("耳钉", "product")]
    assert tags("macbook 保护壳")[0] == ("macbook", "model")


def test_head_weighs_most() -> None:
    entities = {e.value: e.weight for e in tagger().tag("手机 保护壳 高级感")}
    assert entities["保护壳"] == 1.0 > entities["手机"] > entities["高级感"]


@given(QUERIES)
def test_entities_of_any_text(text: str) -> None:
    normalized = " ".join(normalize(text).split())
    entities = tagger().tag(normalized)
    places = [place for e in entities for place in (e.start, e.end)]
    assert places == sorted(places)
    assert all(0 <= e.start < e.end <= len(normalized) for e in entities)
    assert all(0 <= e.confidence <= 1 and 0 <= e.weight <= 1 for e in entities)
    assert tagger().tag(normalized) == entities


def tagged(query: str, knowledge: Knowledge) -> list[Entity]:
    return list(Tagger(knowledge, words(), segmenter(), quantities()).tag(query))


def test_what_a_thing_is_packed_in_is_no_head() -> None:  # 2
    for query in ("保温杯 礼盒", "礼盒 保温杯"):
        weights = {entity.value: entity.weight for entity in tagger().tag(query)}
        assert weights == {"保温杯": 1.0, "礼盒": PACKED}
    assert [entity.weight for entity in tagger().tag("礼盒")] == [1.0]


def test_a_brand_before_an_accessory_is_less_sure() -> None:  # 3
    cup, shell = (tagger().tag(query)[0] for query in ("华为 平板", "华为 手机壳"))
    assert (cup.kind, shell.kind) == (Kind.BRAND, Kind.BRAND)
    assert shell.confidence == pytest.approx(ACCESSORY_BRAND * cup.confidence)
    assert tagger().tag("手机壳 华为")[-1].confidence == cup.confidence


@pytest.mark.parametrize(
    ("query", "brands", "products", "kind"),
    [
        ("桃桃", 9, 4, Kind.BRAND),  # alone it is what the catalogue has more of, a brand counting twice
        ("桃桃", 4, 9, Kind.PRODUCT),
        ("桃桃", 5, 9, Kind.BRAND),
        ("红色 桃桃", 99, 4, Kind.PRODUCT),  # at the end
        ("桃桃 5斤", 99, 4, Kind.PRODUCT),
        ("桃桃 保温杯", 4, 99, Kind.BRAND),
        ("桃桃 p40", 4, 99, Kind.BRAND),
    ],
)
def test_a_brand_that_is_a_product(query: str, brands: int, products: int, kind: Kind) -> None:  # 2
    known = Knowledge(documents=100, brands={"桃桃": brands}, products={"桃桃": products, "保温杯": 9})
    assert next(e.kind for e in tagged(query, known) if e.value == "桃桃") is kind


def test_what_the_catalogue_knows() -> None:  # 3
    known = Knowledge(
        documents=100,
        words={"云杉": 20},
        brands={"云杉": 3, "红色": 50},
        brand_names={"云杉": {"云杉（YUNSHAN）": 3}},
        products={"暖桌": 2, "红色": 9},
        shops={"青禾小店": 1, "青禾": 1},
        attributes={"适用场景": {"庭院暖": 3, "山顶暖": 2, "暖": 9, "12345": 9}, "品名": {"河边暖": 9}},
    )
    found = Vocabulary(known, words())
    asked = ("云杉", "红色", "暖桌", "青禾小店", "青禾", "庭院暖", "山顶暖", "河边暖", "12345")
    readings = {
        text: next((m.readings for m in found.matches(text) if m.end - m.start == len(text)), {}) for text in asked
    }
    kinds = {text: set(known) for text, known in readings.items()}
    assert kinds["云杉"] == {Kind.BRAND}
    assert readings["云杉"][Kind.BRAND].value == "云杉（YUNSHAN）"
    assert readings["云杉"][Kind.BRAND].confidence == pytest.approx(0.6 + 3 * 0.05)
    assert readings["暖桌"][Kind.PRODUCT].confidence == pytest.approx(0.5 + 2 * 0.05)
    assert kinds["红色"] == {Kind.COLOR}  # the lexicon knows it as something else
    assert kinds["青禾小店"] == {Kind.SHOP}
    assert not kinds["青禾"]  # too short for a shop
    assert kinds["庭院暖"] == {Kind.SCENE}
    assert not kinds["山顶暖"] | kinds["河边暖"] | kinds["12345"]  # too rare, of no kind, a number


@pytest.mark.parametrize(("titles", "brands", "is_brand"), [(100, 15, True), (100, 14, False), (20, 3, True)])
def test_an_everyday_word_is_a_brand(titles: int, brands: int, is_brand: bool) -> None:  # 3
    known = Knowledge(documents=1000, words={"晨露": titles}, brands={"晨露": brands})
    (match,) = (*Vocabulary(known, words()).matches("晨露"), None)[:1]
    assert (match is not None) is is_brand


def test_long_words_win() -> None:  # 8
    known = Knowledge(documents=100, products={"云碓": 1, "山云": 6, "山云碓": 1})
    assert [e.value for e in tagged("山云碓", known)] == ["山云碓"]
    # Two words of two characters beat one of three only where they are much surer.
    both = Knowledge(documents=100, products={"山云": 1, "碓簋": 1, "云碓簋": 1})
    assert [e.value for e in tagged("山云碓簋", both)] == ["山云", "碓簋"]
    weak = Knowledge(documents=100, products={"山云": 40, "云碓壶簋": 1})
    assert [e.value for e in tagged("山云碓壶簋", weak)] == ["云碓壶簋"]
