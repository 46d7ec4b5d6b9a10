"""Words of Taiwan and Hong Kong:

1. A query is read in words of the mainland, in either script, alone or beside others, and before it is segmented.
2. What was written is found, too, and scores.
3. Only whole words are read: not what stands across two words of the mainland.
4. No word of the table is one of the mainland's that stands for something else, and none is read twice.
5. A line that cannot be read is an error with its place.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.regional import Reading, read
from retrieval.errors import LexiconError
from tests.title_index import built_in_analyzer

ANALYZER = built_in_analyzer()


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("滑鼠", "鼠标"),
        ("滑鼠墊 黑色", "鼠标垫 黑色"),
        ("隨身碟 64G", "u盘 64g"),
        ("随身碟64g", "u盘64g"),
        ("穿著舒適", "穿着舒适"),
        ("印表機", "打印机"),
        ("固態硬碟 1TB", "固态硬盘 1tb"),
        ("行動電源 20000mAh", "充电宝 20000mah"),
        ("紅色腳踏車", "红色自行车"),
        ("兒童洗髮精", "儿童洗发水"),
        ("智慧手錶", "智能手表"),
        ("OK繃", "创可贴"),
    ],
)
def test_it_is_read_in_words_of_the_mainland(query: str, meant: str) -> None:  # 1
    assert ANALYZER.query(query).normalized == meant


@pytest.mark.parametrize(
    ("query", "title"), [("隨身碟", "高速隨身碟"), ("滑鼠", "電競滑鼠"), ("原子筆", "原子筆 黑色")]
)
def test_what_was_written_is_found(query: str, title: str) -> None:  # 2
    tokens = set(ANALYZER.tokens(title))
    text = ANALYZER.query(query)
    assert all(any(tokens.issuperset(way) for way in term.alternatives) for term in text.required)
    assert not tokens.isdisjoint(text.weights)


@pytest.mark.parametrize(
    "query", ["防滑鼠标垫", "鼠标", "土豆", "单车", "凤梨酥", "地瓜干", "机车夹克", "品质女装", "孕妇穿着舒适"]
)
def test_words_of_the_mainland_stay(query: str) -> None:  # 3 4
    assert ANALYZER.query(query).normalized == query


def test_longest_first_and_once() -> None:  # 1 4
    words = ["随身", "碟", " ", "硬碟", "盒"]
    text, readings = read(words, {"随身碟": "u盘", "硬碟": "硬盘", "u盘": "优盘"})
    assert text == "u盘 硬盘盒"
    assert readings == (Reading(0, 2, "随身碟"), Reading(3, 5, "硬碟"))
    table = ANALYZER.lexicon.regional
    assert len(table) > 100
    assert not table.keys() & set(table.values())


@pytest.mark.parametrize("line", ["滑鼠", "滑鼠\t滑鼠", "硬碟\t硬盘\t1", "！\t鼠标"])
def test_a_line_that_cannot_be_read(line: str, tmp_path: Path) -> None:  # 5
    (tmp_path / "regional.tsv").write_text(f"# 港台\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"regional\.tsv:2"):
        load_lexicon(tmp_path)
