"""Words of a query that stand for others: a category word for its children, a recipient for what he or she is called.

    护肤品 is answered by 面霜, 面膜, 精华 … as by itself; 女朋友 by 女友, and never by 朋友

What stands for others is matched as a whole: its single characters and the words inside it score nothing. A category
word counts only as the head of what is asked: 零食 盒 is no snack, 零食 礼盒 is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.analysis.analyzer import Analyzer, QueryText, Term, grams
from retrieval.understanding.kinds import Kind
from retrieval.understanding.plan import Entity
from retrieval.understanding.reading.category_rules import CategoryRule
from retrieval.understanding.reading.expansion_rules import Expansion, ExpansionKind

ANSWER_WEIGHT = 0.3
"""What a word that answers counts in BM25, one of the query counting 1: many may answer, and a title has several."""
CATEGORY_FACTOR = 20.0
"""A category of which the catalogue says that it holds what a category word means is so much more probable."""
_PRESENT = "礼物"
"""Name of the row of presents: a box of them is sold as what is in it (零食 礼盒)."""
_PACKED = frozenset({"套装", "大礼包", "组合", "礼包"})


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text with what its words stand for, and what that says of categories."""

    text: QueryText
    categories: tuple[CategoryRule, ...] = ()


class Expansions:
    """The rows, over the categories of a catalogue. Immutable and safe to share between threads."""

    def __init__(self, rows: Iterable[Expansion], analyzer: Analyzer, categories: Iterable[str] = ()) -> None:
        """`categories` are leaf paths (``a/b/c``)."""
        known = [row for row in rows if row.kind in (ExpansionKind.CLASS, ExpansionKind.RECIPIENT)]
        self._analyzer = analyzer
        self._rows = {phrase: row for row in known for phrase in row.said}
        self._classes = _pattern(phrase for phrase, row in self._rows.items() if row.kind is ExpansionKind.CLASS)
        self._recipients = _pattern(phrase for phrase, row in self._rows.items() if row.kind is ExpansionKind.RECIPIENT)
        presents = next((row for row in known if row.name == _PRESENT), None)
        self._packing = _PACKED.union(*(presents.said, presents.answers) if presents else ())
        paths = tuple(categories)
        # Asked for few of the rows, and a large catalogue has thousands of leaves.
        self._leaves = lru_cache(maxsize=None)(lambda row: tuple(path for path in paths if _holds(path, row)))

    def of(self, text: QueryText, entities: Sequence[Entity]) -> Expanded:
        """What the words of an analysed query stand for; `entities` are those of its normal form."""
        products = [entity for entity in entities if entity.kind is Kind.PRODUCT]
        found = [match for match in self._classes.finditer(text.normalized) if self._is_head(text, match, products)]
        rows = [self._rows[match.group()] for match in found]
        if all(entity.value in self._packing for entity in products):
            found += self._recipients.finditer(text.normalized)
        for match in found:
            text = self._widened(text, match.start(), match.end())
        rules = [CategoryRule("", leaf, CATEGORY_FACTOR) for row in rows for leaf in self._leaves(row)]
        return Expanded(text, tuple(rules))

    def answered(self, text: QueryText, answers: Sequence[str]) -> QueryText:
        """`text` with a wish that its documents need not meet: those that have one of `answers` are preferred."""
        return replace(text, wishes=(*text.wishes, self._term(answers)), weights=self._weights(answers) | text.weights)

    def only(self, text: QueryText, wishes: Sequence[Sequence[str]]) -> QueryText:
        """A query that is nothing but wishes, each with its answers: what meets them is what is asked for."""
        weights = self._weights([answer for answers in wishes for answer in answers], 1.0)
        return replace(text, terms=tuple(map(self._term, wishes)), weights=weights)

    def _is_head(self, text: QueryText, match: re.Match[str], products: Sequence[Entity]) -> bool:
        start, end = match.span()
        if not (any(term.start == start for term in text.terms) and any(term.end == end for term in text.terms)):
            return False  # half of a word is not the word
        if end - start == 1:
            return end == len(text.normalized) and (start == 0 or text.normalized[start - 1] in " 的")
        named = any(entity.start < end and start < entity.end for entity in products)
        later = [entity for entity in products if entity.start >= end]
        return all(entity.value in self._packing for entity in later) and (named or not products)

    def _widened(self, text: QueryText, start: int, end: int) -> QueryText:
        phrase = text.normalized[start:end]
        row = self._rows[phrase]
        inside = [term for term in text.terms if term.start < end and start < term.end]
        if not inside:
            return text
        ways = [tuple(grams(phrase)), *(inside[0].alternatives if len(inside) == 1 else ()), *_ways(row.answers)]
        term = Term(phrase, start, end, tuple(dict.fromkeys(ways)))
        terms = tuple(sorted([*(t for t in text.terms if t not in inside), term], key=lambda each: each.start))
        beside = text.normalized[:start] + " " + text.normalized[end:]
        least = (
            2 if row.kind is ExpansionKind.CLASS else len(phrase)
        )  # 护肤 says much of 护肤品, 朋友 nothing of 女朋友
        kept = {t: w for t, w in text.weights.items() if len(t) >= least or t not in phrase or t in beside}
        return replace(text, terms=terms, weights=self._weights(row.answers) | kept)

    def _term(self, answers: Sequence[str]) -> Term:
        return Term(answers[0], 0, 0, _ways(answers))

    def _weights(self, answers: Iterable[str], weight: float = ANSWER_WEIGHT) -> dict[str, float]:
        """Words and pairs of characters; a single one is no answer."""
        found = (self._analyzer.query(answer).weights for answer in answers)
        return {token: weight for each in found for token in each if len(token) > 1}


def _ways(answers: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(grams(answer)) for answer in answers))


def _holds(path: str, row: Expansion) -> bool:
    """Whether a leaf is of a class: it is called as one of its things, or it or a parent below the top as the class."""
    _, *below = path.split("/")
    names = below or [path]
    if any(phrase in name for phrase in row.said if len(phrase) > 1 for name in names):
        return True
    return any(answer in names[-1] for answer in row.answers if len(answer) > 1)


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(map(re.escape, ordered)) or "(?!)")
