"""Rules of a shop about spelling, from ``configs/rules/spelling.tsv``.

One rule a line, columns separated by a tab, ``#`` starts a comment::

    always    as typed    as meant        wherever a query contains the first, the second is searched instead
    never     words                       these characters are right as they are; nothing in them is corrected

A line that cannot be read is an error that names the file and the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError

FILE = "spelling.tsv"


@dataclass(frozen=True, slots=True)
class SpellingRules:
    """`always`: as typed → as meant, the longest first. `never`: words that are right. All normalised."""

    always: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    never: frozenset[str] = frozenset()


NO_RULES = SpellingRules()


def load_spelling_rules(path: Path) -> SpellingRules:
    """Reads the file; one that is absent has no rules.

    Raises:
        LexiconError: for a line that cannot be read, with file and line.
    """
    always: dict[str, str] = {}
    never: set[str] = set()
    for number, raw in enumerate(path.read_bytes().split(b"\n") if path.is_file() else (), start=1):
        where = f"{path.name}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0].strip()
            if line:
                _read([column.strip() for column in line.split("\t")], always, never)
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        except ValueError as why:
            raise LexiconError(str(why), field=where, hint=f"{path} line {number} reads: {line[:80]}") from None
    longest_first = sorted(always.items(), key=lambda rule: (-len(rule[0]), rule[0]))
    return SpellingRules(MappingProxyType(dict(longest_first)), frozenset(never))


def _read(columns: list[str], always: dict[str, str], never: set[str]) -> None:
    words = [" ".join(normalize(column).split()) for column in columns[1:]]
    if "" in words:
        raise ValueError("a column has no letter, digit or Han character")
    match columns[0], words:
        case "always", [typed, meant]:
            if typed == meant:
                raise ValueError(f"“{typed}” is corrected to itself")
            if always.setdefault(typed, meant) != meant:
                raise ValueError(f"“{typed}” is corrected to “{always[typed]}” already")
        case "never", [word]:
            never.add(word)
        case _:
            raise ValueError("a rule reads “always TAB as typed TAB as meant” or “never TAB words”")
