"""Words of a small catalogue that were misheard:

1. A word that sounds like what was written is proposed beside it, at the characters where it stands; the text itself
   is left as it is. Near sounds count, with less confidence than equal ones.
2. Less is proposed where what was written is a word of the catalogue or of general Chinese, or is said again.
3. A word that is said elsewhere in the video, or stands in its title or on its screen, is proposed with more
   confidence; what stands only there is proposed, too.
4. Two characters need a reason beside their sound; one alone is never heard.
5. At one place at most two are proposed, the surest first, and none that overlaps a surer one.
6. What is marked is not listened to; characters are counted in the text as it came, traditional or with full width.
7. A catalogue teaches its brands, products, attributes, and the words that three titles have.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from indexer.videos.heard import Heard
from indexer.videos.nouns import Alternative
from retrieval.understanding.knowledge import Knowledge
from tests.title_index import built_in_analyzer
from tests.unit.indexer.videos.transcripts import cleaned

CATALOGUE = {"充电宝": 40, "保温杯": 30, "羽绒服": 50, "科大讯飞": 9, "拖鞋": 20}
CUT = built_in_analyzer().segmenter.cut


def heard(
    *texts: str,
    also: tuple[str, ...] = (),
    words: Mapping[str, int] | None = None,
    general: Mapping[str, int] | None = None,
) -> list[tuple[str, str]]:
    """(what was written, what was proposed), by place."""
    listener = Heard(CATALOGUE if words is None else words, general or {}, CUT)
    return [
        (texts[one.segment][one.start : one.end], one.written) for one in listener.alternatives(cleaned(*texts), also)
    ]


def confidence(*texts: str, also: tuple[str, ...] = (), general: Mapping[str, int] | None = None) -> float:
    found = Heard(CATALOGUE, general or {}, CUT, least=0.001).alternatives(cleaned(*texts), also)
    return max((one.confidence for one in found), default=0.0)


def test_a_word_that_sounds_like_it() -> None:  # 1
    said = cleaned("这个冲电宝两万毫安")
    (found,) = Heard(CATALOGUE, {}, CUT).alternatives(said)
    assert (found.segment, found.start, found.end, found.written) == (0, 2, 5, "充电宝")
    assert said[0].text == said[0].words == "这个冲电宝两万毫安"
    assert heard("科大迅飞的录音笔") == [("科大迅飞", "科大讯飞")]
    assert heard("这件雨绒服很暖") == [("雨绒服", "羽绒服")]
    assert confidence("买个冲电宝") > confidence("买个葱电宝") > 0.1


def test_what_is_plausible_is_left_alone() -> None:  # 2
    assert heard("买个充电宝") == []
    plain = confidence("买个冲电宝")
    assert confidence("买个冲电宝", general={"冲电宝": 100_000}) < plain
    assert confidence("冲电宝的冲电宝和冲电宝") < plain
    listener = Heard({**CATALOGUE, "冲电宝": 40}, {}, CUT)
    assert [one.confidence < plain for one in listener.alternatives(cleaned("买个冲电宝"))] == [True]


def test_what_stands_beside_the_speech() -> None:  # 3
    assert confidence("买个葱电宝", "这个充电宝") > confidence("买个葱电宝")
    assert confidence("买个葱电宝", also=("充电宝测评",)) > confidence("买个葱电宝")
    assert heard("这个脚头痛的大洋", also=("角头通",)) == [("脚头痛", "角头通")]
    assert heard("这个脚头痛的大洋") == []


def test_two_characters_need_a_reason() -> None:  # 4
    assert heard("这双脱鞋很软") == []
    assert heard("这双脱鞋很软", "拖鞋要防滑", "拖鞋三十九") == [("脱鞋", "拖鞋")]
    assert heard("这双脱鞋很软", also=("拖鞋",)) == [("脱鞋", "拖鞋")]
    assert heard("杯", words={"背": 100}) == []


def test_at_most_two_and_apart() -> None:  # 5
    words = {"保温杯": 30, "暴温杯": 30, "爆温杯": 30, "保温杯套": 300}
    found = Heard(words, {}, CUT).alternatives(cleaned("买抱温杯"))
    assert [one.written for one in found] == ["保温杯", "暴温杯"]
    assert found[0].confidence >= found[1].confidence
    assert heard("买抱温杯套", words=words) == [("抱温杯套", "保温杯套")]


def test_places_are_of_the_text_as_it_came() -> None:  # 6
    assert heard("嗯", "點讚關注", "ＡＢ，這個冲電寶") == [("冲電寶", "充电宝")]
    assert Heard({"点赞": 9}, {}, CUT, least=0.001).alternatives(cleaned("典赞", "点赞关注")) != ()
    assert Heard(CATALOGUE, {}, CUT).alternatives(cleaned("字幕志愿者 冲电宝")) == ()


def test_what_a_catalogue_teaches() -> None:  # 7
    knowledge = Knowledge(
        words={"加热垫": 3, "加热店": 2},
        brands={"奥克斯": 5},
        products={"充电宝": 5},
        attributes={"材质": {"碳纤维": 5}},
    )
    listener = Heard.of(knowledge, {}, CUT)
    texts = ("奥克思", "冲电宝", "炭纤维", "佳热垫", "假热电")
    assert [(one.segment, one.written) for one in listener.alternatives(cleaned(*texts))] == [
        (0, "奥克斯"), (1, "充电宝"), (2, "碳纤维"), (3, "加热垫"),
    ]  # fmt: skip


@pytest.mark.parametrize("texts", [(), ("",), ("abc 123",), ("😀冲",)])
def test_nothing_to_hear(texts: tuple[str, ...]) -> None:  # 4
    assert Heard({}, {}, CUT).alternatives(cleaned(*texts), ("", "abc")) == ()
    none: tuple[Alternative, ...] = ()
    assert Heard(CATALOGUE, {}, CUT).alternatives(cleaned(*texts)) == none
