"""Chinese in Latin letters:

1. Full pinyin, joined, apart or mixed with characters, is the word; several words are cut apart, with a single
   character between them here and there.
2. Initials are all words that fit, product nouns first; mixed with characters too, but not beside other words.
3. Typed characters are never replaced: what letters stand for agrees with them.
4. Letters that the catalogue has as a word are read beside it only where the Chinese is more frequent; those that are
   the name of a brand are no initials at all, but may be pinyin in full.
5. Model numbers, single letters and letters that are no pinyin stand for nothing.
6. One sure reading replaces the query, all else is searched beside it; the most probable first, at most ten.
7. Letters cut into several words are read so only where that is likely as a text.
8. Words of titles that follow each other are known by their initials without a log, from the third on, zh, ch and sh
   typed as one letter or as two; a word that is meant whole comes before, and none is known in full by them.
"""

from __future__ import annotations

import pytest

from retrieval.understanding.spelling.counts import learn_context
from retrieval.understanding.spelling.letters import MOST_EXPANSIONS, Letters
from retrieval.understanding.spelling.typed_pinyin import PinyinWords

WORDS = {
    "保温杯": 40, "保湿霜": 5, "办公包": 9, "连衣裙": 90, "女士": 60, "女式": 6, "鞋子": 30, "写字": 50, "手机": 200,
    "书籍": 20, "海尔": 300, "尼克": 2, "长裙": 25, "试验": 12, "实验": 11, "食盐": 10,
}  # fmt: skip
NOUNS = {"保温杯": 40, "连衣裙": 90, "鞋子": 30, "手机": 200, "书籍": 20}
TITLES = [*(f"{word}包邮" for word, count in WORDS.items() for _ in range(count)), *["女士连衣裙", "女士鞋子包"] * 20]
CONTEXT = learn_context(TITLES)
LETTERS = Letters(PinyinWords.of(WORDS, NOUNS, CONTEXT), {"haier": 100, "nike": 60, "led": 400, "sj": 3})


def texts(query: str) -> list[str]:
    return [found.text for found in LETTERS.expand(query)]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("baowenbei", "保温杯"),
        ("bao wen bei", "保温杯"),
        ("bao温杯", "保温杯"),
        ("baowen杯", "保温杯"),
        ("保wen杯", "保温杯"),
        ("changqun", "长裙"),
        ("nvshilianyiqun", "女士连衣裙"),
        ("女士lianyiqun", "女士连衣裙"),
        ("nvshixiezibao", "女士鞋子包"),
        ("lianyiqun 红色", "连衣裙 红色"),
        ("baowenbei shouji", "保温杯 手机"),
        ("bwb", "保温杯"),
        ("bw杯", "保温杯"),
        ("sj", "手机"),
        ("haier", "海尔"),
    ],
)
def test_the_most_probable(query: str, meant: str) -> None:
    assert texts(query)[0] == meant


def test_initials() -> None:
    assert texts("sj") == ["手机", "书籍"]
    assert texts("bgb") == ["办公包"]
    assert texts("bwb 红色") == []
    assert texts("女士bwb") == []


def test_typed_characters_stay() -> None:
    assert texts("shi验") == ["试验", "实验"]
    assert texts("shi盐") == ["食盐"]
    assert texts("bao文杯") == []
    assert all("实" in text for text in texts("实yan"))


@pytest.mark.parametrize(
    "query",
    ["nike", "led", "z500", "iphone-x", "a", "a杯", "xyz", "baowenb", "bao", "baobei", "保温杯", "", "保", "500ml"],
)
def test_no_pinyin(query: str) -> None:
    assert texts(query) == []


def test_what_is_done() -> None:
    (sure,) = LETTERS.expand("baowenbei")
    assert (sure.kind, sure.action) == ("full_pinyin", "replace")
    unsure = LETTERS.expand("xiezi")
    assert [found.text for found in unsure] == ["写字", "鞋子"]
    assert {found.action for found in unsure} == {"both"}
    assert unsure[0].confidence > unsure[1].confidence
    (known,) = LETTERS.expand("haier")
    assert known.action == "both"
    assert [(found.kind, found.action) for found in LETTERS.expand("bwb")] == [("initials", "both")]


def test_at_most_ten() -> None:
    many = {f"{char}杯": 5 for char in "保包报抱宝爆豹饱暴鲍胞苞"}
    letters = Letters(PinyinWords.of(many, {}, learn_context([])), {})
    assert len(letters.expand("bb")) == MOST_EXPANSIONS


def test_a_cut_must_be_chinese() -> None:  # 7
    counts = {"保温杯": 9, "连衣裙": 9}
    read = {text: PinyinWords.of(counts, {}, learn_context([text] * 2_000)) for text in ("保温杯连衣裙", "手机壳台灯")}
    assert [found.text for found in read["保温杯连衣裙"].read("baowenbeilianyiqun")] == ["保温杯连衣裙"]
    assert read["手机壳台灯"].read("baowenbeilianyiqun") == ()  # nobody writes these characters


@pytest.mark.parametrize(("letters", "action"), [("ayi", "both"), ("baba", "replace"), ("shouji", "replace")])
def test_short_letters_are_never_sure(letters: str, action: str) -> None:  # 6
    words = {"阿姨": 500, "爸爸": 500, "手机": 500}
    (found,) = Letters(PinyinWords.of(words, {}, CONTEXT), {}).expand(letters)
    assert found.action == action


@pytest.mark.parametrize(
    ("letters", "latin", "read"),
    [("shouji", 200, True), ("shouji", 201, False), ("sj", 40, True), ("sj", 41, False)],
)
def test_letters_that_are_a_word_by_how_often(letters: str, latin: int, read: bool) -> None:  # 4
    # In full Chinese must be as frequent as the word, by initials five times.
    found = Letters(PinyinWords.of({"手机": 200}, {}, CONTEXT), {letters: latin}).expand(letters)
    assert [each.text for each in found] == (["手机"] if read else [])


@pytest.mark.parametrize(("brand", "read"), [("sj", []), ("bwb", []), ("cq", []), ("haier", ["海尔"])])
def test_a_brand_is_no_initials(brand: str, read: list[str]) -> None:  # 4
    letters = Letters(PinyinWords.of(WORDS, NOUNS, CONTEXT), {brand: 1}, {brand: 1})
    assert [found.text for found in letters.expand(brand)] == read
    assert Letters(PinyinWords.of(WORDS, NOUNS, CONTEXT), {brand: 1}).expand(brand)


PHRASES = {"珠海水果": 1, "木耳菜种子": 2, "山茶花礼盒": 1}
TOGETHER = Letters(PinyinWords.of(WORDS, NOUNS, CONTEXT, phrases=PHRASES), {"usb": 9})


@pytest.mark.parametrize(
    ("letters", "meant"),
    [
        ("zhsg", ["珠海水果"]),
        ("zhhshg", ["珠海水果"]),
        ("zhs", ["珠海水果"]),
        ("meczz", ["木耳菜种子"]),
        ("mecz", ["木耳菜种子"]),
        ("meczhz", ["木耳菜种子"]),
        ("schlh", ["山茶花礼盒"]),
        ("shchhlh", ["山茶花礼盒"]),
        ("bwb", ["保温杯"]),
        ("zh", []),
        ("zsg", []),
        ("sgzh", []),
    ],
)
def test_words_that_follow_each_other(letters: str, meant: list[str]) -> None:  # 8
    assert [found.text for found in TOGETHER.expand(letters)] == meant
    assert not meant or meant[0] in WORDS or LETTERS.expand(letters) == ()


def test_a_whole_word_comes_before_a_beginning() -> None:  # 8
    words = PinyinWords.of({"木耳菜": 1}, {}, CONTEXT, phrases={"木耳菜种子": 50})
    assert [reading.text for reading in words.read("mec")] == ["木耳菜"]
    assert [reading.text for reading in words.read("mecz")] == ["木耳菜种子"]
    assert Letters(words, {"mecz": 20}).expand("mecz") == Letters(words, {"mecz": 10}, {"mecz": 1}).expand("mecz") == ()
