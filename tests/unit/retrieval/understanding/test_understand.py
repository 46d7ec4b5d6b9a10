"""The plan of a query:

1. Constraints, entities, weights, categories and intent of one sentence, and what is left to search.
2. A constraint whose id is ignored is no condition any more and is shown as ignored; its words are still not searched.
3. A query that is nothing but a wish that any goods may meet searches nothing, unless the caller means its words; one
   that titles answer in words of their own (无糖, 年货) is answered by these.
4. An amount becomes the tokens of the amounts that the catalogue has; a range without any matches nothing.
5. A sure correction replaces, a likely one joins what was typed, an offer changes nothing, an ignored one is not asked.
6. Whatever text comes, there is a plan, and every span lies in the query.
7. Weights stand in the order of the plan, so that every process writes the same answer.
8. What answers a wish is preferred and not required, and costs as much as an attribute to lack.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from configs.settings import LEXICON, RULES
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import load_lexicon
from retrieval.understanding.constraints.constraint_rules import load_constraint_rules
from retrieval.understanding.constraints.constraints import ConstraintReader
from retrieval.understanding.kinds import CorrectionAction, CorrectionKind, Kind
from retrieval.understanding.plan import Correction
from retrieval.understanding.reading.categories import CategoryModel
from retrieval.understanding.reading.expansion_rules import FILE, load_expansions
from retrieval.understanding.reading.expansions import ANSWER_WEIGHT, Expansions
from retrieval.understanding.reading.intent import IntentModel
from retrieval.understanding.reading.language import ShopLanguage
from retrieval.understanding.reading.rewrites import Rewrites
from retrieval.understanding.understand import BOOST_WEIGHT, CORRECTION, NONE_SUCH, WISH, WORDS, Spelling, Understander
from tests.unit.retrieval.understanding import mall

ROWS = load_expansions(RULES / FILE)
ANALYZER = Analyzer(mall.segmenter(), load_lexicon(LEXICON))


@dataclass
class OneError:
    """Knows one misspelling."""

    action: CorrectionAction
    asked: int = 0

    def expand_latin(self, normalized: str) -> tuple[Correction, ...]:
        return ()

    def correct(self, normalized: str) -> Correction | None:
        self.asked += 1
        return Correction("保温杯", CorrectionKind.PINYIN, 0.9, self.action) if normalized == "保文杯" else None


def understander(speller: Spelling | None = None) -> Understander:
    knowledge = mall.learned()
    units = load_lexicon(LEXICON).units
    return Understander(
        ANALYZER, knowledge, ConstraintReader(load_constraint_rules(RULES), units, (), ROWS), speller, mall.tagger(),
        CategoryModel(knowledge), IntentModel(knowledge, mall.words()),
        ShopLanguage(knowledge, mall.segmenter(), None), Rewrites(), Expansions(ROWS, ANALYZER, knowledge),
    )  # fmt: skip


PLAIN = understander()


def test_a_sentence() -> None:  # 1
    plan = PLAIN.plan("送妈妈的保温杯 １００元以内")
    assert (plan.query, plan.text.normalized) == ("送妈妈的保温杯 100元以内", "送妈妈的保温杯")
    assert [(c.id, c.filters.price) for c in plan.constraints] == [("price:8-14", (None, 10_000))]
    assert {(e.kind, e.value) for e in plan.entities} >= {(Kind.PRODUCT, "保温杯"), (Kind.AUDIENCE, "妈妈")}
    assert max(plan.term_weights, key=lambda term: plan.term_weights[term]) == "保温杯"
    assert plan.categories[0].category == "厨具/杯子"
    assert plan.intent is not None
    assert sum(plan.intent.parts.values()) == pytest.approx(plan.intent.strength)


def test_ignoring() -> None:  # 2
    plan = PLAIN.plan("保温杯 100元以内", ["price:4-10"])
    assert (plan.constraints, [c.id for c in plan.ignored]) == ((), ["price:4-10"])
    assert plan.text.normalized == "保温杯"


def test_only_a_wish() -> None:  # 3
    for query in ("100元以内", "便宜点的", "好看的", "双十一", "打折", "包邮", "性价比高的"):
        plan = PLAIN.plan(query)
        assert (plan.text.terms, plan.text.weights) == ((), {})
        assert PLAIN.plan(query, [WORDS]).text == ANALYZER.query(query)
    (term,) = PLAIN.plan("无糖").text.terms
    assert {("0糖",), ("无蔗", "蔗糖")} <= set(term.alternatives)
    assert not {"糖", "无"} & PLAIN.plan("无糖").text.weights.keys()
    assert PLAIN.plan("年货").text.terms[0].text == "年货"
    assert PLAIN.plan("便宜的无糖").text.terms == (term,)


def test_wishes_that_titles_answer() -> None:  # 8
    plan = PLAIN.plan("不辣的炒锅")
    assert (plan.text.normalized, [t.text for t in plan.text.terms]) == ("炒锅", ["炒锅"])
    (wish,) = plan.text.wishes
    assert {("原味",), ("清淡",)} <= set(wish.alternatives)
    assert plan.term_weights == {"炒锅": 1.0, wish.text: WISH}
    assert plan.text.weights["原味"] == ANSWER_WEIGHT
    assert "辣" in plan.constraints[0].filters.without
    assert PLAIN.plan("不辣的炒锅", [plan.constraints[0].id]).text.wishes == ()


def test_amounts() -> None:  # 4
    (constraint,) = PLAIN.plan("600ml以上的保温杯").constraints
    assert constraint.filters.having == (("=ml:1000", "=ml:4000"),)
    (constraint,) = PLAIN.plan("90升以上的保温杯").constraints
    assert constraint.filters.having == ((NONE_SUCH,),)


@pytest.mark.parametrize(
    ("action", "searched", "typed_scores"),
    [
        (CorrectionAction.REPLACE, "保温杯", False),
        (CorrectionAction.BOTH, "保温杯", True),
        (CorrectionAction.SUGGEST, "保文杯", True),
    ],
)
def test_corrections(action: CorrectionAction, searched: str, typed_scores: bool) -> None:  # 5
    speller = OneError(action)
    plan = understander(speller).plan("保文杯")
    assert plan.correction == Correction("保温杯", CorrectionKind.PINYIN, 0.9, action)
    assert plan.text.normalized == searched
    assert ("文" in plan.text.weights) is typed_scores
    satisfied_by_typed = any("文杯" in way for term in plan.text.required for way in term.alternatives)
    assert satisfied_by_typed is typed_scores
    assert understander(speller).plan("保文杯", [CORRECTION]).text.normalized == "保文杯"
    assert speller.asked == 1


SAID = st.lists(
    st.sampled_from(
        ["100元以内", "不要塑料", "包邮", "600ml以上", "保温杯", "送妈妈的", "红色", " ", "云杉", "最便宜"]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@given(st.text(max_size=60) | SAID)
@example("送妈妈的红色云杉保温杯 100元以内 包邮 不要塑料")
@settings(max_examples=200, deadline=None)
def test_anything(text: str) -> None:  # 6
    plan = PLAIN.plan(text)
    consumed = [at for c in plan.constraints if c.consumed for at in range(c.start, c.end)]
    assert not any(e.start <= at < e.end for e in plan.entities for at in consumed)
    assert not set(plan.term_kinds) - set(plan.term_weights)
    assert max(plan.term_weights.values(), default=1.0) == 1.0
    for constraint in plan.constraints:
        ignoring = PLAIN.plan(text, [constraint.id])
        assert [c.id for c in ignoring.ignored] == [constraint.id]
    spans = [(c.start, c.end) for c in plan.constraints] + [(e.start, e.end) for e in plan.entities]
    assert all(0 <= start < end <= len(plan.query) for start, end in spans)
    searched = {term.text for term in (*plan.text.terms, *plan.text.wishes)}
    others = {term.text for text in (*plan.beside, *plan.instances.values()) for term in text.terms}
    assert searched <= set(plan.term_weights) <= searched | others


def test_weights_have_an_order() -> None:  # 7
    plan = PLAIN.plan("厨具")
    things = [term.text for each in plan.instances.values() for term in each.terms]
    assert len(things) > 1
    assert list(plan.term_weights) == [*things, "厨具"]


def test_what_is_searched_beside_scores_by_its_confidence() -> None:  # 5
    plan = understander(OneError(CorrectionAction.BOTH)).plan("保文杯")
    typed, meant = (ANALYZER.query(text).weights for text in ("保文杯", "保温杯"))
    expected = {token: 0.9 * weight for token, weight in meant.items()}
    assert plan.text.weights == {**expected, **{token: max(w, expected.get(token, 0)) for token, w in typed.items()}}
    assert 0.9 in plan.text.weights.values()


def test_a_boost_adds_words_and_weakens_none() -> None:  # 1
    plan, plain = PLAIN.plan("新品口红"), ANALYZER.query("新品口红").weights
    (liking,) = plan.constraints
    added = {token for word in liking.boosts for token in ANALYZER.query(word).weights} - plain.keys()
    assert added
    assert plan.text.weights == {**dict.fromkeys(added, BOOST_WEIGHT), **plain}
    assert PLAIN.plan("新款新品口红").text.weights["新款"] == plain.get("新款", 1.0)
