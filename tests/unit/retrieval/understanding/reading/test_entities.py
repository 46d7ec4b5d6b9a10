"""The tagger, over a small mall and the built-in words:

1. Known words of every kind are found with their kind; amounts, counts and models by their pattern.
2. Place decides between readings: 苹果 with a number is the brand, with a weight the fruit; 篮球 before 鞋 is what for.
3. A brand that the mall sells is found without a lexicon, and shown as the mall writes it; a brand it fits is no brand.
4. Unknown words: at the end the product, at the start a brand, foreign ones too; shaped ones by their shape.
5. Pieces that belong together are one: a series of its brand is split, 电工专用 and 999纯金 are not.
6. Words of a question are no products, though titles end with them.
7. Entities lie inside any text, in order, without overlap, with confidence and weight in [0, 1], always the same.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entities import Tagger
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
