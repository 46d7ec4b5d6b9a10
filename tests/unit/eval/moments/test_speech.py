"""Transcripts become an index that is asked:

1. Lines become transcripts: bars and times, title with caption, texts of the screen, lines of text alone; a prefix
   tells files apart. What is none is named.
2. What is said in one of two transcripts is found in its moment, by words and, with an encoder, by its vector.
3. Errors damage what is said and nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.moments.noise import Noise
from eval.moments.speech import Makers, SpokenSegment, Transcript, index_speech, read_transcripts, starts_of
from indexer.videos.clean import Cleaner
from indexer.videos.cut import Cutter
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.encoders import open_encoder
from retrieval.errors import InputError
from retrieval.schema import KINDS
from retrieval.videos.find import FindOptions
from tests.title_index import built_in_analyzer
from tests.unit.indexer.videos.transcripts import phrases

POT = Transcript("pot", "铸铁锅", (SpokenSegment("铸铁锅要先开锅", 0, 9), SpokenSegment("用猪油擦一遍锅底", 9, 18)))
TEA = Transcript(
    "tea", "绿茶", tuple(SpokenSegment(text) for text in ("绿茶用八十度的水", "第一泡不要倒掉", "茶叶放冰箱"))
)
OPTIONS = FindOptions({"said": 1.0, "heard": 0.5, "title": 1.0}, 10, 0.3, 0.2, 9.0)


def test_lines(tmp_path: Path) -> None:  # 1
    rows = [
        {"title": "账户", "caption": "#会计", "asr": "左边借方|右边贷方", "ocr": "T型|账户"},
        {"title": "锅", "segments": [{"start": 1, "end": 2, "text": "开锅", "confidence": 0.5}], "screen": ["锅"]},
        {"title": None, "caption": None, "asr": None},
        {"text": "三名男子点外卖"},
    ]
    file = tmp_path / "t.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    assert read_transcripts(file, "x") == (
        Transcript("xline0", "账户 #会计", (SpokenSegment("左边借方"), SpokenSegment("右边贷方")), ("T型", "账户")),
        Transcript("xline1", "锅", (SpokenSegment("开锅", 1, 2, 0.5),), ("锅",)),
        Transcript("xline2", "", (), ("",)),
        Transcript("xline3", "", (SpokenSegment("三名男子点外卖"),)),
    )
    for text, told in (('{"title": "a"}', "t.jsonl:1"), ("", "no transcript")):
        file.write_text(text)
        with pytest.raises(InputError, match=told):
            read_transcripts(file)


@pytest.mark.parametrize("encoded", [True, False])
def test_it_is_asked(tmp_path: Path, encoded: bool) -> None:  # 2
    encoder = open_encoder("hashing", options={}, cache_dir=tmp_path, threads=1) if encoded else None
    makers = Makers(Cleaner(phrases()), Cutter(phrases()), built_in_analyzer())
    index = index_speech(EmbeddedBackend(tmp_path, schemas=KINDS), [POT, TEA], makers, encoder)
    encode = (lambda text: encoder.encode_queries([text])[0]) if encoder else None
    ask = index.asked_by(built_in_analyzer(), encode, OPTIONS)
    assert [(place.video, place.start) for place in ask("猪油擦锅底")][:1] == [("pot", 0.0)]
    assert [place.video for place in ask("绿茶用多少度的水")][:1] == ["tea"]
    assert ask("，") == []
    assert index.reader.manifest.encoder == ("hashing" if encoded else None)
    assert starts_of([POT], makers.cleaner) == {"pot": [0.0, 9.0]}


def test_errors_are_in_what_is_said() -> None:  # 3
    noise = Noise(1.0, lambda _: [], ["补"], seed=1, kinds=("dropped",))
    assert POT.damaged(noise) == Transcript("pot", "铸铁锅", (SpokenSegment("", 0, 9), SpokenSegment("", 9, 18)))
