"""Transcripts in a folder:

1. What a recogniser wrote is read under the name of its file: as an object, a list of one, wrapped as services do, a
   list of segments, in any encoding.
2. A transcript is read before captions of the same name, which are counted as parts; where it says nothing, they are.
3. Other JSON is no video and no rejected row, but counted as a part.
4. A record of the same id says the rest; a single .json is a file of records, as everywhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.sources.limits import Limits
from tests.unit.indexer.sources.helpers import read_video_files, spoken

SEGMENTS = [{"start": 1, "end": 2, "text": "今天测评", "avg_logprob": 0.0}]
MILLISECONDS = [{"start_time": 1000, "end_time": 2000, "text": "今天测评"}]
SRT = "1\n00:00:05,000 --> 00:00:06,000\n字幕\n"


def folder(path: Path, **files: Any) -> Path:
    """`v1_json` is v1.json."""
    (path / "f").mkdir()
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2)
        (path / "f" / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return path / "f"


@pytest.mark.parametrize(
    "content",
    [
        {"text": "今天测评", "segments": SEGMENTS, "language": "zh"},
        [{"key": "v1", "text": "今天测评", "sentence_info": [{"start": 1000, "end": 2000, "text": "今天测评"}]}],
        {"result": [{"text": "今天测评", "utterances": MILLISECONDS}]},
        {"transcripts": [{"sentences": [{"begin_time": 1000, "end_time": 2000, "text": "今天测评"}]}]},
        SEGMENTS,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_forms(content: object, encoding: str, tmp_path: Path) -> None:  # 1
    (folder(tmp_path) / "v1.json").write_bytes(json.dumps(content, ensure_ascii=False).encode(encoding))
    [video], rejects = read_video_files(tmp_path / "f")
    assert (video.id, spoken(video)) == ("v1", [(1.0, 2.0, "今天测评")])
    assert rejects == []


def test_texts_alone(tmp_path: Path) -> None:  # 1
    [video], _ = read_video_files(folder(tmp_path, v1_json=["第一句", "第二句"]))
    assert spoken(video) == [(None, None, "第一句"), (None, None, "第二句")]


def test_before_captions(tmp_path: Path) -> None:  # 2
    [video], rejects = read_video_files(folder(tmp_path, v1_json={"segments": SEGMENTS}, v1_srt=SRT, v1_vtt=SRT))
    assert (video.segments[0].text, video.segments[0].confidence) == ("今天测评", 1.0)
    assert [(reject["file"][-3:], reject["reason"], reject["rows"]) for reject in rejects] == [
        ("srt", "same_name", 0),
        ("vtt", "same_name", 0),
    ]


@pytest.mark.parametrize("content", ['{"segments":', "[]", '{"title": "测评"}', '[{"id": "v2", "segments": ["a"]}, 3]'])
def test_where_it_says_nothing(content: str, tmp_path: Path) -> None:  # 2, 3
    videos, rejects = read_video_files(folder(tmp_path, v1_json=content, v1_srt=SRT, v9_info_json=content))
    assert [(video.id, spoken(video)) for video in videos] == [("v1", [(5.0, 6.0, "字幕")])]
    reason = "invalid_json" if content.endswith(":") else "no_cues"
    assert [(reject["reason"], reject["rows"]) for reject in rejects] == [(reason, 0), (reason, 0)]


def test_bounded(tmp_path: Path) -> None:  # 3
    given = folder(tmp_path, v1_json={"segments": SEGMENTS})
    videos, [reject] = read_video_files(given, limits=Limits(max_line_bytes=20))
    assert (videos, reject["reason"], reject["rows"]) == ([], "line_too_long", 0)


def test_with_a_record(tmp_path: Path) -> None:  # 4
    (tmp_path / "v.json").write_text('[{"id": "v1", "title": "测评", "transcription": []}]', encoding="utf-8")
    given = folder(tmp_path, v1_json=[{"sentence_info": [{"start": 1000, "end": 2000, "text": "今天测评"}]}])
    [video], rejects = read_video_files(tmp_path / "v.json", given)
    assert (video.title, spoken(video)) == ("测评", [(1.0, 2.0, "今天测评")])
    assert rejects == []
