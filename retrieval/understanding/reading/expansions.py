"""Words of a query that stand for others: a category word for its children, a recipient for what he or she is called.

    护肤品 is answered by 面霜, 面膜, 精华 … as by itself; 女朋友 by 女友, and never by 朋友

What a category word means is said by the rows of the shop and by the tree of its catalogue (女装 has 连衣裙 below it);
of the rows only what the catalogue sells counts. What stands for others is matched as a whole: its single characters
score nothing. A category word counts only as the head of what is asked (零食 盒 is no snack, 零食 礼盒 is), and beside
what any thing may have (红色, 男): 拆卸 工具 names a tool of its own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from retrieval.analysis.analyzer import Analyzer, QueryText, Term, grams
from retrieval.understanding.kinds import Kind
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity
from retrieval.understanding.reading.category_tree import CategoryTree
from retrieval.understanding.reading.expansion_rules import Expansion, ExpansionKind

ANSWER_WEIGHT = 0.3
"""What a word that answers counts in BM25, one of the query counting 1: many may answer, and a title has several."""
CATEGORY_FACTOR = 20.0
"""A category of which the catalogue says that it holds what a category word means is so much more probable."""
_BESIDE = frozenset(
    {Kind.COLOR, Kind.AUDIENCE, Kind.SEASON, Kind.SIZE, Kind.SCENE, Kind.BRAND, Kind.NOISE, Kind.SHOP, Kind.OTHER}
)
"""Kinds of words that a category word may have beside it."""
_THINGS = frozenset({Kind.PRODUCT, Kind.CATEGORY})
_GIVEN = re.compile("[送礼]")
"""Who is said to be given something: 送女朋友, 妈妈的礼物."""
_LONGEST = 4
"""Terms of a category word."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text with what its words stand for.

    Attributes:
        categories: leaf category of what is asked → how often it counts.
        thing: the word for it; beside: the words that say something else.
        instances: thing that a category word means → the text with it in its place.
    """

    text: QueryText
    categories: Mapping[str, float] = field(default_factory=dict)
    thing: str = ""
    beside: tuple[str, ...] = ()
    instances: Mapping[str, QueryText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Class:
    """What a category word means: words of titles, and leaf categories."""

    answers: tuple[str, ...]
    leaves: tuple[str, ...]


class Expansions:
    """The rows, over what a catalogue taught. Immutable and safe to share between threads."""

    def __init__(
        self, rows: Iterable[Expansion], analyzer: Analyzer, knowledge: Knowledge, packings: Container[str] = ()
    ) -> None:
        """`packings`: what things are packed in and given as, which is sold as what is in it: 零食 礼盒."""
        self._analyzer, self._knowledge = analyzer, knowledge
        known = tuple(rows)
        self._rows = {phrase: row for row in known if row.kind is ExpansionKind.CLASS for phrase in row.said}
        self._recipients = {phrase: row for row in known if row.kind is ExpansionKind.RECIPIENT for phrase in row.said}
        self._packing = packings
        self._tree = CategoryTree(knowledge)
        # Few of the words are asked for, and a large catalogue has thousands of leaves.
        self._class = lru_cache(maxsize=512)(self._read_class)
        self._kinds = lru_cache(maxsize=1024)(self._tree.kinds_of)
        self._analysed = lru_cache(maxsize=1024)(analyzer.query)
        self._tokens = lru_cache(maxsize=4096)(self._read_tokens)
        self._names = frozenset({*self._rows, *self._tree.names})

    def of(self, text: QueryText, entities: Sequence[Entity]) -> Expanded:
        """What the words of an analysed query stand for; `entities` are those of its normal form."""
        products = [entity for entity in entities if entity.kind is Kind.PRODUCT]
        leaves = dict.fromkeys(self._kinds(products[-1].value) if products else (), 1.0)
        named = [(products[-1].start, products[-1].end)] if products else []
        terms, normalized = text.terms, text.normalized
        instances: dict[str, QueryText] = {}
        for start, end in [*_spans(text)]:
            phrase = text.normalized[start:end]
            if (
                phrase in self._names
                and (of := self._class(phrase))
                and self._is_head(text, start, end, products)
                and (phrase in self._packing or self._is_plain(text, start, end, entities))
            ):
                before, behind = text.normalized[:start], text.normalized[end:]
                things = () if phrase in self._packing else of.answers  # 礼盒 is no more a present than what it is in
                instances = {thing: self._analysed(before + thing + behind) for thing in things}
                text = self._widened(text, start, end, of.answers, least=2)
                leaves |= dict.fromkeys(of.leaves, CATEGORY_FACTOR)
                named.append((start, end))
        if _GIVEN.search(text.normalized) and all(entity.value in self._packing for entity in products):
            for start, end in [*_spans(text)]:
                if row := self._recipients.get(text.normalized[start:end]):
                    text = self._widened(text, start, end, row.answers, least=end - start)
        beside = [t.text for t in terms if not any(start < t.end and t.start < end for start, end in named)]
        thing = normalized[slice(*named[-1])] if named else ""
        return Expanded(text, leaves, thing, tuple(beside), instances)

    def contents(self, words: Sequence[str]) -> Sequence[str]:
        """The words that say what is in a box: all but those of packing, or all, where there are no others."""
        return [word for word in words if word not in self._packing] or words

    def names_thing(self, entities: Iterable[Entity]) -> bool:
        """Whether some entity is a thing. A colour or a style names none, a present may be anything."""
        return any(each.kind in _THINGS and each.value not in self._packing for each in entities)

    def answered(self, text: QueryText, answers: Sequence[str], said: str) -> QueryText:
        """`text` with a wish that its documents need not meet: those that have one of `answers` are preferred.

        An answer in the words of the query, `said`, counts as they would.
        """
        weights = self._weights(answers) | self._weights([each for each in answers if each in said], 1.0)
        return replace(text, wishes=(*text.wishes, self._term(answers)), weights=weights | text.weights)

    def only(self, text: QueryText, wishes: Sequence[Sequence[str]]) -> QueryText:
        """A query that is nothing but wishes, each with its answers: what meets them is what is asked for.

        It reads as their first answers do: 520 as 情人节, since a title with 520颗粒 answers no day.
        """
        weights = self._weights([answer for answers in wishes for answer in answers], 1.0)
        reads = " ".join(answers[0] for answers in wishes) or text.normalized
        return replace(text, normalized=reads, terms=tuple(map(self._term, wishes)), weights=weights)

    def _read_class(self, phrase: str) -> _Class | None:
        row = self._rows.get(phrase)
        below = self._tree.below(phrase)
        if row is None and not below:
            return None
        sold = [answer for answer in row.answers if self._is_sold(answer)] if row else []
        leaves = dict.fromkeys((*below, *(self._tree.of(row.said, row.answers) if row else ())))
        return _Class(tuple(dict.fromkeys((*sold, *self._tree.nouns(below)))), tuple(leaves))

    def _is_sold(self, answer: str) -> bool:
        known = self._knowledge
        return not known.documents or answer in known.words or answer in known.products

    def _is_head(self, text: QueryText, start: int, end: int, products: Sequence[Entity]) -> bool:
        if end - start == 1:
            return end == len(text.normalized) and (start == 0 or text.normalized[start - 1] in " 的")
        named = any(entity.start < end and start < entity.end for entity in products)
        later = [entity for entity in products if entity.start >= end]
        return all(entity.value in self._packing for entity in later) and (named or not products)

    def _is_plain(self, text: QueryText, start: int, end: int, entities: Sequence[Entity]) -> bool:
        """Whether nothing else is said but what any thing may have."""
        spans = [(each.start, each.end) for each in entities if each.kind in _BESIDE or each.value in self._packing]
        spans.append((start, end))
        return all(any(of < term.end and term.start < to for of, to in spans) for term in text.required)

    def _widened(self, text: QueryText, start: int, end: int, answers: Sequence[str], *, least: int) -> QueryText:
        """`text` in which `answers` satisfy what stands there; words inside it of fewer characters score nothing.

        护肤 says much of 护肤品, 朋友 nothing of 女朋友.
        """
        phrase = text.normalized[start:end]
        inside = [term for term in text.terms if term.start < end and start < term.end]
        ways = [tuple(grams(phrase)), *(inside[0].alternatives if len(inside) == 1 else ()), *_ways(answers)]
        term = Term(phrase, start, end, tuple(dict.fromkeys(ways)))
        terms = tuple(sorted([*(t for t in text.terms if t not in inside), term], key=lambda each: each.start))
        beside = text.normalized[:start] + " " + text.normalized[end:]
        kept = {t: w for t, w in text.weights.items() if len(t) >= least or t not in phrase or t in beside}
        return replace(text, terms=terms, weights=self._weights(answers) | kept)

    def _term(self, answers: Sequence[str]) -> Term:
        return Term(answers[0], 0, 0, _ways(answers))

    def _weights(self, answers: Iterable[str], weight: float = ANSWER_WEIGHT) -> dict[str, float]:
        """Words and pairs of characters; a single one is no answer."""
        return {token: weight for answer in answers for token in self._tokens(answer)}

    def _read_tokens(self, answer: str) -> tuple[str, ...]:
        return tuple(token for token in self._analyzer.query(answer).weights if len(token) > 1)


def _spans(text: QueryText) -> Iterator[tuple[int, int]]:
    """All runs of whole terms, the longer first at each place: half of a word is not the word."""
    terms = text.terms
    for first in range(len(terms)):
        for last in range(min(first + _LONGEST, len(terms)), first, -1):
            yield terms[first].start, terms[last - 1].end


def _ways(answers: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(grams(answer)) for answer in answers))
