"""What suggestions are worth:

1. The reciprocal rank is that of the query among the lines at each keystroke; a line within a category takes no place,
   and spaces count nothing.
2. The plainest way gives the most frequent queries that begin so, equal ones by text; or those that several asked.
3. Each line of the first way is searched once, at most so many; those that find nothing are dead ends. A held-out query
   that finds nothing is left out.
4. How much was typed until the query stood there; all of it where it never did.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.suggest import KEYSTROKES, Line, Typing, by_frequency, measure_suggest

HELD = [Typing("abc", "u", "s", 1.0), Typing("xy", "u", "s", 2.0)]
KNOWN = {"a": ["ab"], "ab": ["ab", "ab", "abc"], "abc": ["abc"]}


def ours(typed: str, one: Typing) -> Sequence[Line]:
    return [Line(query, "c" * n) for n, query in enumerate(KNOWN.get(typed, ()))]


def test_ranks() -> None:  # 1
    found = measure_suggest(HELD, {"ours": ours}, lambda line: True, 9)
    assert found.ways[0].by_keystroke[:3] == (0.0, 0.25, 1.0)
    assert (found.ways[0].mrr, found.keystrokes[:3], len(found.keystrokes)) == (0.3, (2, 2, 1), KEYSTROKES)


def test_spaces() -> None:  # 1
    found = measure_suggest([Typing("a b", "u", "s", 1.0)], {"ours": lambda *_: [Line("ab"), Line("a b")]}, bool, 0)
    assert found.ways[0].mrr == 1.0


def test_plainest() -> None:  # 2
    asked = [Typing(query, who, who, 0.0) for query, who in zip(("abc", "ab", "abd", "abc", "b"), "uuuvv", strict=True)]
    suggest = by_frequency(asked)
    assert [line.query for line in suggest("ab", HELD[0])] == ["abc", "ab", "abd"]
    assert suggest("q", HELD[0]) == ()
    assert [line.query for line in by_frequency(asked, 2)("a", HELD[0])] == ["abc"]


def test_dead_ends() -> None:  # 3
    asked: list[Line] = []

    def finds(line: Line) -> bool:
        asked.append(line)
        return not line.category and line.query != "xy"

    found = measure_suggest(HELD, {"ours": ours}, finds, 4)
    assert asked[2:] == [Line("ab"), Line("ab", "c"), Line("abc", "cc"), Line("abc")]
    assert (found.lines, found.dead) == (4, (Line("ab", "c"), Line("abc", "cc")))
    assert (found.queries, found.unanswered, found.ways[0].by_keystroke[:3]) == (1, 1, (0.0, 0.5, 1.0))
    assert measure_suggest(HELD, {"ours": ours}, lambda line: True, 1).lines == 1


def test_typed() -> None:  # 4
    found = measure_suggest(HELD, {"ours": ours}, lambda line: True, 9).ways[0]
    assert (found.seen, found.typed) == (0.5, round((2 / 3 + 1) / 2, 4))
