"""Files of videos:

1. A folder, with those below it, gives a video for each file of captions, by name; other files, and hidden ones, are
   passed over; a folder without captions, and one among products, is an error.
2. A record of the same id says the rest, and the captions are its segments, whichever is named first.
3. Where the captions of a record cannot be read, the record stays as it is, and that is counted.
4. One video in two formats is read once, from the other where one is bad; two files of one name in two places are a
   duplicate.
5. One bad file sinks no other; captions are no products.
6. The encodings of a folder are told together.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from indexer.sources.limits import Limits
from indexer.sources.readers import encodings, read_products, total_bytes
from indexer.sources.rejects import RejectLog
from retrieval.errors import InputError
from tests.unit.indexer.sources.helpers import read_video_files, spoken, write_lines


def srt(text: str, encoding: str = "utf-8") -> bytes:
    return f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n".encode(encoding)


def filled(folder: Path, **files: bytes) -> Path:
    """`__` in a name is a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def test_folder(tmp_path: Path) -> None:  # 1
    folder = filled(tmp_path / "f", b__srt=srt("乙"), a__vtt=srt("甲"), cover__jpg=b"x", notes__txt=b"x")
    filled(folder / "more", c__SRT=srt("丙"), __d__srt=srt("丁"))
    (folder / "more" / "._c.srt").write_bytes(b"\x00\x05")
    videos, rejects = read_video_files(folder)
    assert [(video.id, video.title, spoken(video)[0][2]) for video in videos] == [
        ("a", "", "甲"),
        ("b", "", "乙"),
        ("c", "", "丙"),
    ]
    assert rejects == []


def test_folders_that_are_none(tmp_path: Path) -> None:  # 1
    filled(tmp_path / "f", cover__jpg=b"x")
    with pytest.raises(InputError, match="has no captions"):
        read_video_files(tmp_path / "f")
    with pytest.raises(InputError, match="is a folder"):
        total_bytes([filled(tmp_path / "g", a__srt=srt("甲"))])


@pytest.mark.parametrize("first", ["records", "captions"])
def test_a_record_says_the_rest(first: str, tmp_path: Path) -> None:  # 2
    rows = [{"id": 7, "title": "测评", "creator": "小王", "products": ["p1"]}, {"id": "v8", "segments": ["没有字幕"]}]
    records = write_lines(tmp_path / "v.jsonl", map(orjson.dumps, rows))
    folder = filled(tmp_path / "f", **{"7__srt": srt("甲"), "v9__srt": srt("丙")})
    videos, rejects = read_video_files(*([records, folder] if first == "records" else [folder, records]))
    assert [(video.id, video.title, [text for _, _, text in spoken(video)]) for video in videos] == [
        ("7", "测评", ["甲"]),
        ("v8", "", ["没有字幕"]),
        ("v9", "", ["丙"]),
    ]
    assert [shown.product_id for shown in videos[0].products] == ["p1"]
    assert rejects == []


def test_a_record_stays_where_its_captions_are_bad(tmp_path: Path) -> None:  # 3
    records = write_lines(tmp_path / "v.jsonl", [b'{"id": "v1", "segments": [{"text": "own"}]}'])
    bad = filled(tmp_path / "f", v1__srt=b"nothing\n") / "v1.srt"
    [video], rejects = read_video_files(records, bad)
    assert spoken(video) == [(None, None, "own")]
    assert [(reject["file"], reject["reason"], reject["rows"]) for reject in rejects] == [
        (str(bad), "bad_cue", 0),
        (str(bad), "no_cues", 0),
    ]


def test_one_video_twice(tmp_path: Path) -> None:  # 4
    folder = filled(tmp_path / "f", a__srt=srt("甲"), a__vtt=srt("乙"))
    other = filled(tmp_path / "g", a__srt=srt("丙"))
    [video], rejects = read_video_files(folder, other, folder / "a.srt")
    assert spoken(video) == [(1.0, 2.0, "甲")]
    assert [(Path(reject["file"]).name, reject["reason"], reject["rows"]) for reject in rejects] == [
        ("a.srt", "duplicate_id", 1),
        ("a.srt", "same_name", 0),
        ("a.vtt", "same_name", 0),
    ]


def test_the_other_format_where_one_is_bad(tmp_path: Path) -> None:  # 4
    folder = filled(tmp_path / "f", a__srt=b"nothing\n", a__vtt=srt("乙"))
    [video], rejects = read_video_files(folder)
    assert spoken(video) == [(1.0, 2.0, "乙")]
    assert {(Path(reject["file"]).name, reject["rows"]) for reject in rejects} == {("a.srt", 0)}


def test_one_bad_file_sinks_no_other(tmp_path: Path) -> None:  # 5
    folder = filled(tmp_path / "f", a__srt=srt("甲"), b__srt=b"", c__srt=b"\xff\xfe\x00", d__vtt=srt("丁"))
    videos, rejects = read_video_files(folder)
    assert [video.id for video in videos] == ["a", "d"]
    rows = [(Path(reject["file"]).name, reject["reason"]) for reject in rejects if reject["rows"]]
    assert rows == [("b.srt", "no_cues"), ("c.srt", "no_cues")]
    with pytest.raises(InputError, match="unknown format"):
        read_products([folder / "a.srt"], limits=Limits(), rejects=RejectLog())


def test_encodings(tmp_path: Path) -> None:  # 6
    folder = filled(tmp_path / "f", a__srt=srt("甲乙丙", "gbk"), b__srt=srt("甲"), c__srt=srt("乙"))
    assert encodings([folder, folder / "a.srt"]) == {
        str(folder): "gb18030, utf-8",
        str(folder / "a.srt"): "gb18030",
    }
