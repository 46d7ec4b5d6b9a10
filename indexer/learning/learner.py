"""Learns from a catalogue, record by record, in bounded memory: one pass, then `finish`.

Counters that grow with the catalogue are cut to their most frequent half whenever they are twice as long as what is
kept, so a rare word of a huge catalogue may be lost, a frequent one never is. Time: about 50 µs a record.

Brands come from the brand field and from titles that open as ``美的（Midea）``. Product nouns are chosen by
`retrieval.understanding.reading.nouns`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from retrieval.analysis.brand_field import brand_names
from retrieval.analysis.normalize import HAN, normalize
from retrieval.analysis.quantities import Quantities
from retrieval.analysis.segment import Segmenter
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.entity_lexicon import EntityLexicon
from retrieval.understanding.reading.nouns import NounMiner, most_frequent
from retrieval.understanding.ways_out.withheld import WithheldLearner

WORDS = QUERIES = 100_000
BRANDS = SHOPS = 50_000
ATTRIBUTE_NAMES, ATTRIBUTE_VALUES = 300, 2_000
CATEGORY_WORDS, CATEGORIES_A_WORD, CATEGORY_PAIRS = 40_000, 20, 300_000
CATEGORIES = 20_000
AMOUNTS = 5_000
CLICKED_QUERIES = 50_000
SPELLINGS = 8
PHRASES = 30_000
PHRASE_CHARS = range(3, 9)
"""Characters of two or three words that are looked up by their initials."""
MAX_VALUE_CHARS = 24
"""Longer attribute values and brand names are sentences, which no query names."""

_HAN = re.compile(rf"[{HAN}]+\Z")
_Key = TypeVar("_Key", str, tuple[str, str])
_OPENING = re.compile(
    r"(?:【[^】]{0,20}】)?\s*([\u4e00-\u9fff]{2,6})\s*[（(]\s*([A-Za-z][A-Za-z0-9 .&'-]{0,19})\s*[）)]"
)
"""How marketplaces open a title: the Chinese name of the brand, its Latin name in brackets."""


class Learner:
    """Reads records and queries, gives `Knowledge`. The same input in the same order gives the same knowledge."""

    def __init__(self, segmenter: Segmenter, quantities: Quantities, lexicon: EntityLexicon) -> None:
        """`segmenter` and `quantities` are those of the analyzer; `lexicon` tells which words are no product nouns."""
        self._segmenter = segmenter
        self._quantities = quantities
        self._documents = 0
        self._words: Counter[str] = Counter()
        self._brands: Counter[str] = Counter()
        self._written: dict[str, Counter[str]] = {}
        self._shops: Counter[str] = Counter()
        self._attributes: dict[str, Counter[str]] = {}
        self._categories: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._amounts: Counter[tuple[str, float]] = Counter()
        self._queries: Counter[str] = Counter()
        self._clicks: Counter[tuple[str, str]] = Counter()
        self._asked: Counter[str] = Counter()
        self._phrases: Counter[str] = Counter()
        self._nouns = NounMiner(lexicon)
        self._withheld = WithheldLearner()

    def add(self, source: Mapping[str, Any], cut: tuple[str, Sequence[str]] | None = None) -> None:
        """One product record (docs/input.md); fields that are missing or of another type teach nothing.

        Args:
            cut: the title in its normal form and the words of it, where they are known.
        """
        self._documents += 1
        title = str(source.get("title") or "")
        norm, words = cut or self._cut(title)
        present = set(words)
        _count(self._words, present, WORDS)
        self._nouns.add_title(words)
        _count(self._phrases, dict.fromkeys(_phrases(words), 1), PHRASES)
        self._learn_brand(source, title)
        self._learn_category(source.get("category"), [word for word in present if len(word) > 1])
        attributes = source.get("attributes")
        if isinstance(attributes, Mapping):
            self._learn_attributes(attributes)
        self._learn_amounts(norm)
        shop = source.get("shop")
        name = shop.get("name") if isinstance(shop, Mapping) else shop
        if isinstance(name, str):
            _count(self._shops, [_norm(name)], SHOPS)

    def add_withheld(self, title: str, sold: int) -> None:
        """A product that is off the shelf or banned; `sold` pieces, 0 where it is not known."""
        self._withheld.add(title, sold)

    def add_query(self, text: str, count: int = 1) -> None:
        """A line of the query log, and how often it was asked."""
        query = _norm(text)
        if query:
            _count(self._queries, {query: count}, QUERIES)
            words = self._segmenter.cut(query)
            self._nouns.add_query(words)
            _count(self._asked, set(words), WORDS)

    def add_click(self, query: str, category: Iterable[str] | str, count: int = 1) -> None:
        """Clicks on products of a leaf category after a query: words of the query then speak for the category."""
        leaf, text = _leaf(category), _norm(query)
        if leaf and text:
            _count(self._clicks, {(text, leaf): count}, CLICKED_QUERIES * 4)
            words = {word for word in self._segmenter.cut(text) if len(word) > 1}
            _count(self._pairs, {(word, leaf): count for word in words}, CATEGORY_PAIRS)

    def headness(self, noun: str) -> float:
        """How surely a noun names things, in (0, 1): (queries that end in it + 1) / (queries that have it + 2)."""
        return self._nouns.headness(noun)

    def finish(self) -> Knowledge:
        """What was learned; the learner may go on afterwards."""
        brands = most_frequent(self._brands, BRANDS)
        return Knowledge(
            documents=self._documents,
            words={word: n for word, n in most_frequent(self._words, WORDS).items() if len(word) > 1},
            brands=brands,
            brand_names={n: most_frequent(self._written[n], SPELLINGS) for n in brands if n in self._written},
            products=self._nouns.nouns(self._words, brands, self._categories),
            shops=most_frequent(self._shops, SHOPS),
            attributes={
                name: most_frequent(values, ATTRIBUTE_VALUES)
                for name, values in sorted(self._attributes.items(), key=_by_total)[:ATTRIBUTE_NAMES]
            },
            categories=most_frequent(self._categories, CATEGORIES),
            category_words=_grouped(self._pairs, CATEGORY_WORDS, CATEGORIES_A_WORD),
            amounts=self._known_amounts(),
            queries=most_frequent(self._queries, QUERIES),
            clicks=_grouped(self._clicks, CLICKED_QUERIES, CATEGORIES_A_WORD),
            asked=most_frequent(self._asked, WORDS),
            withheld=self._withheld.titles(),
            phrases=most_frequent(self._phrases, PHRASES),
        )

    def cut(self, norm: str) -> Sequence[str]:
        """The words of a normalised text."""
        return self._segmenter.cut(norm)

    def _cut(self, title: str) -> tuple[str, Sequence[str]]:
        norm = normalize(title)
        return norm, self._segmenter.cut(norm)

    def _learn_brand(self, source: Mapping[str, Any], title: str) -> None:
        written = source.get("brand")
        names = brand_names(written) if isinstance(written, str) else ()
        opening = _OPENING.match(title)
        if opening and not names:
            names = brand_names(opening.group(1)) + brand_names(opening.group(2))
        if names:
            _count(self._brands, names, BRANDS)
            if isinstance(written, str):
                for name in names:
                    if name in self._written or len(self._written) < 2 * BRANDS:
                        self._written.setdefault(name, Counter())[written] += 1

    def _learn_category(self, category: object, words: Sequence[str]) -> None:
        if (leaf := _leaf(category)) and (leaf in self._categories or len(self._categories) < CATEGORIES):
            self._categories[leaf] += 1
            _count(self._pairs, [(word, leaf) for word in words], CATEGORY_PAIRS)

    def _learn_attributes(self, attributes: Mapping[str, Any]) -> None:
        for name, given in attributes.items():
            values = given if isinstance(given, list | tuple) else [given]
            if name not in self._attributes:
                if len(self._attributes) >= 2 * ATTRIBUTE_NAMES:
                    continue
                self._attributes[name] = Counter()
            texts = [_norm(str(value)) for value in values if value is not None]
            _count(self._attributes[name], [t for t in texts if 0 < len(t) <= MAX_VALUE_CHARS], ATTRIBUTE_VALUES)
            for text in texts:
                self._learn_amounts(text)

    def _learn_amounts(self, norm: str) -> None:
        for quantity in self._quantities.find(norm):
            base, value = quantity.token[1:].rsplit(":", 1)
            self._amounts[base, float(value)] += 1
        if len(self._amounts) > 20 * AMOUNTS:
            self._amounts = Counter(most_frequent(self._amounts, 10 * AMOUNTS))

    def _known_amounts(self) -> dict[str, tuple[float, ...]]:
        by_base: dict[str, Counter[float]] = {}
        for (base, value), count in self._amounts.items():
            by_base.setdefault(base, Counter())[value] = count
        return {base: tuple(sorted(most_frequent(values, AMOUNTS))) for base, values in sorted(by_base.items())}


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Two or three Han words that follow each other, none of them a single character before others."""
    for at, first in enumerate(words):
        phrase = first
        for word in words[at + 1 : at + 3]:
            phrase += word
            if len(first) < 2 or not _HAN.match(phrase):
                break
            if len(phrase) in PHRASE_CHARS:
                yield phrase


def _by_total(named: tuple[str, Counter[str]]) -> tuple[int, str]:
    return -named[1].total(), named[0]


def _norm(text: str) -> str:
    return " ".join(normalize(text).split())


def _leaf(category: object) -> str:
    names = category if isinstance(category, list | tuple) else [category]
    return "/".join(str(name) for name in names if name)


def _count(counter: Counter[_Key], seen: Iterable[_Key] | Mapping[_Key, int], keep: int) -> None:
    counter.update(seen)
    if len(counter) > 2 * keep:
        kept = most_frequent(counter, keep)
        counter.clear()
        counter.update(kept)


def _grouped(pairs: Counter[tuple[str, str]], keep: int, each: int) -> dict[str, dict[str, int]]:
    """First → second → count for the `keep` most frequent firsts, with their `each` most frequent seconds."""
    totals: Counter[str] = Counter()
    for (first, _), count in pairs.items():
        totals[first] += count
    wanted: dict[str, Counter[str]] = {first: Counter() for first in most_frequent(totals, keep)}
    for (first, second), count in pairs.items():
        if first in wanted:
            wanted[first][second] = count
    return {first: most_frequent(seconds, each) for first, seconds in wanted.items()}
