"""What a shop wants searched instead of what is typed, from ``configs/rules/rewrites.tsv``.

One rule a line, columns separated by a tab, ``#`` starts a comment::

    as typed    searched instead    [query | phrase]

A rule for a ``query`` (when nothing is said) speaks where the whole normalised query reads so, one for a ``phrase``
wherever the words stand; Latin letters and digits must not go on at its edges. What a rule gives is not rewritten
again, so rules cannot run in a circle. A line that cannot be read is an error that names the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError
from retrieval.understanding.plan import Rewriting

FILE = "rewrites.tsv"
QUERY, PHRASE = "query", "phrase"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`typed` becomes `meant`, both normalised; `scope` is `QUERY` or `PHRASE`."""

    typed: str
    meant: str
    scope: str = QUERY


class Rewrites:
    """The rules, ready to be applied. Thread-safe."""

    def __init__(self, rules: Iterable[Rewrite] = ()) -> None:
        self._queries: dict[str, str] = {}
        self._phrases: dict[str, str] = {}
        for rule in rules:
            (self._queries if rule.scope == QUERY else self._phrases)[rule.typed] = rule.meant
        longest_first = sorted(self._phrases, key=lambda phrase: (-len(phrase), phrase))
        self._pattern = re.compile("|".join(map(_pattern, longest_first))) if longest_first else None

    def apply(self, normalized: str) -> Rewriting | None:
        """What is searched instead of a normalised query, None where no rule speaks. Never raises."""
        if (meant := self._queries.get(normalized)) is not None:
            return Rewriting(meant, (normalized,))
        if self._pattern is None or not (found := self._pattern.findall(normalized)):
            return None
        text = self._pattern.sub(lambda match: self._phrases[match.group()], normalized)
        return Rewriting(text[:MAX_QUERY_CHARS], tuple(dict.fromkeys(found)))


def load_rewrites(path: Path) -> tuple[Rewrite, ...]:
    """Reads the file; one that is absent has no rules.

    Raises:
        LexiconError: for a line that cannot be read or that contradicts another, with file and line.
    """
    rules: dict[tuple[str, str], Rewrite] = {}
    for number, raw in enumerate(path.read_bytes().split(b"\n") if path.is_file() else (), start=1):
        where = f"{path.name}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0].strip()
            if line:
                rule = _rule([column.strip() for column in line.split("\t")])
                if rules.setdefault((rule.typed, rule.scope), rule) != rule:
                    raise ValueError(f"“{rule.typed}” is rewritten already")
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        except ValueError as why:
            raise LexiconError(str(why), field=where, hint=f"{path} line {number} reads: {line[:80]}") from None
    return tuple(rules.values())


def _rule(columns: list[str]) -> Rewrite:
    if not 2 <= len(columns) <= 3:
        raise ValueError(f"2 to 3 tab-separated columns expected, {len(columns)} found")
    typed, meant = (" ".join(normalize(column).split()) for column in columns[:2])
    scope = columns[2] if len(columns) == 3 else QUERY
    if scope not in (QUERY, PHRASE):
        raise ValueError(f"“{scope}” is neither {QUERY} nor {PHRASE}")
    for column, text in zip(columns, (typed, meant), strict=False):
        if not any(char.isalnum() for char in text):
            raise ValueError(f"“{column}” has no letter, digit or Han character")
        if len(text) > MAX_QUERY_CHARS:
            raise ValueError(f"“{text[:20]}…” is longer than a query ({MAX_QUERY_CHARS} characters)")
    if typed == meant:
        raise ValueError(f"“{typed}” is rewritten to itself")
    return Rewrite(typed, meant, scope)


def _pattern(phrase: str) -> str:
    before = r"(?<![a-z0-9])" if phrase[0].isascii() else ""
    after = r"(?![a-z0-9])" if phrase[-1].isascii() else ""
    return before + re.escape(phrase) + after
