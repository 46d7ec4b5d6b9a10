"""What is searched of a moment:

1. Its words, joined; the alternatives of its own segments, each once, and amounts in digits; the title of the video.
   A field without text is not there.
2. The encoder reads what is said, and no title.
"""

from __future__ import annotations

from indexer.documents.moment import moment_document, moment_text
from indexer.videos.amounts import Amounts
from indexer.videos.nouns import Alternative, Cut
from tests.title_index import built_in_analyzer
from tests.unit.indexer.videos.transcripts import Line, cleaned

SAID = cleaned("这个充店宝", "两万毫安", Line("点赞关注", confidence=0.95), "能上飞机")
HEARD = (Alternative(0, 2, 5, "充电宝", 0.9), Alternative(1, 0, 4, "充电宝", 0.5), Alternative(3, 0, 1, "神", 0.5))


def test_fields() -> None:  # 1
    text = moment_text(SAID, Cut(0, 1), HEARD, "数码好物")
    assert (text.said, text.heard, text.title) == ("这个充店宝，两万毫安", "充电宝", "数码好物")
    found = moment_document("v1:0", text, built_in_analyzer(), {"video": ("v1",)}, {"start": 0}, b"{}")
    assert list(found.tokens) == list(found.document.text) == ["said", "heard", "title"]
    assert {"两万", "毫安", "店宝"} <= set(found.tokens["said"])
    assert "充电" in found.tokens["heard"]
    assert (found.document.keywords, found.document.numbers, found.document.source) == (
        {"video": ("v1",)},
        {"start": 0},
        b"{}",
    )
    digits = moment_text(SAID, Cut(0, 1), HEARD, "", Amounts(["毫安"]))
    assert digits.heard == "充电宝 20000毫安"
    bare = moment_document("v1:0", moment_text(SAID, Cut(3, 3), (), ""), built_in_analyzer(), {}, {}, b"{}")
    assert list(bare.tokens) == ["said"]


def test_what_is_encoded() -> None:  # 2
    found = moment_document("v1:0", moment_text(SAID, Cut(1, 3), HEARD, "数码"), built_in_analyzer(), {}, {}, b"{}")
    assert found.document.embedded_text == "两万毫安，点赞关注，能上飞机"
