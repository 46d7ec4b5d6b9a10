"""The phrases by which shoppers say conditions, from one plain UTF-8 table that a shop edits.

One row a line, ``#`` starts a comment, columns are separated by a tab, phrases of one row by blanks::

    kind TAB value TAB phrases [TAB following]

`following` (comma-separated) is what may stand right after the phrase: one of it must, or, where the column starts with
``!``, none of it must; ``$`` is the end of the query or a blank. A row that cannot be read is an error that names file
and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType

from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError
from retrieval.types import Sort

FILE = "constraints.tsv"
_END = "$"


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase in normalised form, what it means, and what may follow it.

    Attributes:
        value: one of the values of its kind, see `KINDS`.
        following: one of these must follow, where there are any; ``$`` is the end or a blank.
        barred: none of these may follow instead.
    """

    phrase: str
    value: str
    following: tuple[str, ...] = ()
    barred: bool = False

    @property
    def pattern(self) -> str:
        """A regular expression (without groups) that matches the phrase where it may stand."""
        # Letters are not the end of a longer word, and a mere number is a word of its own: 618, but not 骁龙618.
        before = r"(?<!\S)" if self.phrase.isdigit() else r"(?<![a-z0-9])" if self.phrase[0].isascii() else ""
        return before + self.after_number

    @property
    def after_number(self) -> str:
        """As `pattern`, for a phrase that may follow a digit."""
        edge = "(?![a-z])" if _latin(self.phrase[-1]) else ""
        entries = "|".join(r"\Z| " if entry == _END else re.escape(entry) for entry in self.following)
        return re.escape(self.phrase) + edge + (f"(?{'!' if self.barred else '='}{entries})" if entries else "")


@dataclass(frozen=True, slots=True)
class ConstraintRules:
    """All rows: kind → its rules in the order of the file."""

    kinds: Mapping[str, tuple[Rule, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, kind: str) -> tuple[Rule, ...]:
        """The rules of one kind; empty where there is none."""
        return self.kinds.get(kind, ())

    def words(self, kind: str) -> frozenset[str]:
        """The phrases of one kind."""
        return frozenset(rule.phrase for rule in self.of(kind))

    def value(self, kind: str) -> dict[str, str]:
        """Phrase → value of one kind; of several rows with one phrase the first counts."""
        return {rule.phrase: rule.value for rule in reversed(self.of(kind))}


def load_constraint_rules(folder: Path) -> ConstraintRules:
    """Reads ``constraints.tsv`` of `folder`; an absent file has no rules, and then no condition is ever read.

    Raises:
        LexiconError: for a missing folder or a row that cannot be read, with file and line.
    """
    if not folder.is_dir():
        raise LexiconError(f"there is no folder of rules at {folder}", hint="point the settings at a folder of rules")
    kinds: dict[str, list[Rule]] = {}
    path = folder / FILE
    for number, raw in enumerate(path.read_bytes().split(b"\n") if path.is_file() else (), start=1):
        where = f"{path.name}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0].strip()
            if line:
                kind, rules = _row([column.strip() for column in line.split("\t")])
                kinds.setdefault(kind, []).extend(rules)
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        except ValueError as why:
            raise LexiconError(str(why), field=where, hint=f"{path} line {number} reads: {line[:80]}") from None
    return ConstraintRules(MappingProxyType({kind: tuple(rules) for kind, rules in kinds.items()}))


def longest_first(rules: Iterable[Rule]) -> str:
    """One regular expression (without groups) for all of `rules`, longer phrases tried before shorter ones."""
    ordered = sorted(rules, key=lambda rule: (-len(rule.phrase), rule.phrase))
    return "|".join(rule.pattern for rule in ordered) or r"(?!)"


def once(pattern: str) -> str:
    """Reads `pattern` in the first way that it can be read, and tries no other. Its group must be the first.

    As a possessive quantifier would, which Python before 3.11.5 gets wrong (github.com/python/cpython/issues/106052).
    """
    return rf"(?=({pattern}))\1"


def _latin(char: str) -> bool:
    return "a" <= char <= "z"


def _row(columns: list[str]) -> tuple[str, list[Rule]]:
    if not 3 <= len(columns) <= 4:
        raise ValueError(f"3 to 4 tab-separated columns expected, {len(columns)} found")
    kind, value, phrases, *following = columns
    if kind not in KINDS:
        raise ValueError(f"“{kind}” is no kind of rule; known are {', '.join(KINDS)}")
    KINDS[kind](value)
    barred = bool(following) and following[0].startswith("!")
    entries = tuple(entry.strip() for entry in following[0].removeprefix("!").split(",")) if following else ()
    if not all(entries):
        raise ValueError("an entry of the last column is empty")
    return kind, [Rule(phrase, value, entries, barred) for phrase in _phrases(phrases)]


def _phrases(text: str) -> Iterator[str]:
    for written in text.split():
        # Sentence marks become blanks in a normalised text, so such a phrase could never be met.
        if not (phrase := normalize(written)).strip() or " " in phrase:
            raise ValueError(f"“{written}” has no letter, digit or joining mark, or another mark inside")
        yield phrase


def _one_of(*values: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in values:
            raise ValueError(f"“{value}” is none of {', '.join(values)}")

    return check


def _number(value: str) -> None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"“{value}” is not a number") from None
    if not (number.is_finite() and number > 0):
        raise ValueError(f"“{value}” is not above 0")


def _interval(value: str) -> None:
    low, dots, high = value.partition("..")
    if not dots:
        raise ValueError(f"“{value}” is no interval such as 15..50")
    _number(low)
    _number(high)


def _words(value: str) -> None:
    if not all(word.strip() for word in value.split(",")):
        raise ValueError("an empty word among the values")


_NOTHING = _one_of("-")
KINDS: Mapping[str, Callable[[str], None]] = MappingProxyType(
    {
        "after": _one_of("most", "least", "about", "between", "level"),
        "before": _one_of("most", "least", "about", "between"),
        "cue": _one_of("most", "-"),
        "money": _number,
        "spoken": _number,
        "sized": _interval,
        "sort": _one_of(*(s.value for s in Sort)),
        "boost": _words,
        "kept": _words,
        "service": _words,
        "origin": _words,
        "label": _words,
        "stock": _one_of("in_stock"),
        "not": _one_of("strong", "weak", "marked", "known", "except", "outside", "behind"),
        "body": _words,
        "memory": _words,
        "thing": _words,
        **dict.fromkeys(("join", "filler", "counter", "measured", "not_price", "deal", "face"), _NOTHING),
        **dict.fromkeys(("spec_range", "lead", "trail", "keep"), _NOTHING),
        **dict.fromkeys(("not_head", "not_tail", "not_stop", "besides", "degree"), _NOTHING),
    }
)
"""Kind of row → check of its value, which raises ValueError."""
