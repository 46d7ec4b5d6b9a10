"""Why an answer is empty:

1. A query without letters says so, and something can still be looked for.
2. The condition that leaves nothing is named, with the hits that there are without it and what takes it away.
3. Where only several together leave nothing, the caller's filters give way before what was said.
4. Where the words find nothing either, no condition is blamed.
5. Words that no document has are named, and the query without them and without idle words is offered with its wishes.
6. An offered spelling is a way out, and so is the typed one where another was searched.
7. A category without products, channels that failed and the floor are named.
8. At most `MOST_COUNTS` questions are asked, and none is answered where there is no time.
9. A take-down is told from a word that nobody sold: where one withheld title has all required words.
10. There is always a cause, and each kind is a `CauseKind`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from configs.settings import LEXICON
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import load_lexicon
from retrieval.types import Filters
from retrieval.understanding.kinds import CauseKind, ConstraintKind, CorrectionAction, CorrectionKind, Kind, Source
from retrieval.understanding.plan import Action, Autopsy, CategoryGuess, Constraint, Correction, Entity, Plan
from retrieval.understanding.ways_out.autopsy import MOST_COUNTS, autopsy
from tests.unit.retrieval.understanding import mall

ANALYZER = Analyzer(mall.segmenter(), load_lexicon(LEXICON))
KNOWLEDGE = mall.learned()
POST = Constraint("service:0-2", ConstraintKind.SERVICE, "包邮", 0, 2, Filters({"services": ("包邮",)}))
CHEAP = Constraint("price:3-8", ConstraintKind.PRICE, "¥50 以内", 3, 8, Filters(price=(None, 5_000)))

Counts = Callable[[Filters], int | None]


def plan(
    query: str, *constraints: Constraint, searched: str | None = None, correction: Correction | None = None
) -> Plan:
    return Plan(query, ANALYZER.query(searched or query), constraints=constraints, correction=correction)


def nothing(_: Filters) -> int:
    return 0


def fits(**needed: int) -> Counts:
    """Hits by which of the named conditions is absent: the number stands for it; all of them absent gives the sum."""

    def counts(filters: Filters) -> int:
        there = {
            **{name: name in filters.keywords for name in ("brand", "category", "services")},
            "price": filters.price != (None, None), "in_stock": filters.in_stock, "without": bool(filters.without),
        }  # fmt: skip
        in_the_way = [name for name in needed if there[name]]
        return sum(needed.values()) if not in_the_way else 0

    return counts


def opened(query: Plan, chosen: Filters = Filters(), counts: Counts = nothing, **given: object) -> Autopsy:  # noqa: B008
    found = autopsy(query, chosen, KNOWLEDGE, counts, **given)  # type: ignore[arg-type]
    assert found.causes
    assert {cause.kind for cause in found.causes} <= set(CauseKind)  # 10
    return found


def test_no_letters() -> None:  # 1
    found = opened(plan("！！"))
    assert [cause.kind for cause in found.causes] == ["no_letters"]
    assert "保温杯" in found.suggestions


@pytest.mark.parametrize(
    ("chosen", "needed", "kind", "action"),
    [
        (Filters({"brand": ("没有",), "services": ("包邮",)}), {"brand": 7}, "filter", Action((), ("brand",))),
        (Filters({"brand": ("云杉",)}, price=(1, 2)), {"price": 7}, "filter", Action((), ("price",))),
        (Filters({"brand": ("云杉",)}, in_stock=True), {"in_stock": 7}, "stock", Action((), ("in_stock",))),
        (Filters({"brand": ("云杉",)}, without=("红",)), {"without": 7}, "filter", Action((), ("without",))),
        (Filters({"category": ("厨具/桌子",)}), {"category": 7}, "category_empty", Action((), ("category",))),
        (Filters({"category": ("厨具",)}), {"category": 7}, "filter", Action((), ("category",))),
    ],
)
def test_the_condition_is_named(chosen: Filters, needed: dict[str, int], kind: str, action: Action) -> None:  # 2
    [cause] = opened(plan("保温杯"), chosen, fits(**needed)).causes
    assert (cause.kind, cause.hits_without, cause.action) == (kind, 7, action)


def test_a_wish_is_named() -> None:  # 2
    asked = plan("包邮 50元以内 保温杯", POST, CHEAP, searched="保温杯")
    [cause] = opened(asked, counts=fits(services=7)).causes
    assert (cause.kind, cause.hits_without, cause.action) == ("constraint", 7, Action((POST.id,)))
    assert "包邮" in cause.text


def test_a_wish_that_a_filter_overrides_comes_back_without_it() -> None:  # 2
    asked = plan("包邮 50元以内 保温杯", CHEAP, searched="保温杯")
    seen: list[Filters] = []

    def counts(filters: Filters) -> int:
        seen.append(filters)
        return 0 if filters.price == (9_000, None) else 3

    [cause] = opened(asked, Filters(price=(9_000, None)), counts).causes
    assert (cause.action, seen[-1].price) == (Action((), ("price",)), (None, 5_000))


def test_filters_give_way_before_wishes() -> None:  # 3
    asked = plan("包邮 50元以内 保温杯", POST, searched="保温杯")
    chosen = Filters({"brand": ("没有",)}, in_stock=True)
    [cause] = opened(asked, chosen, fits(brand=3, in_stock=4)).causes
    assert (cause.kind, cause.hits_without) == ("conditions", 7)
    assert cause.action == Action((), ("brand", "in_stock"))
    [cause] = opened(asked, chosen, fits(brand=3, in_stock=4, services=5)).causes
    assert (cause.hits_without, cause.action) == (12, Action((POST.id,), ("brand", "in_stock")))


def test_the_words_find_nothing() -> None:  # 4
    found = opened(plan("宇宙飞船"), Filters({"brand": ("云杉",)}, in_stock=True))
    assert [cause.kind for cause in found.causes] == ["no_match"]


def test_unknown_words() -> None:  # 5
    asked = plan("asdf保温杯 包邮", replace(POST, start=8, end=10), searched="asdf保温杯")
    cause = opened(asked, unknown=("asdf",)).causes[-1]
    assert (cause.kind, cause.action.query) == ("unknown_word", "保温杯 包邮")
    assert "asdf" in cause.text
    [cause] = opened(plan("asdf"), unknown=("asdf",)).causes
    assert cause.action == Action()
    idle = [Entity(Kind.NOISE, word, at, at + 1, 0.9, 0.05, Source.LEXICON) for at, word in ((0, "送"), (5, "的"))]
    [cause] = opened(replace(plan("送asdf的保温杯"), entities=tuple(idle)), unknown=("asdf",)).causes
    assert cause.action.query == "保温杯"


def test_spelling() -> None:  # 6
    offered = plan("保文杯", correction=Correction("保温杯", CorrectionKind.PINYIN, 0.6, CorrectionAction.SUGGEST))
    assert opened(offered).causes[0].action == Action(query="保温杯")
    replaced = plan(
        "保文杯",
        searched="保温杯",
        correction=Correction("保温杯", CorrectionKind.PINYIN, 0.9, CorrectionAction.REPLACE),
    )
    assert opened(replaced).causes[0].action == Action(ignore=("correction",))


def test_categories_channels_and_floor() -> None:  # 7
    gone = replace(plan("圆桌"), categories=(CategoryGuess("家具/桌子", 0.9),))
    assert [cause.kind for cause in opened(gone).causes] == ["category_empty"]
    here = replace(plan("杯"), categories=(CategoryGuess("厨具/杯子", 0.9),))
    found = opened(here, failed=("semantic",), nearest=(10, 0.1))
    assert [cause.kind for cause in found.causes] == ["channel_failed"]
    assert [cause.kind for cause in opened(here, nearest=(10, 0.1)).causes] == ["below_floor"]
    assert [cause.kind for cause in opened(here, nearest=(0, 0.0)).causes] == ["no_match"]


def test_few_questions() -> None:  # 8
    asked: list[Filters] = []
    names = ("brand", "category", "shop", "labels", "services", "attributes")
    chosen = Filters(dict.fromkeys(names, ("x=y",)), (1, 2), in_stock=True, without=("红",))

    def counts(filters: Filters) -> int:
        asked.append(filters)
        return 5 if filters.empty else 0

    found = opened(plan("包邮 50元以内 保温杯", POST, CHEAP, searched="保温杯"), chosen, counts)
    assert found.causes[0].kind == "conditions"
    assert 2 <= len(asked) <= MOST_COUNTS


def test_no_time() -> None:  # 8
    found = opened(plan("保温杯"), Filters({"brand": ("云杉",)}, in_stock=True), lambda _: None)
    assert [(cause.kind, cause.hits_without) for cause in found.causes] == [("filter", None), ("stock", None)]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("轻便折叠伞", ["taken_down", "unknown_word"]),
        ("折叠伞 黑胶", ["unknown_word"]),  # each word is in a title, no title has both
        ("自行车", ["unknown_word"]),
    ],
)
def test_a_take_down(query: str, kinds: list[str]) -> None:  # 9
    known = replace(KNOWLEDGE, withheld={"轻便 三折折叠伞 便携": 9, "黑胶 晴雨伞": 1})
    asked = plan(query)
    words = [term.text for term in asked.text.required]
    assert [cause.kind for cause in autopsy(asked, Filters(), known, nothing, unknown=words).causes] == kinds


def test_what_helps_most_comes_first() -> None:  # 2
    asked = plan("包邮 50元以内 保温杯", POST, CHEAP, searched="保温杯")
    for hits in ({"services": 3, "price": 8}, {"services": 8, "price": 3}):

        def counts(filters: Filters, hits: dict[str, int] = hits) -> int:
            free = hits["services"] * ("services" not in filters.keywords)
            return free + hits["price"] * (filters.price == (None, None))

        found = opened(asked, counts=counts)
        assert [cause.hits_without for cause in found.causes] == [8, 3]


@pytest.mark.parametrize(("probability", "named"), [(0.5, True), (0.49, False)])
def test_an_empty_category_is_likely_meant(probability: float, named: bool) -> None:  # 5
    guess = (CategoryGuess("家具/桌子", probability),)
    found = opened(replace(plan("自行车"), categories=guess))
    assert ("category_empty" in [cause.kind for cause in found.causes]) is named


def test_stop_words_need_not_be_in_a_title_taken_down() -> None:  # 9
    known = replace(KNOWLEDGE, withheld={"轻便 三折折叠伞": 9})
    asked = plan("的 折叠伞")
    assert [term.text for term in asked.text.terms] != [term.text for term in asked.text.required]
    assert autopsy(asked, Filters(), known, nothing).causes[0].kind is CauseKind.TAKEN_DOWN
