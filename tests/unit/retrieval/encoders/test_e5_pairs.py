"""The second look by e5.

1. The same pair gives the same number, alone and beside others.
2. What is asked stands above another thing, and above the thing in another colour and size.
3. Of a pair at most 48 tokens are read, however long query and title are; an empty query and no titles can be read.
4. When the time is up there is no answer.
5. Options there are none; an unknown reader is refused with the names of those there are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.encoders.e5_pairs import E5Pairs, ensure_built, load, tokens_of_pairs
from retrieval.encoders.e5_vocabulary import E5Tokenizer
from retrieval.encoders.pairs import open_pair_reader
from retrieval.errors import EncoderError

NEVER = Deadline(None)
QUERY = "电动牙刷"
TITLES = ("声波电动牙刷成人充电式软毛", "不锈钢炒锅家用不粘", "儿童牙膏防蛀")


@pytest.fixture(scope="module")
def pairs(e5_cache: Path) -> E5Pairs:
    return load({}, cache_dir=e5_cache)


def read(pairs: E5Pairs, query: str, *titles: str) -> list[float]:
    values = pairs.read(query, titles, NEVER)
    assert values is not None
    assert values.shape == (len(titles),)
    return [float(value) for value in values]


def test_a_pair_is_read_for_itself(pairs: E5Pairs) -> None:  # 1
    together = read(pairs, QUERY, *TITLES)
    assert [read(pairs, QUERY, title)[0] for title in TITLES] == pytest.approx(together, abs=1e-3)


def test_what_is_asked_comes_first(pairs: E5Pairs) -> None:  # 2
    thing, *others = read(pairs, QUERY, *TITLES)
    assert thing > max(others) + 2
    shoes = read(pairs, "红色高跟鞋 37码", "红色高跟鞋女37码细跟", "黑色高跟鞋女38码", "红色运动鞋男42码")
    assert shoes[0] > max(shoes[1:]) + 1


def test_long_and_empty_texts(pairs: E5Pairs, e5_cache: Path) -> None:  # 3
    tokenizer = E5Tokenizer(ensure_built(e5_cache).folder, max_tokens=48)
    for query in ("", QUERY, QUERY * 100):
        tokens, split = tokens_of_pairs(tokenizer, query, ["手机" * 100, ""])
        assert [len(tokens[0]), tokens[0][split - 1], tokens[0][-1]] == [48, 2, 2]
        assert split < len(tokens[1]) < 48
    long = "声波电动牙刷成人充电式软毛" * 5
    assert read(pairs, QUERY, long) == read(pairs, QUERY, long + "配件" * 1000)
    assert np.isfinite(read(pairs, "电动牙刷" * 100, *TITLES)).all()
    assert np.isfinite(read(pairs, "", "", "手机")).all()
    assert read(pairs, QUERY) == []


def test_when_the_time_is_up(pairs: E5Pairs) -> None:  # 4
    assert pairs.read(QUERY, TITLES, Deadline.after_ms(0)) is None


def test_what_cannot_be_opened(e5_cache: Path) -> None:  # 5
    with pytest.raises(EncoderError):
        load({"depth": 3}, cache_dir=e5_cache)
    with pytest.raises(EncoderError) as error:
        open_pair_reader("nobody", options={}, cache_dir=e5_cache)
    assert error.value.hint == "one of e5, cross-encoder"
