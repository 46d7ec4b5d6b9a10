"""Lexicon files:

1. The four files are read: columns, defaults, comments, blank lines, spaces, CRLF and a byte-order mark.
2. Entries are normalised as texts are; words may mix letters, digits and Han characters, and have blanks inside.
3. A line that cannot be read is an error that names file and line and says what is wrong; nothing is skipped.
4. A file that is absent is empty, a folder that is absent is an error.
5. The built-in folder loads.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.analysis.lexicon import Lexicon, Synonym, load_lexicon
from retrieval.analysis.quantities import Unit
from retrieval.analysis.segment import WORD_FREQUENCY
from retrieval.errors import LexiconError
from tests.title_index import make_analyzer


def test_all_four_files(tmp_path: Path) -> None:
    (tmp_path / "user_words.txt").write_text("# 词\n马面裙\nT恤\t500  # 常见\n\n  ３Ｃ認證  \n", encoding="utf-8")
    (tmp_path / "stop_words.txt").write_text("的\n想买\n", encoding="utf-8")
    (tmp_path / "synonyms.tsv").write_text("奇异果\t猕猴桃\t0.9\n奇异果\t獼猴桃果\n", encoding="utf-8")
    (tmp_path / "units.tsv").write_text("ML\t毫升\t1\nml\tL\t1000\n", encoding="utf-8")
    assert load_lexicon(tmp_path) == Lexicon(
        user_words=(("马面裙", WORD_FREQUENCY), ("t恤", 500), ("3c认证", WORD_FREQUENCY)),
        stop_words=frozenset({"的", "想买"}),
        synonyms={"奇异果": (Synonym("奇异果", "猕猴桃", 0.9), Synonym("奇异果", "猕猴桃果", 1.0))},
        units={"毫升": Unit("毫升", "ml", Decimal(1)), "l": Unit("l", "ml", Decimal(1000))},
    )


@pytest.mark.parametrize(
    "data",
    [
        "马面裙\nt恤\n".encode(),
        "\ufeff马面裙\r\nT恤\r\n".encode(),
        "\ufeff# 词\r\n马面裙\nT恤\n".encode(),
        "  马面裙  \n\n# 说明\n\tt恤".encode(),
        "馬面裙 # 繁体\nＴ恤\t20000".encode(),
    ],
)
def test_written_forms(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "user_words.txt").write_bytes(data)
    assert load_lexicon(tmp_path).user_words == (("马面裙", WORD_FREQUENCY), ("t恤", WORD_FREQUENCY))


def test_a_user_word_with_a_blank_is_one_term(tmp_path: Path) -> None:
    (tmp_path / "user_words.txt").write_text("Smart  TV\n长 裙\n", encoding="utf-8")
    analyzer = make_analyzer(load_lexicon(tmp_path))
    for query, terms in [
        ("55寸 Smart TV", ["55", "寸", "smart tv"]),
        ("smart watch", ["smart", "watch"]),
        ("长 裙 红", ["长 裙", "红"]),
    ]:
        found = analyzer.query(query)
        assert [term.text for term in found.terms] == terms
        assert all(set(term.alternatives[0]) <= set(analyzer.tokens(f"新款 {query} 包邮")) for term in found.terms)


def test_mixed_user_words_are_words_of_documents_and_queries(tmp_path: Path) -> None:
    (tmp_path / "user_words.txt").write_text("T恤\nA字裙\n3C认证\n24口\n5g手机\n", encoding="utf-8")
    analyzer = make_analyzer(load_lexicon(tmp_path))
    for word, title in [
        ("t恤", "白色T恤男"),
        ("a字裙", "高腰A字裙女"),
        ("3c认证", "充电宝3C認證"),
        ("24口", "24口交换机"),
    ]:
        assert word in analyzer.tokens(title)
        assert word in [term.text for term in analyzer.query(title).terms]
    assert [term.text for term in analyzer.query("5G手机").terms] == ["5g手机"]


@pytest.mark.parametrize(
    ("name", "line", "problem"),
    [
        ("user_words.txt", "连衣裙\t很多", "not a number"),
        ("user_words.txt", "连衣裙\t0", "not a whole number"),
        ("user_words.txt", "连衣裙\t1.5", "not a whole number"),
        ("user_words.txt", "连衣裙\t1e99", "not a whole number"),
        ("user_words.txt", "连衣裙\tNaN", "not finite"),
        ("user_words.txt", "连衣裙\t1\t2", "1 to 2 tab-separated columns expected, 3 found"),
        ("user_words.txt", "！！", "no letter"),
        ("stop_words.txt", "的\t了", "1 tab-separated columns expected, 2 found"),
        ("synonyms.tsv", "番茄", "2 to 3 tab-separated columns expected, 1 found"),
        ("synonyms.tsv", "番茄 西红柿", "2 to 3 tab-separated columns expected, 1 found"),
        ("synonyms.tsv", "番茄\t西红柿\t0", "not in (0, 1]"),
        ("synonyms.tsv", "番茄\t西红柿\t1.1", "not in (0, 1]"),
        ("synonyms.tsv", "番茄\t西红柿\t高", "not a number"),
        ("synonyms.tsv", "連衣裙\t连衣裙", "synonym of itself"),
        ("synonyms.tsv", "番茄\t。。", "no letter"),
        ("units.tsv", "ml\t毫升", "3 tab-separated columns expected, 2 found"),
        ("units.tsv", "ml\t毫升\t零", "not a number"),
        ("units.tsv", "ml\t毫升\t0", "factor 0 is not from"),
        ("units.tsv", "ml\t毫升\t-1", "factor -1 is not from"),
        ("units.tsv", "ml\t毫升\t1e999999", "is not from"),
        ("units.tsv", "ml\t毫升\tInfinity", "not finite"),
        ("units.tsv", "fl oz\toz\t1", "one piece"),
    ],
)
def test_a_bad_line_is_named(name: str, line: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(f"# 第一行\n\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        load_lexicon(tmp_path)
    assert problem in caught.value.message
    assert caught.value.field == f"{name}:3"
    assert str(tmp_path / name) in (caught.value.hint or "")


@pytest.mark.parametrize("data", ["连衣裙".encode("gb18030"), "连衣裙".encode("utf-16"), b"ok\n\xff\n"])
def test_another_encoding_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "stop_words.txt").write_bytes(data)
    with pytest.raises(LexiconError, match="not UTF-8") as caught:
        load_lexicon(tmp_path)
    assert caught.value.field in {"stop_words.txt:1", "stop_words.txt:2"}
    assert (caught.value.field == "stop_words.txt:2") == (b"\n" in data and data.startswith(b"ok"))


def test_absent_files_and_folder(tmp_path: Path) -> None:
    assert load_lexicon(tmp_path) == Lexicon()
    with pytest.raises(LexiconError, match="no lexicon folder") as caught:
        load_lexicon(tmp_path / "nowhere")
    assert "analysis.lexicon_dir" in (caught.value.hint or "")


def test_the_built_in_folder_loads() -> None:
    lexicon = load_lexicon(LEXICON)
    assert {"t恤", "a字裙", "3c认证"} <= {word for word, _ in lexicon.user_words}
    assert lexicon.synonyms["奇异果"] == (Synonym("奇异果", "猕猴桃", 0.9),)
    assert "猕猴桃" not in lexicon.synonyms
    assert lexicon.units["升"].factor == 1000 * lexicon.units["毫升"].factor
    assert "的" in lexicon.stop_words
