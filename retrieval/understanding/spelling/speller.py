"""Did the shopper mean another spelling? One correction of a query, or the Chinese words behind typed letters.

Confidence decides what is done: `replace` the query, search `both`, only `suggest`, or nothing. A correction needs
evidence from what stands around it: a character standing alone is never touched, for a query of two characters another
spelling is at most suggested, and a query that the shop or its shoppers know as a whole is right. So what merely sounds
alike is never found. Brands and the words of rule ``never`` are not looked into.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from retrieval.analysis.normalize import HAN
from retrieval.understanding.plan import Correction
from retrieval.understanding.spelling.context import Context
from retrieval.understanding.spelling.edits import Edits
from retrieval.understanding.spelling.known import KnownTexts
from retrieval.understanding.spelling.latin import LatinWords
from retrieval.understanding.spelling.letters import Letters
from retrieval.understanding.spelling.rules import NO_RULES, SpellingRules
from retrieval.understanding.spelling.slips import slips
from retrieval.understanding.spelling.typed_pinyin import PinyinWords

LEAST_HAN = 3
"""Characters of a query that is searched in another spelling."""
BESIDE = frozenset({"missing", "extra"})
"""A character more or less narrows or widens the query, so these never replace it."""
KNOWN = 9
"""A word of so many products, or a query asked a third as often, is right as it is."""
QUERY_WEIGHT = 3
"""Products that one asked query counts as, where words are rated."""
LEAST_KNOWN = 3
"""Words and phrases of fewer products are accidents."""

_RIGHT = math.log1p(KNOWN) - 1e-3
_LATIN = re.compile(r"(?<![a-z0-9._/+-])[a-z]+(?![a-z0-9._/+-])")
_LETTERS = re.compile(r"[a-z]+")
_HAN_CHAR = re.compile(rf"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Decision:
    """Least confidence for each action, in [0, 1]; below `suggest` nothing is said."""

    replace: float = 0.5
    both: float = 0.15
    suggest: float = 0.08

    def action(self, confidence: float) -> str | None:
        if confidence >= self.replace:
            return "replace"
        if confidence >= self.both:
            return "both"
        return "suggest" if confidence >= self.suggest else None


class Speller:
    """Corrects normalised queries. Immutable after construction and safe to share between threads."""

    def __init__(
        self,
        frequencies: Mapping[str, int],
        queries: Mapping[str, int],
        protected: AbstractSet[str],
        nouns: Mapping[str, int],
        context: Context,
        rules: SpellingRules = NO_RULES,
        decision: Decision = Decision(),
    ) -> None:
        """
        Args:
            frequencies: words, brands and product nouns of the catalogue → number of products.
            queries: normalised query → how often it was asked; may be empty.
            protected: brands; nothing in them is corrected.
            nouns: product nouns → how often a title or a query speaks for them.
            context: `spelling_counts` of the titles and the queries.
        """
        self._rules, self._decision = rules, decision
        self._frozen = frozenset(w for w in {*protected, *rules.never} if len(w) > 1)
        self._begins = frozenset(word[:2] for word in self._frozen)
        self._longest = max(map(len, self._frozen), default=0)
        seen = Counter(frequencies) + Counter({query: QUERY_WEIGHT * n for query, n in queries.items()})
        self._slips = slips(queries, seen, frequencies)
        for slip in self._slips:
            del seen[slip]
        self._known = KnownTexts({text: n for text, n in seen.items() if n >= LEAST_KNOWN})
        self._edits = Edits(context, self._known)
        words, asked = _latin_words(frequencies), _latin_words(queries)
        self._latin = LatinWords(words + asked)
        self._letters = Letters(PinyinWords(seen, nouns, context), words)

    def correct(self, normalized: str) -> Correction | None:
        """The most probable other spelling of a normalised query, with what to do about it; None for nearly all."""
        by_rule = self._by_rule(normalized)
        if by_rule or normalized in self._rules.never or self._known.wholes([normalized])[0] >= _RIGHT:
            return by_rule
        if normalized in self._slips:
            meant, chance = self._slips[normalized]
            return self._correction(meant, "pinyin", chance)
        frozen = self._frozen_in(normalized)
        found = [c for c in (self._han(normalized, frozen), self._slip(normalized, frozen)) if c]
        return max(found, key=lambda c: c.confidence, default=None)

    def expand_latin(self, normalized: str) -> tuple[Correction, ...]:
        """The queries that full pinyin or initials in `normalized` may stand for, most probable first; mostly none.

        ``full_pinyin`` of letters that are no word of the catalogue replaces the query where one reading has most of
        the probability; all else is searched beside it.
        """
        return self._letters.expand(normalized)

    def _by_rule(self, query: str) -> Correction | None:
        text = query
        for typed, meant in self._rules.always.items():
            text = text.replace(typed, meant)
        return Correction(text, "rule", 1.0, "replace") if text != query else None

    def _frozen_in(self, query: str) -> list[bool]:
        """Which characters of `query` belong to a brand or a word that is right."""
        frozen = [False] * len(query)
        for start in (i for i in range(len(query) - 1) if query[i : i + 2] in self._begins):
            stop = min(len(query), start + self._longest)
            end = next((e for e in range(stop, start + 1, -1) if query[start:e] in self._frozen), start)
            frozen[start:end] = [True] * (end - start)
        return frozen

    def _han(self, query: str, frozen: Sequence[bool]) -> Correction | None:
        edit = self._edits.best(query, frozen)
        found = self._correction(edit.text, edit.kind, edit.probability) if edit else None
        if found and len(_HAN_CHAR.findall(query)) < LEAST_HAN:
            return replace(found, action="suggest")
        if found and found.action == "replace" and found.kind in BESIDE:
            return replace(found, action="both")
        return found

    def _slip(self, query: str, frozen: Sequence[bool]) -> Correction | None:
        """The surest correction of a Latin word that stands alone and is no pinyin."""
        best: Correction | None = None
        for match in _LATIN.finditer(query):
            if frozen[match.start()] or not (near := self._latin.nearest(match.group())):
                continue
            text = query[: match.start()] + near[0] + query[match.end() :]
            found = self._correction(text, "keyboard", near[1])
            if found and (best is None or found.confidence > best.confidence):
                best = found
        return None if best and self.expand_latin(query) else best

    def _correction(self, text: str, kind: str, confidence: float) -> Correction | None:
        action = self._decision.action(confidence)
        return Correction(" ".join(text.split()), kind, confidence, action) if action and text.strip() else None


def _latin_words(texts: Mapping[str, int]) -> Counter[str]:
    """Words of letters a–z in texts, counted with them."""
    words: Counter[str] = Counter()
    for text, count in texts.items():
        for word in _LETTERS.findall(text):
            words[word] += count
    return words
