"""Highlights (marked pieces are written in brackets):

1. A term is marked wherever it stands whole: also in the other script, in full width, and after characters that the
   normal form widens, joins or takes out.
2. Letters and digits are marked whole only; Han words that do not stand whole by their longest pieces.
3. Synonyms' targets are marked, stop words are not.
4. Fragments join to the text and change their mark at every border; no text has no fragments.
"""

from __future__ import annotations

import pytest

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.highlight import Highlighter
from retrieval.answer import Fragment
from tests.title_index import built_in_analyzer


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return built_in_analyzer()


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("连衣裙", "法式[连衣裙]女"),
        ("连衣裙", "純棉[連衣裙]女"),
        ("連衣裙", "法式[连衣裙]女"),
        ("蓝牙耳机", "無線[藍牙耳機]降噪"),
        ("a4纸", "打印[Ａ４纸]70g"),
        ("iphone", "[ＩＰＨＯＮＥ]手机壳"),
        ("500ml", "保温杯[500㎖]正品"),
        ("500ml", "[５００ｍｌ]保温杯"),
        ("连衣裙", "🎁✨[连衣裙]🌸"),
        ("礼物", "👨‍👩‍👧[礼物]送"),
        ("cafe 法压壶", "Café [法压壶]"),
        ("café", "[Cafe\u0301] 咖啡"),
        ("连衣裙", "[连\u200b衣裙]"),
        ("女", "[女]鞋[女]"),
        ("红色 连衣裙", "[红色连衣裙]"),
        ("连衣裙 红色", "[连衣裙] [红色]"),
    ],
)
def test_whole_terms(analyzer: Analyzer, query: str, marked: str) -> None:
    assert _marks(analyzer, query, marked) == marked


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("5", "15 [5] 150 [5]号"),
        ("m", "3[m] 300ml mm [m]"),
        ("pro", "Prolink 15[Pro] [pro]"),
        ("i5-11400F", "[i5-11400F]处理器"),
        ("长袖连衣裙", "[长袖]裙"),
        ("智能音箱", "[音箱]支架"),
        ("养生壶", "[养生]茶壶"),
    ],
)
def test_letters_digits_and_pieces(analyzer: Analyzer, query: str, marked: str) -> None:
    assert _marks(analyzer, query, marked) == marked


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("奇异果", "陕西[猕猴桃]5斤"),
        ("猕猴桃", "佳沛奇异果33号"),
        ("想买红色的裙子", "我的[红色裙子]"),
        ("", "连衣裙"),
        ("！！", "连衣裙！！"),
    ],
)
def test_synonyms_stop_words_and_nothing(analyzer: Analyzer, query: str, marked: str) -> None:
    assert _marks(analyzer, query, marked) == marked


def test_fragments(analyzer: Analyzer) -> None:
    query = analyzer.query("连衣裙")
    assert Highlighter(query)("法式连衣裙女") == (
        Fragment("法式", match=False), Fragment("连衣裙", match=True), Fragment("女", match=False),
    )  # fmt: skip
    assert Highlighter(query)("") == ()


def _marks(analyzer: Analyzer, query: str, marked: str) -> str:
    text = marked.replace("[", "").replace("]", "")
    fragments = Highlighter(analyzer.query(query))(text)
    return "".join(f"[{f.text}]" if f.match else f.text for f in fragments)
