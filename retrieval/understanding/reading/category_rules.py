"""Rules of a shop about which categories a query means, from ``configs/rules/categories.tsv``.

One rule a line, three columns separated by a tab, ``#`` starts a comment::

    words of a query    category (a, a/b or a/b/c; with all below it)    factor

The rule speaks where the normalised query contains the words. A factor above 1 raises the category, one below lowers
it, 0 forbids it. A line that cannot be read is an error that names the file and the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError

MOST_FACTOR = 1000.0


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """Where a query contains `pattern`, `category` and all below it count `factor` times."""

    pattern: str
    category: str
    factor: float

    def covers(self, category: str) -> bool:
        """Whether `category` is the rule's or below it."""
        return category == self.category or category.startswith(f"{self.category}/")


def load_category_rules(path: Path) -> tuple[CategoryRule, ...]:
    """Reads the file; one that is absent has no rules.

    Raises:
        LexiconError: for a line that cannot be read, with file and line.
    """
    if not path.is_file():
        return ()
    rules = []
    for number, raw in enumerate(path.read_bytes().split(b"\n"), start=1):
        where = f"{path.name}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0].strip()
            if line:
                rules.append(_rule([column.strip() for column in line.split("\t")]))
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        except ValueError as why:
            raise LexiconError(str(why), field=where, hint=f"{path} line {number} reads: {line[:80]}") from None
    return tuple(rules)


def _rule(columns: list[str]) -> CategoryRule:
    if len(columns) != 3:
        raise ValueError(f"3 tab-separated columns expected, {len(columns)} found")
    pattern = " ".join(normalize(columns[0]).split())
    category = columns[1].strip("/")
    if not pattern or not category:
        raise ValueError("the words and the category must not be empty")
    try:
        factor = float(columns[2])
    except ValueError:
        raise ValueError(f"factor “{columns[2]}” is not a number") from None
    if not 0 <= factor <= MOST_FACTOR:
        raise ValueError(f"factor {factor} is not from 0 to {MOST_FACTOR:g}")
    return CategoryRule(pattern, category, factor)
