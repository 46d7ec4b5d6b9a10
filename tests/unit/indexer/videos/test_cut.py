"""Moments:

1. Every segment with words is in a moment, moments are in order, and none begins or ends with what says nothing; a
   transcript of nothing worth finding has none.
2. A moment lasts 10–40 s wherever there is that much speech, its overlap included; one long segment is one moment.
3. It is cut where other words begin, where somebody is silent, and where somebody says that something else begins.
4. It shares with the one before what was said in the last 6 s, never more.
5. Segments without times keep their order and are cut by their characters, as if each followed the one before.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.videos.cut import PACE, Cutter, times_of
from indexer.videos.nouns import Cut, Said
from tests.unit.indexer.videos.transcripts import Line, cleaned, phrases

POT = ("这口锅是铸铁的", "铸铁的锅炒菜香", "锅底厚受热匀", "铸铁锅要养锅", "养锅用猪油擦")
TEA = ("绿茶先看芽头", "芽头多的绿茶鲜", "水温八十度泡茶", "泡茶别用开水", "绿茶放冰箱存")


def timed(*texts: str, seconds: float = 4.0, silence: dict[int, float] | None = None) -> tuple[Said, ...]:
    """Segments of so many seconds, one after the other, with `silence` before some."""
    lines, now = [], 0.0
    for place, text in enumerate(texts):
        now += (silence or {}).get(place, 0.0)
        lines.append(Line(text, now, now + seconds))
        now += seconds
    return cleaned(*lines)


def cut(said: tuple[Said, ...]) -> list[tuple[int, int]]:
    return [(one.first, one.last) for one in Cutter(phrases()).cut(said)]


def edges(said: tuple[Said, ...]) -> list[int]:
    """The first segments of the moments after the first, without what they share."""
    return [before.last + 1 for before, _ in pairwise(Cutter(phrases()).cut(said))]


@given(st.lists(st.sampled_from([*POT, *TEA, "嗯", "点赞关注", "接下来看这个盘子"]), max_size=40), st.floats(0.2, 12))
def test_whatever_is_said(texts: list[str], seconds: float) -> None:  # 1, 2, 4
    said = timed(*texts, seconds=seconds)
    cuts, times = Cutter(phrases()).cut(said), times_of(said)
    covered = {place for one in cuts for place in range(one.first, one.last + 1)}
    assert {place for place, one in enumerate(said) if one.words} <= covered
    assert all(said[one.first].words and said[one.last].words for one in cuts)
    for one, after in pairwise(cuts):
        assert one.first < after.first
        assert one.last < after.last
        fresh = next(place for place in range(one.last + 1, after.last + 1) if said[place].words)
        assert times[fresh][0] - times[after.first][0] <= 6.0 + 1e-6 or after.first == fresh
    assert all(times[one.last][1] - times[one.first][0] <= 40.0 + 1e-6 for one in cuts)


def test_nothing_worth_finding() -> None:  # 1
    assert cut(()) == cut(cleaned("嗯", "点赞关注")) == []
    assert cut(cleaned("嗯", "这口锅", "点赞关注")) == [(1, 1)]


def test_a_long_segment_is_one_moment() -> None:  # 2
    assert cut(cleaned(Line("锅" + "很好" * 30, 0, 300), Line("茶" + "不错" * 30, 300, 600))) == [(0, 0), (1, 1)]


def test_where_other_words_begin() -> None:  # 3
    assert edges(timed(*POT, *TEA)) == [5]
    assert edges(timed(*POT[:4], *TEA)) == [4]


def test_where_somebody_is_silent_or_says_so() -> None:  # 3
    plain = [f"{a}{b}" for a, b in zip("甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉", strict=True)]
    assert edges(timed(*plain, silence={4: 2.0})) == [4]
    assert edges(timed(*plain[:6], "接下来说盘子", *plain[6:])) == [6]


def test_what_came_before_is_shared() -> None:  # 4
    assert cut(timed(*POT, *TEA)) == [(0, 4), (4, 9)]  # four seconds fit into six, eight do not
    assert cut(timed(*POT[:3], *TEA[:3], seconds=7.0)) == [(0, 2), (3, 5)]


def test_without_times() -> None:  # 5
    said = cleaned(*POT, Line("绿茶先看芽头", 100.0, 102.0), "芽头多的绿茶鲜")
    begins = [start for start, _ in times_of(said)]
    assert begins[:2] == [0.0, len(POT[0]) / PACE]
    assert begins[5:] == [100.0, 102.0]
    longer = [text * 3 for text in (*POT, *TEA)]
    assert edges(cleaned(*longer)) == [5]
    assert Cutter(phrases()).cut(cleaned("这口锅"))[0] == Cut(0, 0)
