"""Does anybody who shops here speak so? What a query log teaches of the language of shoppers.

Two numbers, both per unit of text, so that long and short queries compare:

    usage       mean over the words w of  ln P_shop(w) - ln P_people(w)
    likelihood  mean over the symbols of  ln P(symbol | the two before it)     (`….spelling_context`)

    P_shop(w)   = (queries with w + 0.2 · titles with w + 1) / (sum of these counts + 100,000)
    P_people(w) = (f(w) + 5) / F                             f: frequency in jieba's general dictionary, F: their sum

The first is the cross-entropy difference of Moore & Lewis (2010, “Intelligent Selection of Language Model Training
Data”): 汇率 and 朝代 are said by people and not by shoppers, 连衣裙 is said by shoppers. The second finds runs of
characters that nobody writes. Both tell what is no shopping; neither says anything where the log is too short.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from retrieval.analysis.normalize import HAN
from retrieval.analysis.segment import Segmenter, general_frequencies
from retrieval.analysis.text_table import hash_of
from retrieval.understanding.counted import Counts
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Language
from retrieval.understanding.spelling.context import Context, log_probability, symbols_of

ENOUGH_WORDS, ENOUGH_SYMBOLS = 100_000, 3_000_000
"""Words of a query log (40,000 queries), symbols of titles and log together; with fewer nothing is said."""
_TITLES = 0.2
"""What a title says of shoppers, a query saying 1: sellers write titles."""
_SHOP_PRIOR, _SHOP_WORDS, _PEOPLE_PRIOR = 1.0, 100_000, 5.0
_HAN = re.compile(f"[{HAN}]")
_MOST = 6.0
"""One word says no more than this, either way."""


class ShopLanguage:
    """Immutable after construction and safe to share between threads."""

    def __init__(self, knowledge: Knowledge, segmenter: Segmenter, context: Context | None) -> None:
        self._segmenter = segmenter
        self._context = context if context and context.total >= ENOUGH_SYMBOLS else None
        self._asked, self._titles = Counts.of(knowledge.asked), Counts.of(knowledge.words)
        asked, titles = int(self._asked.numbers.sum()), int(self._titles.numbers.sum())
        self._people = _people() if asked >= ENOUGH_WORDS else Counts.of({})
        self._shop_sum = asked + _TITLES * titles + _SHOP_WORDS * _SHOP_PRIOR
        self._people_sum = float(self._people.numbers.sum())

    def judge(self, normalized: str) -> Language:
        """What the words of a normalised query say; None for what is not known."""
        return Language(self._usage(normalized), self._likelihood(normalized))

    def _usage(self, text: str) -> float | None:
        words = [word for word in self._segmenter.cut(text) if _HAN.search(word)]
        if not self._people or not words:
            return None
        return sum(map(self._of_word, words)) / len(words)

    def _of_word(self, word: str) -> float:
        key = hash_of(word)
        said = self._asked.get_key(key) + _TITLES * self._titles.get_key(key) + _SHOP_PRIOR
        people = self._people.get_key(key) + _PEOPLE_PRIOR
        difference = math.log(said / self._shop_sum) - math.log(people / self._people_sum)
        return max(-_MOST, min(_MOST, difference))

    def _likelihood(self, text: str) -> float | None:
        if self._context is None:
            return None
        return log_probability(self._context, text) / (len(symbols_of(text)[0]) + 1)


@lru_cache(maxsize=1)
def _people() -> Counts:
    """Words of general Chinese: the same for every catalogue, and half of the time of opening one."""
    return Counts.of(general_frequencies())
