"""Words together and in order:

1. `phrase` is the longest common run by the length of the query: that of the dynamic programme, for any texts.
2. `in_order` is the share of neighbours that follow each other; one term alone is in order.
3. `bigrams` is the share of the query's pairs of characters; blanks make no pair.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.sequence import bigrams, in_order, phrase
from tests.unit.retrieval.ranking.shop import rows

texts = st.text(alphabet="铁锅毛衣", min_size=1, max_size=8)


def longest(first: str, second: str) -> int:
    return max((j - i for i in range(len(first)) for j in range(i, len(first) + 1) if first[i:j] in second), default=0)


@given(texts, texts)
def test_phrase(query: str, title: str) -> None:
    assert phrase(query, rows(title))[0] * len(query) == longest(query, title)


def test_in_order() -> None:
    found = in_order(("铁锅", "大号", "不粘"), rows("铁锅 大号 不粘", "大号 铁锅 不粘", "不粘 大号 铁锅", "毛衣"))
    assert found.tolist() == [1, 0.5, 0, 0]
    assert in_order(("铁锅",), rows("毛衣")).tolist() == [1]


def test_bigrams() -> None:
    assert bigrams("铁锅 大号", rows("大铁锅", "大号 铁锅", "毛衣")).tolist() == [0.5, 1, 0]
    assert bigrams("锅", rows("毛衣")).tolist() == [1]
