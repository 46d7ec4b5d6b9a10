"""Which words of a query are looked for in speech.

1. Those that weigh next to nothing are not, nor what they make with their neighbours; the others stay with their marks.
2. A query of such words alone stays as it is, and so does one without any.
3. A light word inside of another word takes nothing from it.
"""

from __future__ import annotations

from retrieval.understanding.plan import Plan
from retrieval.videos.words import words_for_speech
from tests.title_index import built_in_analyzer


def plan(query: str, **weights: float) -> Plan:
    text = built_in_analyzer().query(query)
    return Plan(query=text.normalized, text=text, term_weights=weights)


def test_light_words_are_not_looked_for() -> None:  # 1
    whole = plan("凉鞋怎么选", 凉鞋=1.0, 怎么=0.04, 选=0.05)
    assert {"怎么", "选", "鞋怎"} <= set(whole.text.weights)
    text = words_for_speech(whole)
    assert [term.text for term in text.terms] == ["凉鞋"]
    assert set(text.weights) == {"凉鞋", "凉", "鞋"}
    assert text.normalized == whole.text.normalized


def test_nothing_but_light_words() -> None:  # 2
    for same in (plan("怎么选", 怎么=0.04, 选=0.05), plan("凉鞋"), plan("")):
        assert words_for_speech(same) is same.text


def test_inside_another_word() -> None:  # 3
    text = words_for_speech(plan("好孩子推车 好", 好=0.05))
    assert {"好孩子", "好", "推车"} <= set(text.weights)
