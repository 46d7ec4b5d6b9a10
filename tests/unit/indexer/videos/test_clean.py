"""Speech that says nothing is told from speech about something:

1. Every segment comes back, in order, with its text, times and confidence; what says nothing is marked and left out of
   its words, clause by clause.
2. Fillers: a clause of nothing but fillers, however many; the same words inside a sentence stay.
3. Chants: a clause with hardly anything else, whatever fillers are in it; the word in a sentence about something stays.
   One of high confidence was said: it is marked and stays worth finding. One of low confidence is not (row 28).
4. Repeats: the clause that was said just before, in this or an earlier segment; not when four others came between.
   What is stuttered three times or more is said once; numbers and Latin letters are left alone.
5. Doubtful: low confidence, and lines that recognisers are known to write over silence, whatever theirs. Where a
   recogniser is never sure, low is half of what is usual.
6. A number alone is kept, and so is a blank or a comma inside Latin words and numbers.
7. Sentences are joined over the edges of segments: a mark ends a clause, a pause from 0.3 s or none known ends it with
   a comma, no pause does not end it; Latin words keep their blank.
"""

from __future__ import annotations

import pytest

from indexer.videos.clean import joined
from tests.unit.indexer.videos.transcripts import Line, cleaned, marks, words


def test_nothing_is_deleted() -> None:  # 1
    lines = [Line("嗯，好", 0, 1, 0.9), Line("这个充电宝两万毫安", 1, 4), Line("", 4, 5), Line("点赞关注", 5, 6)]
    said = cleaned(*lines)
    assert [(s.text, s.start, s.end, s.confidence) for s in said] == [
        (line.text, line.start, line.end, line.confidence) for line in lines
    ]
    assert words(said) == ["", "这个充电宝两万毫安", "", ""]
    assert marks(said) == [{"filler"}, set(), set(), {"chant"}]


@pytest.mark.parametrize(
    "text", ["嗯", "啊啊啊啊", "来来来", "嗯，那个，然后呢", "家人们 对不对", "对对对对对对对对对对对对对对对对"]
)
def test_fillers(text: str) -> None:  # 2
    assert (words(cleaned(text)), marks(cleaned(text))) == ([""], [{"filler"}])


def test_a_filler_inside_a_sentence_stays() -> None:  # 2
    assert words(cleaned("嗯，这个就是好用，对吧，不粘锅")) == ["这个就是好用，不粘锅"]


@pytest.mark.parametrize(
    "text", ["请大家点赞订阅转发支持我们的频道", "家人们点点关注", "三二一上链接", "喜欢的点个关注 下次不迷路"]
)
def test_chants(text: str) -> None:  # 3
    assert (words(cleaned(text)), marks(cleaned(text))) == ([""], [{"chant"}])


def test_the_word_of_a_chant_in_a_sentence() -> None:  # 3
    texts = ["这款面膜的点赞最高", "短视频怎么收藏到相册", "快递没人转发给仓库"]
    assert words(cleaned(*texts)) == texts
    assert words(cleaned("两万毫安，点赞关注，能上飞机")) == ["两万毫安，能上飞机"]


def test_what_a_recogniser_is_sure_of_was_said() -> None:  # 3
    chant = "请大家点赞订阅转发支持我们的频道"
    made_up, spoken, after = cleaned(
        Line(chant, 0, 6, 0.2), Line(chant, 6, 9, 0.95), Line("这个充电宝两万毫安", 9, 12, 0.9)
    )
    assert (made_up.words, spoken.words, after.words) == ("", chant, "这个充电宝两万毫安")
    assert marks([made_up, spoken, after]) == [{"doubtful"}, {"chant"}, set()]


def test_repeats() -> None:  # 4
    assert words(cleaned("这是棉的，这是棉的", "这是棉的", "不是麻的")) == ["这是棉的，", "", "不是麻的"]
    assert marks(cleaned("这是棉的", "这是棉的"))[1] == {"repeat"}
    assert words(cleaned("这是棉的", "一号", "二号", "三号", "四号", "这是棉的"))[-1] == "这是棉的"
    assert words(cleaned("快快快看这个这个这个锅", "1999 AAA级 10000")) == ["快看这个锅", "1999 AAA级 10000"]


@pytest.mark.parametrize(
    "text", ["字幕由Amara.org社区提供", "中文字幕志愿者 李宗盛", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"]
)
def test_lines_made_up_over_silence(text: str) -> None:  # 5
    (said,) = cleaned(Line(text, 0, 30, 0.99))
    assert (said.words, marks([said])) == ("", [{"doubtful"}])


def test_low_is_relative_to_the_recogniser() -> None:  # 5
    def worth(*confidences: float) -> list[bool]:
        return [bool(s.words) for s in cleaned(*(Line(f"第{i}口锅", confidence=c) for i, c in enumerate(confidences)))]

    assert worth(0.9, 0.39, 0.41, 0.9, 0.9) == [True, False, True, True, True]
    assert worth(0.3, 0.3, 0.3, 0.1, 0.3) == [True, True, True, False, True]


def test_numbers_and_latin() -> None:  # 6
    texts = ["1999", "3", "2", "1", "one a day, 3,000 mAh"]
    assert words(cleaned(*texts)) == texts


def test_sentences_are_joined() -> None:  # 7
    lines = (
        Line("这个锅", 0, 1),
        Line("不粘", 1.1, 2),
        Line("好洗。", 2.5, 3),
        Line("嗯", 3, 4),
        Line("iPhone", 4, 5),
        Line("15", 5, 6),
    )
    assert joined(cleaned(*lines)) == "这个锅不粘，好洗。iPhone 15"
    assert joined(cleaned("这个锅", "不粘")) == "这个锅，不粘"
    assert joined(cleaned("嗯")) == ""
