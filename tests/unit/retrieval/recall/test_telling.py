"""Which terms of a query make a document a match by themselves:

1. A word does, in each of its ways; a number does not, with a unit or without, nor what measures it.
2. Nothing but numbers: each of them does.
3. Single characters that touch are one name, with the words they touch; two neighbouring characters of it do.
4. A word of the dictionary that is all that is named is there whole; of a coined one, or beside another name, two
   neighbouring characters do.
5. A single character that touches nothing is a word.
"""

from __future__ import annotations

import pytest

from retrieval.recall.telling import telling
from tests.title_index import built_in_analyzer

ANALYZER = built_in_analyzer()


def told(query: str) -> list[set[str]]:
    """Of each telling name the ways, pieces of one way joined by +."""
    return [{"+".join(way) for way in ways} for ways in telling(ANALYZER.query(query).required)]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("本田", "本田"), ("大米 5斤", "大米"), ("手表 2", "手表"),
        ("手表 3.5", "手表"), ("鸡蛋 30枚", "鸡蛋"), ("凉鞋 42码", "凉鞋"),
        ("奶粉 3段", "奶粉"), ("42码 凉鞋", "凉鞋"), ("奶粉 900g", "奶粉"), ("窗帘 1.8*2.2m", "窗帘"),
    ],
)  # fmt: skip
def test_a_number_alone_tells_nothing(query: str, word: str) -> None:  # 1
    assert told(query) == [{word}]


@pytest.mark.parametrize("query", ["iphone12", "z6", "h&m", "2020csco"])
def test_a_code_is_no_number(query: str) -> None:  # 1
    assert not any(term.is_number for term in ANALYZER.query(query).required)


@pytest.mark.parametrize("query", ["4.55mm", "2255518", "55 18", "5斤"])
def test_numbers_only(query: str) -> None:  # 2
    terms = ANALYZER.query(query).required
    assert telling(terms) == tuple(term.alternatives for term in terms)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("森鑫缘", [{"森鑫", "鑫缘"}]),
        ("手机壳", [{"手机", "机壳"}]),
        ("染眉毛剂", [{"染眉", "眉毛", "毛剂"}]),
        ("红色手机壳", [{"红色"}, {"手机", "机壳"}]),
        ("森鑫缘 懒人沙发", [{"森鑫", "鑫缘"}, {"懒人"}, {"沙发"}]),
    ],
)
def test_characters_that_touch_are_a_name(query: str, names: list[set[str]]) -> None:  # 3
    assert told(query) == names


@pytest.mark.parametrize(
    ("query", "ways"),
    [("望远镜", {"望远+远镜"}), ("显示器", {"显示+示器"}), ("银泰卡", {"银泰", "泰卡"}), ("花西子", {"花西", "西子"})],
)  # fmt: skip
def test_a_word_of_the_dictionary_is_there_whole(query: str, ways: set[str]) -> None:  # 4
    assert told(query) == [ways]


def test_beside_another_name_pieces_tell() -> None:  # 4
    assert told("棉皮鞋 男士") == [{"棉皮", "皮鞋"}, {"男士"}]
    assert told("棉皮鞋 42码") == [{"棉皮+皮鞋"}]


def test_a_character_alone_is_a_word() -> None:  # 5
    assert told("伞") == [{"伞"}]
    assert told("伞 黑色") == [{"伞"}, {"黑色"}]
