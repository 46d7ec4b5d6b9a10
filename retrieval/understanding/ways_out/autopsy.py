"""Why an answer is empty, and a way out: the zero-result autopsy.

Nothing here searches. What a condition costs is asked of `counts`, at most `MOST_COUNTS` times, and only for an answer
without hits. Withheld products (off the shelf, banned) are in no index; what they are called is known all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from retrieval.types import Filters
from retrieval.understanding.constraints.effects import with_constraints
from retrieval.understanding.kinds import CauseKind, ConstraintKind, CorrectionAction, Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Action, Autopsy, Cause, Constraint, Plan
from retrieval.understanding.ways_out.suggestions import suggestions
from retrieval.understanding.ways_out.withheld import taken_down

MOST_COUNTS = 6
LIKELY = 0.5
"""A category at least as probable is what the query is about."""
FIELD_NAMES = {
    "category": "分类", "brand": "品牌", "shop": "店铺", "labels": "标签", "services": "服务", "quality": "质量分",
    "attributes": "属性",
    "price": "价格", "in_stock": "仅看有货", "without": "不要",
}  # fmt: skip
CHANNEL_NAMES = {"lexical": "字面匹配", "semantic": "语义匹配"}
FEN = 100

Condition = tuple[CauseKind, str, Action]
"""Kind of the cause, text of the cause, and what takes the condition away."""


def autopsy(
    plan: Plan, chosen: Filters, knowledge: Knowledge, counts: Callable[[Filters], int | None], *,
    unknown: Sequence[str] = (), failed: Sequence[str] = (), nearest: tuple[int, float] | None = None,
) -> Autopsy:  # fmt: skip
    """The causes of an empty answer, the most helpful first; never none. The same input gives the same causes.

    Args:
        chosen: filters of the caller.
        counts: hits under other filters, without any constraint of the plan; None when there is no time left.
        unknown: terms of the query that no document has.
        failed: recall channels that did not answer.
        nearest: how many candidates there were, and their best score, where all were below the floor of relevance.
    """
    if not plan.text.terms:
        return Autopsy((_unsaid(plan),), suggestions(plan, knowledge))
    causes = [
        *_spelling(plan),
        *(
            Cause(CauseKind.CHANNEL_FAILED, f"{CHANNEL_NAMES.get(name, name)}这次没有答上来，稍后再试")
            for name in failed
        ),
        *_conditions(plan, chosen, knowledge, counts),
        *_withheld(plan, knowledge),
        *_words(plan, unknown),
        *_category(plan, knowledge),
    ]
    if not causes and nearest and nearest[0]:
        causes.append(Cause(CauseKind.BELOW_FLOOR, "店里没有足够相关的商品"))
    return Autopsy(tuple(causes) or (Cause(CauseKind.NO_MATCH, "没有商品符合这个说法"),), suggestions(plan, knowledge))


def _unsaid(plan: Plan) -> Cause:
    """Nothing is searched: there are no letters, or wishes without a thing (便宜点的), which any goods may meet."""
    if not any(char.isalnum() for char in plan.query):
        return Cause(CauseKind.NO_LETTERS, "这里没有可以搜索的字，换个说法试试")
    return Cause(CauseKind.NO_THING, f"“{plan.query}”的什么？加上想找的东西", action=Action(ignore=("words",)))


def _spelling(plan: Plan) -> Iterator[Cause]:
    correction = plan.correction
    if correction and correction.action is CorrectionAction.SUGGEST:
        text = " ".join([correction.text, *_said(plan)])
        yield Cause(CauseKind.TYPO, f"您是不是要找“{correction.text}”", action=Action(query=text))
    elif correction:
        yield Cause(
            CauseKind.TYPO, f"搜索的是“{correction.text}”，而不是您的原词", action=Action(ignore=("correction",))
        )


def _withheld(plan: Plan, knowledge: Knowledge) -> Iterator[Cause]:
    if taken_down(plan.text, knowledge.withheld):
        yield Cause(CauseKind.TAKEN_DOWN, "店里有过这样的商品，现在已经下架")


def _words(plan: Plan, unknown: Collection[str]) -> Iterator[Cause]:
    if not unknown:
        return
    idle = {plan.query[each.start : each.end] for each in plan.entities if each.kind is Kind.NOISE}
    known = [term.text for term in plan.text.terms if term.text not in unknown and term.text not in idle]
    named = "、".join(f"“{word}”" for word in dict.fromkeys(unknown))
    required = any(term.text in known for term in plan.text.required)
    yield Cause(
        CauseKind.UNKNOWN_WORD,
        f"店里没有商品提到{named}",
        action=Action(query=" ".join([*known, *_said(plan)])) if required else Action(),
    )


def _category(plan: Plan, knowledge: Knowledge) -> Iterator[Cause]:
    """Where shoppers clicked after this query once, and nothing is left today."""
    for guess in plan.categories[:1]:
        if guess.probability >= LIKELY and not _stocked(guess.category, knowledge):
            yield Cause(CauseKind.CATEGORY_EMPTY, f"分类“{guess.category.rsplit('/', 1)[-1]}”下现在没有商品")


def _said(plan: Plan) -> list[str]:
    """The words of the constraints that are not in the searched text."""
    return [plan.query[c.start : c.end] for c in plan.constraints if c.consumed]


def _conditions(
    plan: Plan, chosen: Filters, knowledge: Knowledge, counts: Callable[[Filters], int | None]
) -> Iterator[Cause]:
    _, applied = with_constraints(chosen, plan.constraints)
    conditions = [
        *_of_constraints([c for c in plan.constraints if c.id in applied]),
        *_of_filters(chosen, knowledge),
    ]
    at_most = counts(Filters()) if conditions else 0
    if at_most == 0:  # Then it is the words: no condition is to blame.
        return
    guilty = []
    for kind, text, action in conditions[: MOST_COUNTS - 2]:
        left = _left(plan, chosen, action)
        hits = at_most if left.empty else counts(left)
        if hits != 0:
            guilty.append(Cause(kind, text, hits, action))
    if guilty:
        yield from sorted(guilty, key=lambda cause: -(cause.hits_without or 0))
        return
    yield _together(plan, chosen, conditions, counts, at_most)
    yield from (Cause(kind, text) for kind, text, _ in conditions if kind is CauseKind.CATEGORY_EMPTY)


def _together(
    plan: Plan, chosen: Filters, conditions: Sequence[Condition], counts: Callable[[Filters], int | None],
    at_most: int | None,
) -> Cause:  # fmt: skip
    """Several conditions are to blame: the caller's filters give way first, then also what was said."""
    text = "这些条件合在一起，没有商品都符合"
    filters = Action(drop_filters=tuple(name for _, _, action in conditions for name in action.drop_filters))
    left = _left(plan, chosen, filters)
    if filters.drop_filters and not left.empty and (hits := counts(left)):
        return Cause(CauseKind.CONDITIONS, text, hits, filters)
    said = tuple(c.id for c in plan.constraints if not c.filters.empty)
    return Cause(CauseKind.CONDITIONS, text, at_most, replace(filters, ignore=said))


def _left(plan: Plan, chosen: Filters, action: Action) -> Filters:
    """What would be asked for after `action`; a wish that a filter overrode is in force again without it."""
    kept = [c for c in plan.constraints if c.id not in action.ignore]
    return with_constraints(_without(chosen, action.drop_filters), kept)[0]


def _of_constraints(constraints: Sequence[Constraint]) -> Iterator[Condition]:
    for constraint in constraints:
        kind = CauseKind.STOCK if constraint.kind is ConstraintKind.STOCK else CauseKind.CONSTRAINT
        yield kind, f"“{constraint.label}”没有商品符合", Action(ignore=(constraint.id,))


def _of_filters(chosen: Filters, knowledge: Knowledge) -> Iterator[Condition]:
    for name, values in chosen.keywords.items():
        shown = f"“{FIELD_NAMES[name]}：{'、'.join(value.rsplit('/', 1)[-1] for value in values)}”"
        if name == "category" and not any(_stocked(path, knowledge) for path in values):
            yield CauseKind.CATEGORY_EMPTY, f"{shown}下现在没有商品", Action(drop_filters=(name,))
        else:
            yield CauseKind.FILTER, f"筛选{shown}之后没有商品", Action(drop_filters=(name,))
    if chosen.price != (None, None):
        yield CauseKind.FILTER, f"没有价格在{_price_text(chosen.price)}的商品", Action(drop_filters=("price",))
    if chosen.in_stock:
        yield CauseKind.STOCK, "符合的商品暂时都没有货", Action(drop_filters=("in_stock",))
    if chosen.without:
        words = "、".join(chosen.without)
        yield CauseKind.FILTER, f"去掉带“{words}”的商品之后没有剩下", Action(drop_filters=("without",))


def _stocked(path: str, knowledge: Knowledge) -> bool:
    """Whether a category, or one below it, has products; a leaf that the knowledge cut off counts as empty."""
    return any(leaf == path or leaf.startswith(f"{path}/") for leaf in knowledge.categories)


def _without(filters: Filters, names: Sequence[str]) -> Filters:
    return replace(
        filters,
        keywords={name: values for name, values in filters.keywords.items() if name not in names},
        price=(None, None) if "price" in names else filters.price,
        in_stock=filters.in_stock and "in_stock" not in names,
        without=() if "without" in names else filters.without,
    )


def _price_text(price: tuple[int | None, int | None]) -> str:
    low, high = (None if bound is None else f"¥{bound / FEN:g}" for bound in price)
    if low is None:
        return f" {high} 以内"
    return f" {low} 以上" if high is None else f" {low}–{high} "
