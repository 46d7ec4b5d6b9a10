"""Lines of the word lists: what must not stand in a listing, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.listing.finding import Decision
from retrieval.errors import LexiconError

_COLUMNS = 4


@dataclass(frozen=True, slots=True, eq=False)
class WordRule:
    """One line.

    Attributes:
        kind: its kind, or the qualification that is needed.
        pattern: what must not be there; pardons: what may, although the pattern matches inside.
    """

    kind: str
    decision: Decision
    pattern: re.Pattern[str]
    pardons: tuple[re.Pattern[str], ...]

    def matched(self, text: str) -> str | None:
        """The first match that no pardon covers."""
        pardoned = [found.span() for pardon in self.pardons for found in pardon.finditer(text)]
        for found in self.pattern.finditer(text):
            if not any(start < found.end() and found.start() < end for start, end in pardoned):
                return found.group()
        return None


@dataclass(frozen=True, slots=True, eq=False)
class WordRules:
    """The lines of a list, and one pattern of all of them: most listings have none of its words."""

    rules: tuple[WordRule, ...] = ()
    any_of: re.Pattern[str] | None = None

    @classmethod
    def of(cls, rules: tuple[WordRule, ...]) -> WordRules:
        joined = "|".join(f"(?:{rule.pattern.pattern})" for rule in rules)
        return cls(rules, re.compile(joined, re.IGNORECASE | re.MULTILINE) if rules else None)

    def somewhere(self, text: str) -> bool:
        """Whether a word of the list may stand in a text."""
        return self.any_of is not None and self.any_of.search(text) is not None


def read_words(path: Path) -> WordRules:
    """Lines of pattern, kind, decision, pardons, set apart by TAB.

    Raises:
        LexiconError: for a line that cannot be read (file and line).
    """
    return WordRules.of(tuple(_rule(c[1], c[2], c[0], c[3], where) for where, c in _lines(path)))


def read_categories(path: Path) -> WordRules:
    """Lines of qualification, decision, pattern, pardons, set apart by TAB.

    Raises:
        LexiconError: for a line that cannot be read (file and line).
    """
    return WordRules.of(tuple(_rule(c[0], c[1], c[2], c[3], where) for where, c in _lines(path)))


def _lines(path: Path) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            where, cells = f"{path.name}:{number}", line.split("\t")
            if not _COLUMNS - 1 <= len(cells) <= _COLUMNS:
                raise LexiconError(f"{len(cells)} columns", field=where, hint="3 or 4 columns, set apart by TAB")
            yield where, [*cells, ""][:_COLUMNS]


def _rule(kind: str, decision: str, pattern: str, pardons: str, where: str) -> WordRule:
    try:
        compiled = [re.compile(each, re.IGNORECASE | re.MULTILINE) for each in (pattern, *pardons.split())]
        return WordRule(kind, Decision(decision), compiled[0], tuple(compiled[1:]))
    except (re.error, ValueError) as why:
        raise LexiconError(
            f"this line cannot be read: {why}", field=where, hint="a regular expression; block, demote or flag"
        ) from None
