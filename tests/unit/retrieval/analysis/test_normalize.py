"""Normal form:

1. Width, case, compatibility forms, script and separators each have one written form; what joins a model number stays.
2. Emoji and repeated marks become spaces, one for each character; invisible characters vanish.
3. Traditional script is simplified before words are cut, so both scripts have the same tokens.
4. Control characters and lone surrogates become spaces and hinder nothing else.
5. The aligned form tells where every character came from, also where one became several or several became one.
"""

from __future__ import annotations

import pytest

from retrieval.analysis.normalize import normalize, normalize_aligned
from tests.title_index import built_in_analyzer


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ｔ恤　ＸＬ", "t恤 xl"),
        ("５００㎖", "500ml"),
        ("㎏ Ⅲ ② ㈱", "kg iii 2  株 "),
        ("iPhone15ProMAX", "iphone15promax"),
        ("ｶﾞﾝﾀﾞﾑ", "ガンダム"),
        ("ㄱㅏ 한복", "가 한복"),
        ("cafe\u0301", "café"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("連衣裙 藍牙耳機 電飯鍋 門鎖", "连衣裙 蓝牙耳机 电饭锅 门锁"),
        ("乾隆 乾燥", "乾隆 干燥"),
        ("【官方】红色，L码！(现货)", " 官方 红色 l码  现货 "),
        ("CXW-260-JQ25T", "cxw-260-jq25t"),
        ("1.5m/2m+100%&#_", "1.5m/2m+100%&#_"),
        ("38*28cm 20×30", "38x28cm 20x30"),
        ("a*b 5 * 6", "a b 5   6"),
        ("", ""),
    ],
)
def test_one_written_form(written: str, expected: str) -> None:
    assert normalize(written) == expected
    assert normalize_aligned(written)[0] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("花🌸裙", "花 裙"),
        ("礼物👨‍👩‍👧送", "礼物   送"),
        ("清仓！！！包邮", "清仓   包邮"),
        ("a--b...c", "a  b   c"),
        ("a-b", "a-b"),
        ("连\u200b衣\ufeff裙\u00ad", "连衣裙"),
    ],
)
def test_emoji_repeated_marks_and_invisible_characters(written: str, expected: str) -> None:
    assert normalize(written) == expected


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("無線藍牙耳機降噪", "无线蓝牙耳机降噪"),
        ("羽絨服女中長款", "羽绒服女中长款"),
        ("臺灣鳳梨酥禮盒", "台湾凤梨酥礼盒"),
    ],
)
def test_script_is_unified_before_words_are_cut(traditional: str, simplified: str) -> None:
    analyzer = built_in_analyzer()
    assert analyzer.tokens(traditional) == analyzer.tokens(simplified)
    assert analyzer.query(traditional).terms == analyzer.query(simplified).terms


@pytest.mark.parametrize("strange", ["\x00", "\x1f", "\x7f", "\ud800", "\U0010ffff"])
def test_strange_characters_are_spaces(strange: str) -> None:
    assert normalize(f"連{strange}衣裙") == "连 衣裙"
    assert normalize_aligned(f"連{strange}衣裙") == ("连 衣裙", [0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    ("written", "expected", "origin"),
    [
        ("連衣裙", "连衣裙", [0, 1, 2, 3]),
        ("5㎖水", "5ml水", [0, 1, 1, 2, 3]),
        ("e\u0301花", "é花", [0, 2, 3]),
        ("e\u200b\u0301花", "é花", [0, 3, 4]),
        ("連\u200b衣", "连衣", [0, 2, 3]),
        ("ｶﾞ", "ガ", [0, 2]),
        ("", "", [0]),
    ],
)
def test_origins(written: str, expected: str, origin: list[int]) -> None:
    normalized, origins = normalize_aligned(written)
    assert (normalized, list(origins)) == (expected, origin)
