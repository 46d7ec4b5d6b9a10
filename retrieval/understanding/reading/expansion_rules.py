"""What words of a query stand for in titles: rows of ``configs/rules/expansions.tsv``, a plain UTF-8 table of the shop.

One row a line, ``#`` starts a comment, columns are separated by a tab, words of one column by blanks::

    kind TAB name TAB said TAB answers [TAB against]

Who says one of `said` means `name`; a title with one of `answers` answers it, and one of `against` says the opposite.
``-`` stands for no words. A row that cannot be read is an error that names the file and the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError

FILE = "expansions.tsv"
_NONE = "-"


class ExpansionKind(StrEnum):
    """What is done with what was said."""

    WITHOUT = "without"
    """A property that is the absence of the name: 不辣, 无糖."""
    CLASS = "class"
    """A word for many things, each of which is one: 护肤品."""
    OCCASION = "occasion"
    """A day of the calendar, and what is given and used on it: 520, 年货."""
    RECIPIENT = "recipient"
    """Who gets a present: 女朋友."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """One row, all of it normalised."""

    kind: ExpansionKind
    name: str
    said: tuple[str, ...]
    answers: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def load_expansions(path: Path) -> tuple[Expansion, ...]:
    """Reads the file; one that is absent has no rows.

    Raises:
        LexiconError: for a row that cannot be read or says what another said already, with file and line.
    """
    rows: list[Expansion] = []
    taken: set[tuple[ExpansionKind, str]] = set()
    for number, raw in enumerate(path.read_bytes().split(b"\n") if path.is_file() else (), start=1):
        where = f"{path.name}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0].strip()
            if line:
                row = _row([column.strip() for column in line.split("\t")])
                for phrase in row.said:
                    if (row.kind, phrase) in taken:
                        raise ValueError(f"“{phrase}” is said for another {row.kind} already")
                taken.update((row.kind, phrase) for phrase in row.said)
                rows.append(row)
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        except ValueError as why:
            raise LexiconError(str(why), field=where, hint=f"{path} line {number} reads: {line[:80]}") from None
    return tuple(rows)


def _row(columns: list[str]) -> Expansion:
    if not 4 <= len(columns) <= 5:
        raise ValueError(f"4 to 5 tab-separated columns expected, {len(columns)} found")
    if columns[0] not in tuple(ExpansionKind):
        raise ValueError(f"“{columns[0]}” is no kind of expansion; known are {', '.join(ExpansionKind)}")
    kind = ExpansionKind(columns[0])
    if len(columns) == 5 and kind is not ExpansionKind.WITHOUT:
        raise ValueError(f"only {ExpansionKind.WITHOUT} has words against it")
    name, *others = _words(columns[1])
    if others:
        raise ValueError(f"the name “{columns[1]}” is more than one word")
    said, answers, against = (_words(column) for column in (*columns[2:], *[_NONE] * (5 - len(columns))))
    if not said:
        raise ValueError("nothing is said")
    return Expansion(kind, name, said, answers, against)


def _words(column: str) -> tuple[str, ...]:
    words = ((word, normalize(word).strip()) for word in column.split() if word != _NONE)
    found: dict[str, None] = {}
    for written, word in words:
        if not any(char.isalnum() for char in word):
            raise ValueError(f"“{written}” has no letter, digit or Han character")
        found[word] = None
    return tuple(found)
