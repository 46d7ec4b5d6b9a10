"""How a query was understood, as JSON.

1. Every decision is there with the words it came from, and the shape is the one that is described.
2. A constraint is applied, relaxed, overridden or ignored, and tells what it does in the form of a request.
3. What was not decided is null; a query that is not understood at all has no `understood`.
4. An empty answer tells its causes, each with what to change in the request.
"""

from __future__ import annotations

from typing import Any, get_args

from api.answer_schema import SearchAnswer
from api.understood import understood_answer
from api.understood_schema import ActionAnswer, CauseAnswer, UnderstoodAnswer
from retrieval.analysis.analyzer import QueryText
from retrieval.schema import PRODUCT
from retrieval.types import Filters, Sort
from retrieval.understanding.kinds import (
    CauseKind,
    ConstraintKind,
    CorrectionAction,
    CorrectionKind,
    IntentKind,
    Kind,
    Source,
)
from retrieval.understanding.plan import (
    Action,
    Autopsy,
    CategoryGuess,
    Cause,
    Constraint,
    Correction,
    Entity,
    Intent,
    Plan,
    Rewriting,
    Understood,
)
from tests.unit.api.tiny_engine import TinyEngine, serving

PRICE = Constraint("price:3-8", ConstraintKind.PRICE, "¥50 以内", 3, 8, Filters(price=(None, 5_000)))
POST = Constraint("service:8-10", ConstraintKind.SERVICE, "包邮", 8, 10, Filters({"services": ("包邮", "免邮")}))
BIG = Constraint(
    "amount:10-17",
    ConstraintKind.AMOUNT,
    "500 ml 以上",
    10,
    17,
    Filters(having=(("=ml:500", "=ml:750"),)),
    ("ml", 500.0, None),
)
CHEAPEST = Constraint("sort:17-20", ConstraintKind.SORT, "价格从低到高", 17, 20, sort=Sort.PRICE_ASC)
HOME = Constraint("origin:20-22", ConstraintKind.ORIGIN, "国货", 20, 22, boosts=("国货", "国产"), consumed=False)
PLAN = Plan(
    query="保文杯50元以内包邮500ml以上最便宜国货",
    text=QueryText("", "保温杯国货", (), {}),
    constraints=(PRICE, POST, BIG, CHEAPEST),
    ignored=(HOME,),
    rewrite=Rewriting("保温杯国货", ("保文杯",)),
    correction=Correction("保温杯国货", CorrectionKind.PINYIN, 0.98765, CorrectionAction.REPLACE),
    entities=(Entity(Kind.PRODUCT, "保温杯", 0, 3, 0.91234, 1.0, Source.LEXICON),),
    term_weights={"保温杯": 1.0, "国货": 0.3},
    categories=(CategoryGuess("厨具/杯子", 0.75),),
    category_entropy=0.123456,
    intent=Intent(IntentKind.ATTRIBUTE, 0.654321, {"product": 0.4, "length": 0.254321}),
)
AUTOPSY = Autopsy(
    (
        Cause(CauseKind.CONSTRAINT, "“包邮”没有商品符合", 7, Action(("service:8-10",))),
        Cause(CauseKind.NO_MATCH, "没有"),
    ),
    ("保温壶",),
)


def answer(understood: Understood) -> dict[str, Any]:
    given = understood_answer(understood)
    assert given is not None
    UnderstoodAnswer.model_validate(given, strict=True)
    return given


def test_every_decision() -> None:  # 1
    given = answer(Understood(PLAN))
    assert (given["query"], given["searched"]) == (PLAN.query, "保温杯国货")
    assert given["rewrite"] == {"text": "保温杯国货", "rules": ["保文杯"]}
    assert given["correction"] == {
        "text": "保温杯国货", "kind": "pinyin", "confidence": 0.9877, "action": "replace"
    }  # fmt: skip
    assert given["entities"] == [
        {"kind": "product", "value": "保温杯", "text": "保文杯", "start": 0, "end": 3, "confidence": 0.9123,
         "source": "lexicon"}
    ]  # fmt: skip
    assert given["term_weights"] == {"保温杯": 1.0, "国货": 0.3}
    assert (given["categories"], given["category_entropy"]) == (
        [{"category": "厨具/杯子", "probability": 0.75}],
        0.1235,
    )
    assert given["intent"] == {
        "kind": "attribute", "strength": 0.6543, "parts": {"product": 0.4, "length": 0.2543}
    }  # fmt: skip


def test_constraints() -> None:  # 2
    price, post, big, cheapest, home = answer(Understood(PLAN, ("service:8-10", "sort:17-20"), ("amount:10-17",)))[
        "constraints"
    ]
    assert [c["state"] for c in (price, post, big, cheapest, home)] == [
        "overridden", "applied", "relaxed", "applied", "ignored",
    ]  # fmt: skip
    assert [c["text"] for c in (price, post, big, cheapest, home)] == [
        "50元以内", "包邮", "500ml以上", "最便宜", "国货",
    ]  # fmt: skip
    assert (price["id"], price["label"], price["filters"]) == ("price:3-8", "¥50 以内", {"price": {"max": 50.0}})
    assert post["filters"] == {"services": ["包邮", "免邮"]}
    assert (big["filters"], big["amount"]) == ({}, {"unit": "ml", "min": 500.0, "max": None})
    assert (cheapest["sort"], cheapest["amount"], home["boosts"]) == ("price_asc", None, ["国货", "国产"])


def test_what_was_not_decided_is_null() -> None:  # 3
    given = answer(Understood(Plan("杯", QueryText("杯", "杯", (), {}))))
    assert [given[name] for name in ("rewrite", "correction", "intent", "autopsy")] == [None] * 4
    assert understood_answer(None) is None


def test_an_empty_answer() -> None:  # 4
    causes = answer(Understood(PLAN, autopsy=AUTOPSY))["autopsy"]["causes"]
    assert [(cause["kind"], cause["hits_without"], cause["action"]) for cause in causes] == [
        ("constraint", 7, {"ignore": ["service:8-10"], "drop_filters": [], "query": None}),
        ("no_match", None, {"ignore": [], "drop_filters": [], "query": None}),
    ]
    assert set(get_args(CauseAnswer.model_fields["kind"].annotation)) == set(CauseKind)
    [droppable] = get_args(ActionAnswer.model_fields["drop_filters"].annotation)
    assert set(get_args(droppable)) == {*PRODUCT.keywords, "price", "in_stock", "without"}


def test_over_http() -> None:  # 1, 3, 4
    with serving(TinyEngine(understood=Understood(PLAN, autopsy=AUTOPSY))) as client:
        given = client.get("/v1/search?q=杯").json()
    SearchAnswer.model_validate(given)
    assert given["understood"]["autopsy"]["suggestions"] == ["保温壶"]
    with serving(TinyEngine()) as client:
        assert client.get("/v1/search?q=杯&understand=false").json()["understood"] is None
