"""Words together and in order:

1. `longest_phrase` is the longest common run by the length of the query: that of the dynamic programme, for any texts.
2. `term_order` is the share of neighbours that follow each other, anywhere behind; one term alone is in order.
3. `bigram_coverage` is the share of the query's distinct pairs of characters; blanks make no pair, and one character
   has none.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import values

texts = st.text(alphabet="铁锅毛衣 ", min_size=1, max_size=8)


def longest(first: str, second: str) -> int:
    return max((j - i for i in range(len(first)) for j in range(i, len(first) + 1) if first[i:j] in second), default=0)


@given(texts, texts)
def test_longest_phrase(query: str, title: str) -> None:
    asked = built_in_analyzer().query(query).normalized
    found = values(query, title)["longest_phrase"][0]
    assert found * max(len(asked), 1) == pytest.approx(longest(asked, " ".join(title.split())))


def test_term_order() -> None:
    titles = ("铁锅 毛衣 手机", "毛衣 铁锅 手机", "手机 毛衣 铁锅", "荣耀", "毛衣 铁锅 毛衣 手机")
    assert values("铁锅 毛衣 手机", *titles)["term_order"].tolist() == [1, 0.5, 0, 0, 1]
    assert values("铁锅", "毛衣")["term_order"].tolist() == [1]


def test_bigram_coverage() -> None:
    assert values("铁锅 大号", "大铁锅", "大号 铁锅", "毛衣")["bigram_coverage"].tolist() == [0.5, 1, 0]
    assert values("锅锅锅 大号", "锅锅")["bigram_coverage"].tolist() == [0.5]
    assert values("锅", "毛衣")["bigram_coverage"].tolist() == [1]
