"""Did the shopper mean another spelling? One correction of a query, or the Chinese words behind typed letters.

Confidence decides what is done: `replace` the query, search `both`, only `suggest`, or nothing. A correction needs
evidence from what stands around it: a character standing alone is never touched, for a query of two characters another
spelling is at most suggested, and a query that the shop or its shoppers know as a whole is right. So what merely sounds
alike is never found. Brands and the words of rule ``never`` are not looked into, and a query that is the name of a
brand of the catalogue is never corrected, not even by a rule.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from retrieval.analysis.normalize import HAN
from retrieval.analysis.text_table import TextTable
from retrieval.understanding.counted import Counts
from retrieval.understanding.kinds import CorrectionAction, CorrectionKind
from retrieval.understanding.plan import Correction
from retrieval.understanding.spelling.edits import Edits, Frozen
from retrieval.understanding.spelling.letters import Letters
from retrieval.understanding.spelling.rules import NO_RULES, SpellingRules
from retrieval.understanding.spelling.tables import SpellingTables

LEAST_HAN = 3
"""Characters of a query that is searched in another spelling."""
BESIDE = frozenset({CorrectionKind.MISSING, CorrectionKind.EXTRA})
"""A character more or less narrows or widens the query, so these never replace it."""
KNOWN = 9
"""A word of so many products, or a query asked a third as often, is right as it is."""

_RIGHT = math.log1p(KNOWN) - 1e-3
_LATIN = re.compile(r"(?<![a-z0-9._/+-])[a-z]+(?![a-z0-9._/+-])")
_HAN_CHAR = re.compile(rf"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Decision:
    """Least confidence for each action, in [0, 1]; below `suggest` nothing is said."""

    replace: float = 0.5
    both: float = 0.15
    suggest: float = 0.08

    def action(self, confidence: float) -> CorrectionAction | None:
        """What is done at this confidence."""
        if confidence >= self.replace:
            return CorrectionAction.REPLACE
        if confidence >= self.both:
            return CorrectionAction.BOTH
        return CorrectionAction.SUGGEST if confidence >= self.suggest else None


class Speller:
    """Corrects normalised queries. Immutable after construction and safe to share between threads."""

    def __init__(
        self,
        tables: SpellingTables,
        protected: Iterable[str] | Counts = (),
        rules: SpellingRules = NO_RULES,
        decision: Decision = Decision(),
    ) -> None:
        """
        Args:
            tables: what the catalogue and its log taught.
            protected: brands; nothing in them is corrected.
        """
        self._rules, self._decision = rules, decision
        brands = protected if isinstance(protected, Counts) else Counts.of(dict.fromkeys(protected, 1))
        self._brands = brands
        self._right = brands.texts, TextTable.of(sorted(rules.never))
        self._slips, self._known = tables.slips, tables.known
        self._edits = Edits(tables)
        self._latin = tables.latin
        self._letters = Letters(tables.pinyin, tables.catalogue_latin, brands)

    def correct(self, normalized: str) -> Correction | None:
        """The most probable other spelling of a normalised query, with what to do about it; None for nearly all."""
        if normalized in self._brands:
            return None
        by_rule = self._by_rule(normalized)
        if by_rule or normalized in self._rules.never or self._known.whole(normalized) >= _RIGHT:
            return by_rule
        if slip := self._slips.find(normalized):
            return self._correction(slip[0], CorrectionKind.PINYIN, slip[1])
        frozen = cache(lambda: self._frozen_in(normalized))
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
        return Correction(text, CorrectionKind.RULE, 1.0, CorrectionAction.REPLACE) if text != query else None

    def _frozen_in(self, query: str) -> list[bool]:
        """Which characters of `query` belong to a brand or a word that is right."""
        frozen = [False] * len(query)
        for start, end, _ in chain.from_iterable(right.inside(query) for right in self._right):
            if end - start > 1:
                frozen[start:end] = [True] * (end - start)
        return frozen

    def _han(self, query: str, frozen: Frozen) -> Correction | None:
        edit = self._edits.best(query, frozen)
        found = self._correction(edit.text, edit.kind, edit.probability) if edit else None
        if found and len(_HAN_CHAR.findall(query)) < LEAST_HAN:
            return replace(found, action=CorrectionAction.SUGGEST)
        if found and found.action is CorrectionAction.REPLACE and found.kind in BESIDE:
            return replace(found, action=CorrectionAction.BOTH)
        return found

    def _slip(self, query: str, frozen: Frozen) -> Correction | None:
        """The surest correction of a Latin word that stands alone and is no pinyin."""
        best: Correction | None = None
        for match in _LATIN.finditer(query):
            if not (near := self._latin.nearest(match.group())) or frozen()[match.start()]:
                continue
            text = query[: match.start()] + near[0] + query[match.end() :]
            found = self._correction(text, CorrectionKind.KEYBOARD, near[1])
            if found and (best is None or found.confidence > best.confidence):
                best = found
        return None if best and self.expand_latin(query) else best

    def _correction(self, text: str, kind: CorrectionKind, confidence: float) -> Correction | None:
        action = self._decision.action(confidence)
        return Correction(" ".join(text.split()), kind, confidence, action) if action and text.strip() else None
