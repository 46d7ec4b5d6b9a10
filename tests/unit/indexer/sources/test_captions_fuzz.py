"""Captions however they are written:

1. What is written, with or without indexes, hours and blank lines, in any encoding, reads as it was.
2. Any lines at all, and any bytes: one video or one rejected row, and nothing crashes.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources.rejects import REASONS
from tests.unit.indexer.sources.helpers import read_video_files, spoken

SAYINGS = st.sampled_from(["今天测评", "1999", "3", "2", "价格<100元", "三款 电饭煲", "->", "A&B", "{好}"])
CUES = st.lists(
    st.tuples(st.integers(0, 7_200_000), st.integers(0, 5_000), st.lists(SAYINGS, min_size=1, max_size=3)),
    min_size=1,
    max_size=8,
)
PIECES = st.sampled_from(
    [
        "1", "2", "", "WEBVTT", "NOTE", "STYLE", "今天测评", "00:00:01,000 --> 00:00:02,000", "00:05 --> 00:04",
        "-->", "a --> b", "99:99 --> 100:00", "<c>", "</c", "{\\an8}", "&lt;", "\x00", "\ufeff", "𝟙", "²", "00:00:0",
    ]
)  # fmt: skip


def clock(milliseconds: int, mark: str, hours: bool) -> str:
    rest, milli = divmod(milliseconds, 1000)
    minutes, seconds = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    head = f"{hour:02d}:" if hours or hour else ""
    return f"{head}{minute:02d}:{seconds:02d}{mark}{milli:03d}"


@settings(max_examples=300, deadline=None)
@given(
    cues=CUES,
    vtt=st.booleans(),
    numbered=st.booleans(),
    hours=st.booleans(),
    mark=st.sampled_from(".,"),
    between=st.sampled_from(["\n", "\n\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_reads_as_written(
    cues: list[tuple[int, int, list[str]]],
    vtt: bool,
    numbered: bool,
    hours: bool,
    mark: str,
    between: str,
    encoding: str,
) -> None:  # 1
    now, written, expected = 0, [], []
    for number, (gap, length, lines) in enumerate(cues, start=1):
        # Apart, so that no line is taken to have stayed from the caption before.
        now += 1_000 + gap
        index = [str(number)] if numbered else []
        times = f"{clock(now, mark, hours)} --> {clock(now + length, mark, hours)}"
        written.append("\n".join([*index, times, *lines]))
        expected.append((now / 1000, (now + length) / 1000, " ".join(lines)))
        now += length
    text = ("WEBVTT\n\n" if vtt else "") + "\n\n".join(written) + between
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("v.vtt" if vtt else "v.srt")
        path.write_bytes(text.encode(encoding))
        [video], rejects = read_video_files(path)
    assert spoken(video) == expected
    assert rejects == []


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES).map(lambda lines: "\n".join(lines).encode()), st.binary()), st.booleans())
def test_any_content(content: bytes, vtt: bool) -> None:  # 2
    with TemporaryDirectory() as folder:
        (Path(folder) / "f").mkdir()
        (Path(folder) / "f" / ("v.vtt" if vtt else "v.srt")).write_bytes(content)
        videos, rejects = read_video_files(Path(folder) / "f")
    assert len(videos) + sum(reject["rows"] for reject in rejects) == 1
    assert {reject["reason"] for reject in rejects} <= set(REASONS)
