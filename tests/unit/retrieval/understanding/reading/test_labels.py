"""A support label said in a query, by the built-in rules:

1. Beside what is looked for it is a filter for what carries it or says it, however it is said; its words are not
   searched, and what carries it scores.
2. Alone, with a service, or with another label its words are what is searched; who carries it has them.
3. Whoever does not mean it searches the rest; a label alone that is not meant is words like others.
4. What only sounds like one is none.
"""

from __future__ import annotations

import pytest

from retrieval.types import EVERYTHING, Filters
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Plan
from tests.unit.retrieval.understanding.test_understand import ANALYZER, PLAIN

LABEL = ConstraintKind.LABEL


def labels(plan: Plan) -> list[tuple[str, Filters]]:
    return [(each.label, each.filters) for each in plan.constraints if each.kind is LABEL]


@pytest.mark.parametrize(
    ("query", "label", "having"),
    [
        ("国货保温杯", "国货", ("@国货", "@国产", "国货", "国产")),
        ("国产 保温杯", "国货", ("@国货", "@国产", "国货", "国产")),
        ("非物质文化遗产的保温杯", "非遗", ("@非遗", "非遗")),
        ("国家地理标志 保温杯", "地理标志", ("@地理标志", "地理标志")),
    ],
)  # fmt: skip
def test_beside_a_thing(query: str, label: str, having: tuple[str, ...]) -> None:  # 1
    plan = PLAIN.plan(query)
    assert labels(plan) == [(label, Filters(having=(having,)))]
    assert [term.text for term in plan.text.terms] == ["保温杯"]
    assert all(plan.text.weights[token] == 1.0 for token in having if token.startswith("@"))


@pytest.mark.parametrize("query", ["非遗", "包邮 非遗", "非遗 国货", "非物质文化遗产"])
def test_alone(query: str) -> None:  # 2
    plan = PLAIN.plan(query)
    assert {filters for _, filters in labels(plan)} == {EVERYTHING}
    assert any(("@非遗",) in term.alternatives for term in plan.text.terms)
    assert len(plan.text.terms) == len(labels(plan))


def test_not_meant() -> None:  # 3
    (wish,) = PLAIN.plan("国货保温杯").constraints
    assert PLAIN.plan("国货保温杯", (wish.id,)).text.weights == ANALYZER.query("保温杯").weights
    (wish,) = PLAIN.plan("非遗").constraints
    assert PLAIN.plan("非遗", (wish.id,)).text == ANALYZER.query("非遗")


@pytest.mark.parametrize("query", ["国产剧 周边", "非常保温杯", "山货郎 挑担摆件"])
def test_none(query: str) -> None:  # 4
    assert not labels(PLAIN.plan(query))
