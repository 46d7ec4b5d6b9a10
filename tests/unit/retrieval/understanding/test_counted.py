"""Counts over arrays read as the dicts they were made from:

1. The same keys in the same order, the same values, the same membership; equal to them; after they were stored, too.
2. They are found by the hash of a text, too; unknown texts count 0.
3. Counts beyond 32 bits are kept.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.packed import pack, unpack
from retrieval.analysis.text_table import hash_of
from retrieval.understanding.counted import Counts, Grouped, Listed

TEXTS = st.text(alphabet="保温杯水", max_size=3)
COUNTS = st.dictionaries(TEXTS, st.integers(0, 1 << 40))


@given(COUNTS, st.lists(TEXTS))
def test_counts(counts: dict[str, int], others: list[str]) -> None:
    for found in (Counts.of(counts), Counts.of_arrays(unpack(pack(Counts.of(counts).arrays())))):
        assert [*found.items()] == [*counts.items()]  # 1 3
        assert [*found] == [*counts]
        assert [*found.values()] == [*counts.values()]
        assert found == counts
        assert [text in found for text in others] == [text in counts for text in others]
        assert [found.get_key(hash_of(text)) for text in others] == [counts.get(text, 0) for text in others]  # 2
        assert [found.get(text, 0) for text in others] == [counts.get(text, 0) for text in others]


@given(st.dictionaries(TEXTS, COUNTS))
def test_grouped(groups: dict[str, dict[str, int]]) -> None:  # 1
    for found in (Grouped.of(groups), Grouped.of_arrays(unpack(pack(Grouped.of(groups).arrays())))):
        assert [(text, [*counts.items()]) for text, counts in found.items()] == [
            (text, [*counts.items()]) for text, counts in groups.items()
        ]
        assert found == groups
        assert "不在" not in found


@given(st.dictionaries(TEXTS, st.lists(st.integers(0, 1 << 31))))
def test_listed(lists: dict[str, list[int]]) -> None:  # 1
    for found in (Listed.of(lists), Listed.of_arrays(unpack(pack(Listed.of(lists).arrays())))):
        assert {text: found.get(text) for text in lists} == lists
        assert found.get("不在") == []


def test_unknown_texts() -> None:  # 1
    with pytest.raises(KeyError):
        Counts.of({"杯": 1})["壶"]
    with pytest.raises(KeyError):
        Grouped.of({"杯": {}})["壶"]
    assert "壶" not in Counts.of({"杯": 1})
