"""Product nouns (中心词) from titles, queries and category names.

Titles on marketplaces are heaps of words, so the place of a word in them says little: of the 1,000 words that most
often end a stretch of a real title 23 % are products. What says much is the last character (…杯 …鞋 …机: Chinese
compounds are head-final) and the end of queries: of the 1,000 words that most surely end real queries 82 % are.

A noun is therefore, if no lexicon knows it as another kind:

* a word with a known last character, in enough titles or queries;
* a word that ends queries: ends / (uses + 5) ≥ `TAIL_SHARE`;
* a word and a single character that belong together, which the segmenter had cut: 键盘 膜, 吐 司机. With n the number
  of texts that have a word, ln (n12·N / (n1·n2)) ≥ `COHESION` (pointwise mutual information, Church and Hanks 1990);
  much more of it where the single character comes first, since that is mostly the end of something else;
* a name in the leaf of a category.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TypeVar

from retrieval.analysis.normalize import HAN, normalize
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entity_lexicon import EntityLexicon

NOUNS = 60_000
LEAST_USES = 3
TAIL_SHARE = 0.6
COHESION, COHESION_CHARACTER_FIRST = 1.0, 6.0
MAX_CHARS = 6

_Key = TypeVar("_Key", str, float, tuple[str, str], tuple[str, float])
_HAN_WORD = re.compile(rf"[{HAN}]+\Z")
_NAMES = re.compile(rf"[^{HAN}a-z0-9]+")


class NounMiner:
    """Counts pairs of words, and how queries end; bounded as the learner is."""

    def __init__(self, lexicon: EntityLexicon) -> None:
        self._products = lexicon.of(Kind.PRODUCT)
        self._others = frozenset(lexicon.words) - self._products
        self._ends = lexicon.cue("suffixes")
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._tails: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()

    def add_title(self, words: Sequence[str]) -> None:
        """The words of a title, in order."""
        ends, pairs = self._ends, self._pairs
        left = " "
        for right in words:
            if (len(right) == 1) != (len(left) == 1) and (right[-1] in ends or right in self._products):
                pairs[left, right] += 1
            left = right
        if len(pairs) > 4 * NOUNS:
            self._pairs = Counter(most_frequent(pairs, 2 * NOUNS))

    def add_query(self, words: Sequence[str]) -> None:
        """The words of a query, in order."""
        said = [word for word in words if not word.isspace()]
        if said:
            self._asked.update(said)
            self._tails[said[-1]] += 1
            self.add_title(said)
            if len(self._asked) > 4 * NOUNS:
                self._asked = Counter(most_frequent(self._asked, 2 * NOUNS))
                self._tails = Counter({word: n for word, n in self._tails.items() if word in self._asked})

    def nouns(self, titles: Mapping[str, int], brands: Container[str], categories: Iterable[str]) -> dict[str, int]:
        """Noun → titles and queries that speak for it, most first.

        Args:
            titles: word, single characters too → titles that have it.
            categories: leaf paths.
        """
        uses = Counter(titles) + self._asked
        found = {word: n for word, n in uses.items() if self._is_noun(word, n) and word not in brands}
        total = uses.total()
        for (left, right), n in self._pairs.items():
            noun = left + right
            if n >= LEAST_USES and uses[left] and uses[right] and self._may_join(left, noun, brands):
                cohesion = math.log(n * total / (uses[left] * uses[right]))
                if cohesion >= (COHESION if len(right) == 1 else COHESION_CHARACTER_FIRST):
                    found[noun] = max(n, found.get(noun, 0))
        for path in categories:
            for name in _NAMES.split(normalize(path.rsplit("/", 1)[-1])):
                if len(name) > 1 and name not in self._others:
                    found.setdefault(name, 1)
        return most_frequent(found, NOUNS)

    def headness(self, word: str) -> float:
        """The share of the queries with a word that end in it, drawn towards a half while few have it."""
        return (self._tails[word] + 1) / (self._asked[word] + 2)

    def _is_noun(self, word: str, uses: int) -> bool:
        if word in self._products:
            return True
        if not 2 <= len(word) <= MAX_CHARS or word in self._others or not _HAN_WORD.match(word):
            return False
        if uses >= LEAST_USES and (word[-1] in self._ends or word[-2:] in self._ends):
            return True
        return self._tails[word] / (self._asked[word] + 5) >= TAIL_SHARE

    def _may_join(self, left: str, noun: str, brands: Container[str]) -> bool:
        known = noun in self._others or left in self._others or left in brands or noun in brands
        return not known and len(noun) <= MAX_CHARS and bool(_HAN_WORD.match(noun))


def most_frequent(counts: Mapping[_Key, int], keep: int) -> dict[_Key, int]:
    """The `keep` most frequent with their counts, the first most; equal counts in order of their keys."""
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:keep])
