"""Whether a text may be what somebody began to type: characters as they are, in pinyin, by initials, in any mixture.

Each character of the text takes a piece of what was typed: itself, one of its readings (bao), or the beginning of one
(b; zh). The last piece may still be on its way. bao温, baowb and 保wen all begin 保温杯.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Read = Callable[[str], Sequence[str]]
_TWO = ("zh", "ch", "sh")


def fits(typed: str, text: str, read: Read) -> bool:
    """Both in normal form and without spaces; `read` gives the readings of a character."""
    reached = {0}
    for char in text:
        reached = {end for start in reached for end in _taken(typed, start, char, read)}
        if len(typed) in reached:
            return True
        if not reached:
            return False
    return False


def _taken(typed: str, start: int, char: str, read: Read) -> Iterator[int]:
    """Where what was typed goes on behind this character."""
    if typed[start] == char:
        yield start + 1
    for syllable in read(char) if typed[start].isascii() else ():
        rest = typed[start : start + len(syllable)]
        if syllable[0] != rest[0]:
            continue
        yield start + 1
        if syllable.startswith(_TWO) and rest[1:2] == "h":
            yield start + 2
        if syllable.startswith(rest):  # all of it, or as much as there is yet
            yield start + len(rest)
