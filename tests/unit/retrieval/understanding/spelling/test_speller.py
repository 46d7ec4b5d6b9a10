"""Spelling of queries, in a small shop where every look stands before every noun:

1. A character of the same sound, of a near one or of a like shape, two swapped ones and a missing one are corrected
   where what stands around them says so; the kind says what was wrong.
2. A query that is right, or that the shop or its shoppers know, is left alone; so is a single character.
3. Homophones never match: a known word is not corrected to another of the same sound, and a query of two characters is
   at most given a suggestion.
4. Brands and words of rule “never” are not looked into; rule “always” replaces, but no query that is a brand.
5. A slip in a Latin word is corrected, model numbers are not; pinyin is no slip.
6. Confidence decides the action, and a missing or extra character never replaces the query.
7. Any text is survived, and the same query always has the same answer.
8. A query of the log that another one, of the same sound, exceeds far is a slip of it: P = r / (r + 15).
9. A character is missed at either end of a known query, too, and one typed twice is taken out.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.analysis.normalize import normalize
from retrieval.understanding.kinds import CorrectionAction, CorrectionKind
from retrieval.understanding.plan import Correction
from retrieval.understanding.spelling.counts import learn_context
from retrieval.understanding.spelling.edits import Edits
from retrieval.understanding.spelling.latin import LatinWords
from retrieval.understanding.spelling.rules import SpellingRules
from retrieval.understanding.spelling.speller import Decision, Speller
from retrieval.understanding.spelling.tables import SpellingTables
from retrieval.understanding.spelling.weights import FEATURES, KINDS
from tests.unit.retrieval.understanding.spelling_shop import BRANDS, NOUNS, frequencies, make_speller, titles

SPELLER = make_speller(queries={"蓝牙降噪耳机": 400, "防水冲锋衣女": 300, "户外冲锋衣": 500})


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("不锈钢保稳杯包邮", "不锈钢保温杯包邮", "pinyin"),
        ("便携式充宝电", "便携式充电宝", "swap"),
        ("家用遥空器包邮", "家用遥控器包邮", "pinyin"),
        ("不锈钢保问杯送礼", "不锈钢保温杯送礼", "pinyin"),
        ("蓝牙将噪耳机", "蓝牙降噪耳机", "pinyin"),
        ("蓝牙隆噪耳机", "蓝牙降噪耳机", "shape"),
        ("蓝降噪耳机", "蓝牙降噪耳机", "missing"),
        ("防水锋衣女", "防水冲锋衣女", "missing"),
    ],
)
def test_corrections(typed: str, meant: str, kind: str) -> None:
    found = SPELLER.correct(typed)
    assert found is not None
    assert (found.text, found.kind) == (meant, kind)
    assert found.action in ("replace", "both")


@pytest.mark.parametrize(
    "query", [*titles()[:40], *NOUNS, "蓝牙降噪耳机", "不锈钢连衣裙", "", " ", "+", "500ml", "z500"]
)
def test_right_queries(query: str) -> None:
    assert SPELLER.correct(" ".join(normalize(query).split())) is None


@pytest.mark.parametrize("query", ["懂", "柳", "杯", "文", "a 杯", "nike 杯"])
def test_a_single_character(query: str) -> None:
    assert SPELLER.correct(query) is None


def test_homophones_never_match() -> None:  # 3
    # All of these sound like another word of the shop; each is right.
    for word, other in (("试验", "实验"), ("实验", "试验"), ("食盐", "试验"), ("软垫", "软店")):
        assert SPELLER.correct(word) is None, other
    # Two characters say too little to be replaced, however sure the other spelling is.
    surest = 0.0
    for typed, meant in (("女实", "女士"), ("女试", "女士"), ("手即", "手机"), ("软电", "软垫"), ("羽衣", "雨衣")):
        found = SPELLER.correct(typed)
        assert found is not None
        assert (found.text, found.action) == (meant, "suggest")
        surest = max(surest, found.confidence)
    assert surest > Decision().replace


def test_brands_and_words_that_are_right() -> None:
    assert make_speller(brands=()).correct("苏珀尔电饭煲") is not None
    assert make_speller(brands=(*BRANDS, "苏珀尔")).correct("苏珀尔电饭煲") is None
    never = make_speller(rules=SpellingRules(never=frozenset({"保稳杯"})))
    assert never.correct("不锈钢保稳杯包邮") is None


def test_rule_always() -> None:
    speller = make_speller(rules=SpellingRules(always={"保稳杯子": "保温杯", "保稳": "保湿"}))
    found = speller.correct("新款保稳杯子保稳")
    assert found is not None
    assert (found.text, found.kind, found.confidence, found.action) == ("新款保温杯保湿", "rule", 1.0, "replace")


@pytest.mark.parametrize("brand", ["保稳", "保稳之家", "yoga"])
def test_a_brand_is_never_corrected_away(brand: str) -> None:  # 4
    rules = SpellingRules(always={"保稳": "保湿", "yoga": "瑜伽"})
    assert make_speller(rules=rules).correct(brand) is not None
    assert make_speller(rules=rules, brands=(*BRANDS, brand)).correct(brand) is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("adiads", "adidas"), ("addidas 鞋子", "adidas 鞋子"), ("iphnoe手机壳", "iphone手机壳")]
)
def test_slips(typed: str, meant: str) -> None:
    found = SPELLER.correct(typed)
    assert found is not None
    assert (found.text, found.kind) == (meant, "keyboard")


@pytest.mark.parametrize("query", ["adiads500", "iphnoe-x", "adidas", "lianyiqun", "zzzzzz"])
def test_no_slips(query: str) -> None:
    assert SPELLER.correct(query) is None


def test_pinyin() -> None:
    assert [found.text for found in SPELLER.expand_latin("baowenbei")] == ["保温杯"]
    assert SPELLER.expand_latin("懂") == ()
    assert SPELLER.expand_latin("保文杯") == ()


@pytest.mark.parametrize(
    ("confidence", "action"),
    [(0.9, "replace"), (0.5, "replace"), (0.49, "both"), (0.2, "both"), (0.1, "suggest"), (0.0, None)],
)
def test_actions(confidence: float, action: str | None) -> None:
    assert Decision(replace=0.5, both=0.2, suggest=0.1).action(confidence) == action


def test_a_missing_character_never_replaces() -> None:
    found = SPELLER.correct("户外冲衣")
    assert found is not None
    assert found.confidence > Decision().replace
    assert found.action == "both"


WRONG = st.lists(
    st.sampled_from(
        ["不锈钢", "保稳杯", "保温杯", "包邮", "遥空器", "蓝牙降噪耳机", "将噪", "adiads", "nike", " ", "懂", "5"]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@given(st.text(alphabet="保温文杯稳降噪耳机女蓝牙adis50 -.😀", max_size=20) | WRONG)
@example("不锈钢保稳杯包邮")
def test_any_text(text: str) -> None:  # 7
    query = " ".join(normalize(text).split())
    found = SPELLER.correct(query)
    assert found == SPELLER.correct(query)
    if found:
        assert found.text != query
        assert Decision().suggest <= found.confidence <= 1
        assert found.action is Decision().action(found.confidence) or found.action in ("both", "suggest")
        assert abs(len(found.text) - len(query)) <= 1
    assert all(other.text != query for other in SPELLER.expand_latin(query))


def test_corrections_in_it() -> None:  # 7
    corrected = 0

    @given(WRONG)
    @settings(max_examples=100, database=None)
    def count(text: str) -> None:
        nonlocal corrected
        corrected += SPELLER.correct(" ".join(normalize(text).split())) is not None

    count()
    assert corrected >= 20


def test_slips_of_the_log() -> None:  # 8
    asked = {"蓝牙降噪耳机": 400, "蓝牙将噪耳机": 40, "蓝牙江噪耳机": 390}
    speller = make_speller(queries=asked)
    times = 400 / 40
    assert speller.correct("蓝牙将噪耳机") == Correction(
        "蓝牙降噪耳机", CorrectionKind.PINYIN, times / (times + 15), CorrectionAction.BOTH
    )
    assert speller.correct("蓝牙江噪耳机") is None  # as often asked: both may be meant
    assert speller.correct("蓝牙降噪耳机") is None


@pytest.mark.parametrize(
    ("typed", "meant", "kind"),
    [
        ("家用遥控气包邮", "家用遥控器包邮", "pinyin"),
        ("新款螺死刀包邮", "新款螺丝刀包邮", "pinyin"),
        ("新款螺是刀包邮", "新款螺丝刀包邮", "near_pinyin"),
        ("儿童冲风衣包邮", "儿童冲锋衣包邮", "pinyin"),
        ("儿童冲分衣包邮", "儿童冲锋衣包邮", "near_pinyin"),
        ("家用诺丝刀包邮", "家用螺丝刀包邮", "near_pinyin"),
        ("大容量保问杯", "大容量保温杯", "pinyin"),
        ("家用遥控控器包邮", "家用遥控器包邮", "extra"),
        ("家家用遥控器包邮", "家用遥控器包邮", "extra"),
        ("新款保温杯杯送礼", "新款保温杯送礼", "extra"),
        ("牙降噪耳机", "蓝牙降噪耳机", "missing"),
        ("蓝牙降噪耳", "蓝牙降噪耳机", "missing"),
        ("外冲锋衣", "户外冲锋衣", "missing"),
        ("户外冲锋", "户外冲锋衣", "missing"),
    ],
)
def test_kinds_of_errors(typed: str, meant: str, kind: str) -> None:  # 1 9
    found = SPELLER.correct(typed)
    assert found is not None
    assert (found.kind, found.text) == (kind, meant)


@pytest.mark.parametrize(("typed", "at_end"), [("牙降噪耳机", 1.0), ("蓝牙降噪耳", 1.0), ("蓝降噪耳机", 0.0)])
def test_a_character_missed_at_an_end_is_told(typed: str, at_end: float) -> None:  # 9
    known = SpellingTables.of({}, {"蓝牙降噪耳机": 400}, {}, learn_context(["蓝牙降噪耳机"] * 400))
    proposals, rows = Edits(known).proposals(typed, lambda: [False] * len(typed))
    missing = [row for (kind, *_), row in zip(proposals, rows, strict=True) if KINDS[kind] is CorrectionKind.MISSING]
    assert [row[FEATURES.index("at_end")] for row in missing] == [at_end]


def test_pinyin_is_no_slip() -> None:  # 5
    words = frequencies() | {"baowenbai": 400}
    tables = SpellingTables.of(words, {}, dict.fromkeys(NOUNS, 9), learn_context(titles()))
    speller = Speller(tables)
    assert speller.correct("baowenbai") is None
    assert LatinWords.of({"baowenbai": 400}).nearest("baowenbei") is not None
    assert speller.correct("baowenbei") is None
    assert speller.expand_latin("baowenbei")[0].text == "保温杯"
