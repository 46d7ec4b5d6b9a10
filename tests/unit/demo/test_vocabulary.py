"""The vocabulary and what reads it.

1. A misspelt key, an impossible price, an unknown slot, category or kind is an error that names file and place.
2. Titles: order comes from the pattern, nothing is said twice, optional parts may be missing.
3. Chance: values are dealt evenly, streams are independent of each other, the heavy tail has its median.
"""

from __future__ import annotations

import random
import shutil
import statistics
from pathlib import Path

import pytest

from demo.randomness import deal, heavy_tail, stream
from demo.titles import TitleWords, compose_title, says_already
from demo.vocabulary import FOLDER, load_vocabulary
from retrieval.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "vocabulary"))


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("kitchen.yaml", "return_rate: 0.06", "retrun_rate: 0.06", "retrun_rate"),
        ("kitchen.yaml", "price: [29, 399]", "price: [29, 99]", "水具酒具/保温杯/男士保温杯"),
        ("kitchen.yaml", "about: [内胆为<材质>", "about: [内胆为<材料>", "材料"),
        ("kitchen.yaml", "department: 厨具餐具", "department: [厨具", "kitchen.yaml"),
        ("_queries.yaml", "{q: 连衣裙, in: 连衣裙}", "{q: 连衣裙, in: 连衣裤}", "连衣裤"),
        ("_shoppers.yaml", "连衣裙: 3", "连衣裤: 3", "连衣裤"),
    ],
)
def test_mistakes_are_named(folder: Path, file: str, before: str, after: str, says: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(InputError, match=says):
        load_vocabulary(folder)


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="personas"):
        load_vocabulary(tmp_path)


def test_title_follows_the_pattern() -> None:
    words = TitleWords(fixed={"brand": "希禾", "材质": "316不锈钢"}, pools={"noun": ["保温杯"], "promo": ["包邮"]})
    assert compose_title("<brand><promo><材质><noun>", words, random.Random(1)) == "希禾316不锈钢保温杯 包邮"


def test_title_says_nothing_twice() -> None:
    words = TitleWords(fixed={"形制": "明制"}, pools={"noun": ["明制马面裙"], "p": ["马面裙", "织金", "织金"]})
    assert compose_title("<形制><noun><p><p><p>", words, random.Random(1)) == "明制马面裙织金"


def test_optional_parts_come_and_go() -> None:
    words = TitleWords(fixed={}, pools={"noun": ["保温杯"], "who": ["女士"]})
    rng = random.Random(1)
    titles = {compose_title("<noun><~who>", words, rng) for _ in range(40)}
    assert titles == {"保温杯", "保温杯女士"}


@pytest.mark.parametrize(
    ("title", "part", "expected"),
    [
        ("希禾保温杯", "保温杯", True),
        ("希禾保温杯", "保温壶", True),
        ("希禾保温杯", "水杯", False),
        ("女裙", "女", True),
    ],
)
def test_says_already(title: str, part: str, expected: bool) -> None:
    assert says_already(title, part) is expected


def test_deal_uses_every_value_before_one_comes_again() -> None:
    dealt = deal("abc", 7, random.Random(1))
    assert sorted(dealt[:3]) == sorted(dealt[3:6]) == ["a", "b", "c"]
    assert deal([], 3, random.Random(1)) == []


def test_streams_depend_on_seed_and_name_only() -> None:
    assert stream(1, "videos").random() == stream(1, "videos").random()
    assert len({stream(1, "videos").random(), stream(2, "videos").random(), stream(1, "shops").random()}) == 3


def test_heavy_tail() -> None:
    rng = random.Random(1)
    draws = [heavy_tail(40.0, 10_000.0, rng) for _ in range(4_000)]
    assert statistics.median(draws) == pytest.approx(40.0, rel=0.1)
    # P(X > x) = median / (median + x): one in eleven above ten times the median.
    assert sum(draw > 400 for draw in draws) / len(draws) == pytest.approx(1 / 11, rel=0.2)
    assert max(draws) <= 10_000.0
