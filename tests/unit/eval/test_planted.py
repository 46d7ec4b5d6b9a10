"""Planted errors:

1. A query from a title is neighbouring whole words of it, 4–10 characters with at least four Han ones.
2. Every kind of damage is what its name says, at one place; kinds come in turn and no query twice.
3. The same seed gives the same queries and errors, another seed others.
4. Texts that give too few queries are an error that says so.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from eval.planted import KINDS, Planted, plant, title_queries

TITLES = [
    (str(i), f"Nike {look} 保温杯 {end} 500ml")
    for i, (look, end) in enumerate([("不锈钢", "大容量"), ("便携", "情侣款")] * 5)
]
ALIKE: dict[str, dict[str, tuple[str, ...]]] = {
    "pinyin": dict.fromkeys("温保杯容量", ("稳", "文")),
    "shape": dict.fromkeys("杯不", ("坏",)),
}
QUERIES = [(None, f"{a}{b}保温杯") for a in "红黄蓝绿紫青" for b in "大中小长短新"]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+| |[^a-z0-9 ]{1,3}", text)


def test_queries_of_titles() -> None:
    titles = dict(TITLES)
    found = title_queries(TITLES, words, 50, seed=1)
    assert len(found) == 50
    for document, query in found:
        assert query in titles[document].lower()
        assert 4 <= len(query) <= 10
        assert len(re.findall("[\u4e00-\u9fff]", query)) >= 4
    assert title_queries(TITLES, words, 50, seed=1) == found
    assert title_queries(TITLES, words, 50, seed=2) != found


def is_damaged(planted: Planted) -> bool:
    clean, typed = planted.clean, planted.typed
    differing = [i for i, (a, b) in enumerate(zip(clean, typed, strict=False)) if a != b]
    match planted.kind:
        case "missing":
            return any(clean[:i] + clean[i + 1 :] == typed for i in range(len(clean)))
        case "extra":
            return any(clean[: i + 1] + clean[i:] == typed for i in range(len(clean)))
        case "swap":
            return len(differing) == 2 and Counter(clean) == Counter(typed) and differing[1] == differing[0] + 1
        case kind:
            return len(differing) == 1 and typed[differing[0]] in ALIKE[kind][clean[differing[0]]]


def test_damage() -> None:
    kinds = (*KINDS, "extra")
    found = plant(QUERIES, ALIKE, 25, seed=3, kinds=kinds)
    assert [planted.kind for planted in found] == [*kinds] * 5
    assert all(is_damaged(planted) for planted in found)
    assert len({planted.clean for planted in found}) == 25
    assert plant(QUERIES, ALIKE, 25, seed=3, kinds=kinds) == found
    assert plant(QUERIES, ALIKE, 25, seed=4, kinds=kinds) != found


def test_too_little_to_damage() -> None:
    with pytest.raises(ValueError, match="0 of 3 errors"):
        plant([(None, "杯子")], ALIKE, 3, seed=1)
    with pytest.raises(ValueError, match="0 of 1 errors"):  # swapping equal characters changes nothing
        plant([(None, "杯杯杯杯")], {}, 1, seed=1, kinds=["swap"])
    with pytest.raises(ValueError, match="0 of 3 queries"):
        title_queries([("1", "杯")], words, 3, seed=1)
