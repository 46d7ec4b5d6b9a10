"""SubRip and WebVTT:

1. The same captions, whatever the encoding, the mark and the line ends, in both formats.
2. Times: hours may lack, a comma is a dot, digits may be few; full-width marks and other arrows are read.
3. What has no times that can be read, ends before it starts, or says nothing is skipped under its line, as a part of
   the video: the other captions are read, and none of it counts as a row.
4. What is said may be only a number, also one that could be an index; a blank line may stand in it; it may stand beside
   the times.
5. Tags, positions, styles and entities are not said; a "<" that opens no tag is, and so is an arrow.
6. Comments, styles, regions and headers are not said, in WebVTT; in SubRip these are words like any other.
7. Indexes may lack, and blank lines between captions, too; or there is one after each line.
8. A file without one caption is a reject that says what was found, and in which encoding it was read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.sources.limits import Limits
from tests.unit.indexer.sources.helpers import read_video_files, spoken

SRT = """1
00:01:11,913 --> 00:01:13,346
上海产的连衣裙

2
00:01:14,000 --> 00:01:15,000
今天只要九十九
"""
VTT = "WEBVTT\n\n" + SRT.replace(",", ".").replace("00:01:", "01:")
SAID = [(71.913, 73.346, "上海产的连衣裙"), (74.0, 75.0, "今天只要九十九")]


def read(path: Path, text: str | bytes) -> tuple[list[tuple[float | None, float | None, str]], list[tuple[int, str]]]:
    """What is said, and line and reason of the rejects, none of which is a row."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    [video], rejects = read_video_files(path)
    assert video.id == path.stem
    assert {reject["rows"] for reject in rejects} <= {0}
    return spoken(video), [(reject["line"], reject["reason"]) for reject in rejects]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("name", "text"), [("v.srt", SRT), ("v.SRT", SRT), ("v.vtt", VTT)])
def test_the_same_captions(name: str, text: str, encoding: str, line_end: str, tmp_path: Path) -> None:  # 1
    assert read(tmp_path / name, text.replace("\n", line_end).encode(encoding)) == (SAID, [])


def test_one_caption_tells_the_encoding(tmp_path: Path) -> None:  # 1
    assert read(tmp_path / "v.srt", SRT.partition("\n\n")[0].encode("gbk")) == (SAID[:1], [])


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("00:01:11.913 --> 00:01:13.346 align:start position:0%", (71.913, 73.346)),
        ("01:11,913 --> 01:13,346", (71.913, 73.346)),
        ("0:1:5.2 --> 0:1:7.0", (65.2, 67.0)),
        ("1:05 --> 1:07", (65.0, 67.0)),
        ("00:00:01,5004 --> 00:00:02,000", (1.5, 2.0)),
        ("00：00：01，500 --> 00：00：02，000", (1.5, 2.0)),
        ("00: 00: 01, 500 -> 00: 00: 02, 000", (1.5, 2.0)),
        ("00:00:01,500 -- > 00:00:02,000 X1:40 Y1:20", (1.5, 2.0)),
        ("00:00:01.500 —> 00:00:02.000", (1.5, 2.0)),
        ("101:00:00,000 --> 101:00:00,000", (363_600.0, 363_600.0)),
    ],
)
@pytest.mark.parametrize("name", ["v.srt", "v.vtt"])
def test_times(times: str, expected: tuple[float, float], name: str, tmp_path: Path) -> None:  # 2
    assert read(tmp_path / name, f"1\n{times}\n测评\n") == ([(*expected, "测评")], [])


@pytest.mark.parametrize("name", ["v.srt", "v.vtt"])
def test_what_is_said_beside_the_times(name: str, tmp_path: Path) -> None:  # 4
    text = "00:01.000 --> 00:02.000 今天测评\n\n00:03.000 --> 00:04.000 line:0 align:start\n三款\n"
    assert read(tmp_path / name, text) == ([(1.0, 2.0, "今天测评"), (3.0, 4.0, "三款")], [])


@pytest.mark.parametrize(
    "cue",
    [
        "60:00.000 --> 60:02.000\n坏",
        "00:00:61,000 --> 00:00:62,000\n坏",
        "00:01:20.000 --> 00:01:19.000\n坏",
        "00:00:05:500 --> 00:00:06:500\n坏",
        "00:00:1O,000 --> 00:00:11,000\n坏",
        "-00:00:01,000 --> 00:00:01,000\n坏",
        "00:00:05,000 -->\n坏",
        "bad --> time\n坏\n\n坏",
        "00:00:05,000 --> 00:00:06,000\n",
        "00:00:05,000 --> 00:00:06,000\n<i></i>{\\an8}",
    ],
)
@pytest.mark.parametrize("index", ["3\n", ""])
@pytest.mark.parametrize(("name", "text"), [("v.srt", SRT), ("v.vtt", VTT)])
def test_what_cannot_be_read_is_counted(name: str, text: str, index: str, cue: str, tmp_path: Path) -> None:  # 3
    line = text.count("\n") + 2 + len(index) // 2
    after = "\n\n4\n00:02:00.000 --> 00:02:01.000\n好\n"
    expected = [*SAID, (120.0, 121.0, "好")]
    assert read(tmp_path / name, f"{text}\n{index}{cue}{after}") == (expected, [(line, "bad_cue")])


@pytest.mark.parametrize("bad", [b"\xff\xfe\xfd", b"a\x00b"])
def test_a_line_that_is_no_text_is_counted_once(bad: bytes, tmp_path: Path) -> None:  # 3
    text = SRT.encode().replace("今天只要九十九".encode(), bad)
    reason = "nul_byte" if b"\0" in bad else "invalid_utf8"
    assert read(tmp_path / "v.srt", text) == (SAID[:1], [(7, reason)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1999", "1999"),
        ("3", "3"),
        ("3\n2\n1", "3 2 1"),
        ("第一句\n\n第二句", "第一句 第二句"),
        ("\n第一句", "第一句"),
        ("前面\n\n1999\n\n后面", "前面 1999 后面"),
        ("第三\n4", "第三 4"),
    ],
)
@pytest.mark.parametrize(("name", "text"), [("v.srt", SRT), ("v.vtt", VTT)])
def test_numbers_and_blank_lines(name: str, text: str, said: str, expected: str, tmp_path: Path) -> None:  # 4
    more = f"\n3\n00:01:16.000 --> 00:01:17.000\n{said}\n\n4\n00:01:18.000 --> 00:01:19.000\n好\n"
    assert read(tmp_path / name, text + more) == ([*SAID, (76.0, 77.0, expected), (78.0, 79.0, "好")], [])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<v 张三>今天<c.red>测评</c></v>", "今天测评"),
        ("<00:00:01.200><c>今天</c><00:00:01.900><c>测评</c>", "今天测评"),
        (r"{\an8}<i>今天</i> <font color='#fff'>测评</font>", "今天 测评"),
        (r"今天\N测评", "今天 测评"),
        ("A&amp;B &lt;3", "A&B <3"),
        ("价格<100元，3<5", "价格<100元，3<5"),
        ("点击 --> 购物车", "点击 --> 购物车"),
        ("\u200b今天\ufeff测评", "今天测评"),
        ("3步 → 搞定", "3步 → 搞定"),
    ],
)
@pytest.mark.parametrize("name", ["v.srt", "v.vtt"])
def test_what_is_not_said(name: str, said: str, expected: str, tmp_path: Path) -> None:  # 5
    assert read(tmp_path / name, f"00:01.000 --> 00:02.000\n{said}\n") == ([(1.0, 2.0, expected)], [])


def test_comments_and_styles(tmp_path: Path) -> None:  # 6
    text = VTT.replace(
        "\n\n",
        "\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\nNOTE 说明\n还有\n\n",
        1,
    )
    assert read(tmp_path / "v.vtt", f"{text}\nNOTE\n完\n") == (SAID, [])
    said = [*SAID[:1], (74.0, 75.0, "今天只要九十九 NOTE 完")]
    assert read(tmp_path / "v.srt", f"{SRT}\nNOTE\n完\n") == (said, [])
    assert read(tmp_path / "v.srt", f"片头\n\n{SRT}") == (SAID, [(1, "bad_cue")])


@pytest.mark.parametrize("name", ["v.srt", "v.vtt"])
def test_indexes_and_blank_lines_may_lack(name: str, tmp_path: Path) -> None:  # 7
    assert read(tmp_path / name, SRT.replace("\n\n", "\n")) == (SAID, [])
    assert read(tmp_path / name, SRT.replace("\n", "\n\n")) == (SAID, [])
    assert read(tmp_path / name, SRT.replace("\n", "\r\r\n")) == (SAID, [])
    assert read(tmp_path / name, SRT.replace("1\n00", "00").replace("2\n00", "00")) == (SAID, [])
    assert read(tmp_path / name, SRT.replace("1\n00", "00").replace("\n\n2\n00", "\n00")) == (SAID, [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("没有时间\n".encode(), "of 1 lines, read as utf-8, 0 have times"),
        ("1\n00:00:01,000 --> 00:00:02,000\n這個東西真的很好用\n".encode("big5"), "read as utf-8, 1 have times"),
        ("1\n00:00:02,000 --> 00:00:01,000\n好用的\n".encode("gbk"), "read as gb18030, 1 have times"),
    ],
)
def test_no_caption_is_a_reject(content: bytes, message: str, tmp_path: Path) -> None:  # 8
    (tmp_path / "v.srt").write_bytes(content)
    videos, rejects = read_video_files(tmp_path / "v.srt")
    assert videos == []
    assert [(reject["line"], reject["reason"]) for reject in rejects if reject["rows"]] == [(1, "no_cues")]
    assert message in rejects[-1]["message"]


def test_a_file_is_a_row_and_bounded_as_one(tmp_path: Path) -> None:  # 8
    (tmp_path / "v.srt").write_text(SRT, encoding="utf-8")
    videos, [reject] = read_video_files(tmp_path / "v.srt", limits=Limits(max_line_bytes=100))
    assert (videos, reject["reason"], reject["rows"]) == ([], "line_too_long", 1)
