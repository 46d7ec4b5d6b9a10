"""What of a moment is quoted.

1. The line that says most of the query, and where it begins; the first of equals. Where none says any, the longest.
2. A sentence goes on into the next line while there is room; it is cut where there is none.
3. Of a line that says a word of the query only further on, the stretch around it is quoted.
4. What says the same again is left out.
"""

from __future__ import annotations

from dataclasses import replace

from retrieval.analysis.highlight import Highlighter
from retrieval.spoken.moment import Line, Moment
from retrieval.videos.quote import evidence_of, once
from tests.title_index import built_in_analyzer

LINES = (
    Line(0, 4, "今天说两样东西。"),
    Line(4, 9, "希禾的保温杯"),
    Line(9, 15, "早上装的水晚上还烫嘴。"),
    Line(15, 20, "保温杯就选它。"),
)
MOMENT = Moment("v1#0", "v1", "冬天", "小周", "video", LINES, ())


def quoted(query: str, most: int) -> tuple[str, float | None]:
    found = evidence_of(MOMENT, Highlighter(built_in_analyzer().query(query)), most, 0.8)
    assert (found.start, found.end, found.confidence, found.creator) == (0, 20, 0.8, "小周")
    return "".join(fragment.text for fragment in found.quote), found.at


def test_the_line_that_says_most() -> None:  # 1
    assert quoted("烫嘴", 60) == ("早上装的水晚上还烫嘴。", 9)
    assert quoted("保温杯", 8) == ("希禾的保温杯", 4)
    assert quoted("跑鞋", 60) == ("早上装的水晚上还烫嘴。", 9)


def test_a_sentence_goes_on() -> None:  # 2
    assert quoted("保温杯", 60) == ("希禾的保温杯，早上装的水晚上还烫嘴。", 4)
    assert quoted("烫嘴", 3)[0] == "烫嘴。"


def test_a_long_line() -> None:  # 3
    long = replace(MOMENT, lines=(Line(0, 60, "嗯" * 100 + "保温杯" + "啊" * 100),))
    quote = evidence_of(long, Highlighter(built_in_analyzer().query("保温杯")), 9, None).quote
    assert [(fragment.text, fragment.match) for fragment in quote] == [
        ("嗯嗯嗯", False),
        ("保温杯", True),
        ("啊啊啊", False),
    ]


def test_each_once() -> None:  # 4
    mark = Highlighter(built_in_analyzer().query("保温杯"))
    again, other = replace(MOMENT, id="v1#1"), replace(MOMENT, id="v1#2", lines=LINES[2:3])
    quotes = {moment.id: evidence_of(moment, mark, 60, None) for moment in (MOMENT, other, again)}
    assert once(quotes, 3) == ("v1#0", "v1#2")
    assert once(quotes, 1) == ("v1#0",)
