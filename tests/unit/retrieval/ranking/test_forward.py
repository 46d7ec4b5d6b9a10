"""Forward rows:

1. What is encoded is decoded: title length, words, texts, keys of brand and shop, for any records in any order.
2. A word has the same hash in every process: it is CRC-32, whose check value is published.
3. A row is short: ≤ 300 bytes for a title of 30 characters with brand, category and shop.
4. Records with missing or strange fields have a row; a damaged row is refused and the rebuild named.
5. `having` finds the documents with a word.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import GenerationError
from retrieval.ranking.forward import MAX_TITLE_CHARS, MAX_WORDS, ForwardRows, encode_forward, word_hash, words_of
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import row, rows


@given(st.lists(st.text(max_size=60), max_size=5))
def test_round_trip(titles: list[str]) -> None:
    found = rows(*titles)
    assert found.texts.size == len(titles)
    for i, title in enumerate(found.texts.titles):
        assert found.lengths[i] == len(title)
        words = dict.fromkeys(map(word_hash, words_of(title, built_in_analyzer())))
        assert found.words[found.starts[i] : found.starts[i + 1]].tolist() == list(words)[:80]


def test_keys_of_brand_and_shop() -> None:
    found = ForwardRows.decode([row("锅", brand="苏泊尔", shop={"name": "小店"}), row("锅")])
    assert found.brands.tolist() == [word_hash("苏泊尔"), 0]
    assert found.shops.tolist() == [word_hash("小店"), 0]


def test_hash_is_stable() -> None:
    assert word_hash("123456789") == 0xCBF43926  # the check value of CRC-32


def test_rows_are_short() -> None:
    title = "家用老式加厚平底不粘铁锅燃气灶电磁炉通用少油烟大号炒菜锅子套"
    assert len(title) == 30
    assert len(row(title, brand="苏泊尔", category=["厨具", "锅", "铁锅"], shop="旗舰店")) <= 300


@pytest.mark.parametrize("record", [{}, {"title": None}, {"title": 3, "brand": [], "shop": {}, "category": {"a": 1}}])
def test_strange_records(record: dict[str, object]) -> None:
    assert ForwardRows.decode([encode_forward(record, built_in_analyzer())]).texts.documents == ["\n\n"]


@pytest.mark.parametrize("damaged", [b"", b"short", row("铁锅 平底")[:24], row("铁锅")[:-1] + b"\xff"])
def test_damaged(damaged: bytes) -> None:
    with pytest.raises(GenerationError, match="damaged") as caught:
        ForwardRows.decode([damaged])
    assert "rebuild" in str(caught.value.hint)


def test_long_titles() -> None:
    """More of a title than `MAX_TITLE_CHARS`, and more words than `MAX_WORDS`, are not read."""
    found = rows("锅" * (MAX_TITLE_CHARS + 1), " ".join(f"{i}x" for i in range(MAX_WORDS)))
    assert found.lengths[0] == len(found.texts.titles[0]) == MAX_TITLE_CHARS
    assert np.diff(found.starts)[1] == MAX_WORDS


def test_having() -> None:
    found = rows("Cheez It 饼干", "奶酪", "cheez-it 芝士")
    assert found.having(word_hash("奶酪")).tolist() == [1]
    assert np.array_equal(found.having(word_hash("没有")), [])
