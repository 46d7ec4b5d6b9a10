"""Words of 20,000 real titles and queries:

1. Without user words they are those of jieba in ≥ 99.9 % of the texts.
2. With the built-in user words both segmenters agree in ≥ 99.9 %.
"""

from __future__ import annotations

import logging
from pathlib import Path

import jieba
import pytest

from configs.settings import LEXICON
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize
from retrieval.analysis.segment import PythonSegmenter, RustSegmenter
from tests.real.catalogue import drawn, real_queries, real_titles

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

EACH = 10_000
MOST_DIFFERENT = 0.001


@pytest.fixture(scope="module")
def texts(real_data: Path) -> list[str]:
    titles, queries = drawn(real_titles(real_data), EACH, seed=3), drawn(real_queries(real_data), EACH, seed=3)
    return [normalize(text) for text in titles + queries]


def test_words_are_those_of_jieba(texts: list[str]) -> None:
    jieba.setLogLevel(logging.ERROR)
    reference, rust = jieba.Tokenizer(), RustSegmenter()
    different = [text for text in texts if rust.cut(text) != reference.lcut(text)]
    assert len(different) <= MOST_DIFFERENT * len(texts), different[:20]


def test_both_segmenters_agree_on_user_words(texts: list[str]) -> None:
    words = load_lexicon(LEXICON).user_words
    rust, python = RustSegmenter(words), PythonSegmenter(words)
    different = [text for text in texts if rust.cut(text) != python.cut(text)]
    assert len(different) <= MOST_DIFFERENT * len(texts), different[:20]
