"""All that spelling reads of a catalogue, as arrays: worked out once at a rebuild, mapped by every worker.

What takes seconds and a hundred megabytes (reading all words in pinyin, comparing the shapes of all characters) is done
where the catalogue is learned. A generation of before has only counts; its tables are worked out when it is opened.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from retrieval.analysis.packed import Array, is_packed, pack, part, parts, unpack
from retrieval.errors import GenerationError
from retrieval.types import Buffer
from retrieval.understanding.counted import Counts
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.spelling.context import EDGE, Context
from retrieval.understanding.spelling.counts import context_of_counts
from retrieval.understanding.spelling.known import KnownTexts
from retrieval.understanding.spelling.latin import LatinWords
from retrieval.understanding.spelling.misspellings import Misspellings, misspelt
from retrieval.understanding.spelling.shapes import ShapeTable
from retrieval.understanding.spelling.typed_pinyin import PinyinWords

VERSION = 2
"""Raised whenever an array changes its meaning; tables of another version are refused. 1: counts alone."""
QUERY_WEIGHT = 3
"""Products that one asked query counts as, where words are rated."""
LEAST_KNOWN = 3
"""Words and phrases of fewer products are accidents."""
LEAST_CHARACTER = 5
"""A character that was seen less often is no candidate."""

_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class SpellingTables:
    """What a catalogue and its log teach of spelling. Safe to share.

    Attributes:
        context: which characters stand beside which.
        known: what is written right.
        slips: queries of the log that are misspelt.
        pinyin: words by their letters.
        latin: Latin words of the catalogue and of the log; catalogue_latin: those of the catalogue alone.
        shapes: look-alikes of characters.
    """

    context: Context
    known: KnownTexts
    slips: Misspellings
    pinyin: PinyinWords
    latin: LatinWords
    catalogue_latin: Counts
    shapes: ShapeTable

    @classmethod
    def of(
        cls, frequencies: Mapping[str, int], queries: Mapping[str, int], nouns: Mapping[str, int], context: Context,
        phrases: Mapping[str, int] = MappingProxyType({}),
    ) -> SpellingTables:  # fmt: skip
        """
        Args:
            frequencies: words, brands and product nouns of the catalogue → number of products.
            queries: normalised query → how often it was asked; may be empty.
            nouns: product nouns → how often a title or a query speaks for them.
            context: counts of the titles and the queries.
            phrases: words of titles that follow each other → number of products.
        """
        seen = Counter(frequencies) + Counter({query: QUERY_WEIGHT * n for query, n in queries.items()})
        found = misspelt(queries, seen, frequencies)
        for slip in found:
            del seen[slip]
        words = _latin_words(frequencies)
        return cls(
            context,
            KnownTexts.of({text: n for text, n in seen.items() if n >= LEAST_KNOWN}),
            Misspellings.of(found),
            PinyinWords.of(seen, nouns, context, phrases=phrases),
            LatinWords.of(words + _latin_words(queries)),
            Counts.of(words),
            ShapeTable.of_pool(candidates(context)),
        )

    @classmethod
    def learned(cls, knowledge: Knowledge, context: Context) -> SpellingTables:
        """Those of a catalogue that taught `knowledge` and `context`."""
        frequencies = dict(knowledge.words)
        for counts in (knowledge.products, knowledge.brands):
            for text, count in counts.items():
                frequencies[text] = max(count, frequencies.get(text, 0))
        return cls.of(frequencies, dict(knowledge.queries), dict(knowledge.products), context, knowledge.phrases)

    def to_bytes(self) -> bytes:
        """Their stored form: the same tables give the same bytes."""
        named = {name: getattr(self, name).arrays() for name in self.__slots__}
        return pack({"version": np.array([VERSION]), **parts(named)})

    @classmethod
    def from_bytes(cls, stored: Buffer, knowledge: Knowledge) -> SpellingTables:
        """Reads what `to_bytes` gave, over the memory of `stored`; works them out where only counts are stored.

        Raises:
            GenerationError: these are no such bytes, or they are of another version.
        """
        if not is_packed(stored):
            return cls.learned(knowledge, context_of_counts(stored))
        try:
            arrays = unpack(stored)
            if (version := int(arrays["version"][0])) != VERSION:
                raise ValueError(f"version {version} is not {VERSION}")
            return cls._of_arrays(arrays)
        except (ValueError, KeyError, TypeError, IndexError) as why:
            raise GenerationError(f"the spelling tables cannot be read: {why}", hint="rebuild the index") from why

    @classmethod
    def _of_arrays(cls, arrays: Mapping[str, Array]) -> SpellingTables:
        context = Context.of_arrays(part(arrays, "context"))
        return cls(
            context,
            KnownTexts.of_arrays(part(arrays, "known")),
            Misspellings.of_arrays(part(arrays, "slips")),
            PinyinWords.of_arrays(part(arrays, "pinyin"), context),
            LatinWords.of_arrays(part(arrays, "latin")),
            Counts.of_arrays(part(arrays, "catalogue_latin")),
            ShapeTable.of_arrays(part(arrays, "shapes")),
        )


def candidates(context: Context) -> list[str]:
    """Han characters that may stand for another one: all that were seen often enough."""
    return [chr(code) for code in np.flatnonzero(context.ones >= LEAST_CHARACTER).tolist() if code > EDGE]


def _latin_words(texts: Mapping[str, int]) -> Counter[str]:
    """Words of letters a–z in texts, counted with them."""
    words: Counter[str] = Counter()
    for text, count in texts.items():
        for word in _LETTERS.findall(text):
            words[word] += count
    return words
