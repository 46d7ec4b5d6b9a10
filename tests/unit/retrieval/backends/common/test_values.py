"""Unwanted words:

1. A word is its tokens; one that has none is no filter.
2. A denial before the word pardons: each pardon is what 无酒精, 不含酒精 … have among their tokens.
"""

from __future__ import annotations

from retrieval.backends.common.values import excluded
from retrieval.types import Filters
from tests.title_index import built_in_analyzer


def test_tokens() -> None:  # 1
    assert [tokens for tokens, _ in excluded(Filters(without=("塑料", "", "不锈钢", "、")))] == [
        ("塑料",), ("不锈", "锈钢"),
    ]  # fmt: skip


def test_pardons() -> None:  # 2
    ((_, pardons),) = excluded(Filters(without=("酒精",)))
    analyzer = built_in_analyzer()

    def pardoned(title: str) -> bool:
        return any(set(pardon) <= set(analyzer.tokens(title)) for pardon in pardons)

    for title in ("无酒精湿巾", "不含酒精喷雾", "免酒精", "零酒精啤酒"):
        assert pardoned(title), title
    for title in ("酒精湿巾", "含酒精 75%", "医用酒精 非处方"):
        assert not pardoned(title), title
