"""All parts together:

1. What a catalogue taught is heard again, and stands beside what was written, in a field of its own; without any
   knowledge what was written is all.
"""

from __future__ import annotations

from contextlib import closing

from configs.settings import LEXICON
from indexer.sources.records import Video
from indexer.videos.speech import Speech
from retrieval.understanding.knowledge import Knowledge
from tests.title_index import built_in_analyzer

VIDEO = Video.model_validate({"id": "v", "segments": ["这个冲电宝两万毫安", "能上飞机"]})


def test_words_of_the_catalogue_are_heard_again() -> None:  # 1
    taught = Knowledge(products={"充电宝": 5}).to_bytes()
    for knowledge, heard in ((taught, "充电宝 20000毫安"), (None, "20000毫安")):
        with closing(Speech(LEXICON.with_name("videos"))) as speech:
            made = speech.maker(built_in_analyzer(), knowledge).make(VIDEO)
        (moment,) = made.moments
        assert moment.document.text["said"] == "这个冲电宝两万毫安，能上飞机"
        assert moment.document.text.get("heard") == heard
