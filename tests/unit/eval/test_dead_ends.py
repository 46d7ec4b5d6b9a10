"""Whether what is offered leads anywhere:

1. What is typed is the beginning of a text, in characters, in pinyin or by initials, of every length, the same again.
2. Lines are drawn from the distinct ones that are shown, each once; told before they are searched.
3. Those that find nothing are dead.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.dead_ends import LONGEST, TOGETHER, beginnings, dead_ends, drawn
from eval.suggest import Line

SOUNDS = {"保": ["bao"], "温": ["wen", "yun"], "杯": ["bei"]}


def test_beginnings() -> None:  # 1
    def read(char: str) -> Sequence[str]:
        return SOUNDS.get(char, ())

    texts = ["保温 杯"] * 300
    found = set(beginnings(texts, read, 300, 3))
    whole = "baowenbei"
    ways = [{way[:n] for n in range(1, LONGEST + 1)} for way in ("保温杯", whole, "bwb")]
    assert found == set.union(*ways)
    assert list(beginnings(texts, read, 9, 3)) == list(beginnings(texts, read, 9, 3))
    assert sorted(drawn(["a", "b", "c"], 9, 1)) == ["a", "b", "c"]
    assert next(beginnings(["x1"], read, 1, 0)) in ("x", "x1")


def test_what_is_searched() -> None:  # 2, 3
    shown = [[Line(f"q{n}"), Line(f"q{n}", "c")] for n in range(300)]
    told: list[str] = []
    searched: list[Line] = []

    def finds(line: Line) -> bool:
        assert line.query in told
        searched.append(line)
        return line.query != "q7"

    found = dead_ends([*shown, shown[3]], told.extend, finds, 1000, 0)
    assert (found.asked, found.shown, found.searched) == (301, 600, 600)
    assert sorted(found.dead, key=lambda line: line.category) == shown[7]
    assert len(set(searched)) == len(searched) == len(told) == 600 > TOGETHER
    part = dead_ends(shown, told.extend, finds, 40, 0)
    assert (part.shown, part.searched) == (600, 40)
    assert searched[600:] == searched[:40]
