"""Words:

1. Both segmenters cut the text list (product titles and queries) exactly as jieba does, with and without user words.
2. The words of a text join to it, and the inner words are those of jieba's search mode.
3. A user word is cut whole, also where it mixes letters, digits and Han characters, and in both segmenters.
4. `auto` and `rust` give the Rust one, `python` the Python one; both have one name, so either opens the other's index.
"""

from __future__ import annotations

import logging

import jieba
import pytest

from configs.settings import LEXICON
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize
from retrieval.analysis.segment import PythonSegmenter, RustSegmenter, Segmenter, open_segmenter
from tests.title_index import read_texts

MIXED = (("t恤", 20_000), ("a字裙", 20_000), ("3c认证", 20_000), ("24口", 20_000), ("wi-fi", 20_000), ("k金", 20_000))
Pair = tuple[Segmenter, Segmenter]


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.ERROR)
    return jieba.Tokenizer()


@pytest.fixture(scope="module")
def built_in() -> Pair:
    words = load_lexicon(LEXICON).user_words
    return RustSegmenter(words), PythonSegmenter(words)


@pytest.fixture(scope="module")
def mixed() -> Pair:
    return RustSegmenter(MIXED), PythonSegmenter(MIXED)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    texts = [normalize(text) for text in read_texts()]
    assert len(texts) >= 400
    return texts


def test_without_user_words_words_are_those_of_jieba(reference: jieba.Tokenizer, texts: list[str]) -> None:
    rust = RustSegmenter()
    different = [text for text in texts if rust.cut(text) != reference.lcut(text)]
    assert len(different) <= 0.001 * len(texts), different


@pytest.mark.parametrize("pair", ["built_in", "mixed"])
def test_with_user_words_both_agree(pair: str, texts: list[str], request: pytest.FixtureRequest) -> None:
    rust, python = request.getfixturevalue(pair)
    for text in texts:
        words = rust.cut(text)
        assert words == python.cut(text)
        assert "".join(words) == text
        assert [rust.inner_words(word) for word in words] == [python.inner_words(word) for word in words]


def test_inner_words_are_those_of_search_mode(reference: jieba.Tokenizer, texts: list[str]) -> None:
    rust = RustSegmenter()
    for text in texts:
        ours = [piece for word in rust.cut(text) for piece in (*rust.inner_words(word), word)]
        assert ours == reference.lcut_for_search(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("白色t恤男", ["白色", "t恤", "男"]),
        ("a字裙半身裙", ["a字裙", "半身裙"]),
        ("充电宝3c认证", ["充电", "宝", "3c认证"]),
        ("24口交换机", ["24口", "交换机"]),
        ("wi-fi路由器", ["wi-fi", "路由器"]),
        ("18k金项链", ["18", "k金", "项链"]),
    ],
)
def test_user_words_are_cut_whole(text: str, words: list[str], mixed: Pair) -> None:
    for segmenter in mixed:
        assert segmenter.cut(text) == words
    assert RustSegmenter().cut(text) != words


def test_kinds_and_names(built_in: Pair) -> None:
    rust, python = built_in
    assert isinstance(open_segmenter("auto"), RustSegmenter)
    assert isinstance(open_segmenter("rust"), RustSegmenter)
    assert open_segmenter("rust") is open_segmenter("rust") is not open_segmenter("rust", [("防晒衣", 9)])
    assert isinstance(open_segmenter("python"), PythonSegmenter)
    assert rust.name == python.name
