"""The one tokenizer contract: the tokens of a document and the meaning of a query come from here, in both backends.

A text becomes words (jieba, search mode), single characters, character bigrams, the variants of its alphanumeric runs,
and its amounts in base units. On 71,643 real titles words alone reach nDCG@10 0.52, with characters and bigrams 0.65.

A query also becomes *terms*: the pieces a shopper would name, each with the ways in which a document may satisfy it.
A Han word is satisfied by its bigrams, i.e. by standing anywhere in the text however that text was segmented; so every
piece of a title finds its title. Ranking, not matching, then prefers whole words. Numbers are satisfied whole, and
Latin words from their beginning (`retrieval.analysis.whole`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate

from retrieval.analysis import alphanumerics, whole
from retrieval.analysis.lexicon import Lexicon
from retrieval.analysis.normalize import HAN, normalize
from retrieval.analysis.quantities import Quantities
from retrieval.analysis.regional import Reading, read
from retrieval.analysis.segment import Segmenter

VERSION = 2
"""Raised whenever the same text may give other tokens; an index built with another version is refused.

2: what is matched whole (`retrieval.analysis.whole`), spoken amounts.
"""

MAX_QUERY_CHARS = 128
"""Queries are cut here: the longest of 299,972 real queries has 69 characters."""

_HAN_CHAR = re.compile(rf"[{HAN}]")
_NUMBER = re.compile(rf"[\d.,/+*x-]*\d[^\W\d_]?[{HAN}]?\Z")
_RUN = re.compile(rf"(?:[{HAN}]|(?!_)\w)+")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing the shopper named, at characters ``[start, end)`` of the normalised query.

    Attributes:
        alternatives: the term is satisfied by a document that has every token of any one of these.
        optional: a stop word: it scores, but need not be there.
        coined: no word of the dictionary; jieba guessed where it ends.
    """

    text: str
    start: int
    end: int
    alternatives: tuple[tuple[str, ...], ...]
    optional: bool = False
    coined: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number, with a unit or without."""
        return any(way and way[0].startswith("=") for way in self.alternatives) or bool(_NUMBER.match(self.text))


@dataclass(frozen=True, slots=True)
class QueryText:
    """An analysed query.

    Attributes:
        text: as typed, cut at `MAX_QUERY_CHARS`.
        normalized: its normal form; what the encoder gets.
        terms: what must be found; empty for an empty or punctuation-only query.
        weights: token → weight in (0, 1]; what scores. Synonyms count their own weight.
        wishes: what ranking prefers and nobody has to have: terms whose alternatives answer a wish (原味 for 不辣).
    """

    text: str
    normalized: str
    terms: tuple[Term, ...]
    weights: dict[str, float]
    wishes: tuple[Term, ...] = ()

    @property
    def required(self) -> tuple[Term, ...]:
        """The terms that must be there: all but stop words, or all if there is nothing else."""
        return tuple(t for t in self.terms if not t.optional) or self.terms

    @property
    def worded(self) -> QueryText:
        """The query without its numbers; itself where it has none, or nothing else."""
        kept = tuple(term for term in self.terms if not term.is_number)
        if len(kept) == len(self.terms) or all(term.optional for term in kept):
            return self
        weights = {token: weight for token, weight in self.weights.items() if not token.startswith("=")}
        return replace(self, normalized=" ".join(term.text for term in kept), terms=kept, weights=weights)


class Analyzer:
    """Text → tokens. Immutable after construction and safe to share between threads.

    Attributes:
        segmenter, quantities, lexicon: what it cuts words and finds amounts with.
        fingerprint: changes whenever the same text may give other tokens.
    """

    def __init__(self, segmenter: Segmenter, lexicon: Lexicon, *, bigram_weight: float = 1.0) -> None:
        """`bigram_weight` is what two neighbouring characters of a query count, in [0, 1]; a word counts 1."""
        self.segmenter = segmenter
        self._bigram_weight = bigram_weight
        self.lexicon = lexicon
        self.quantities = Quantities(lexicon.units)
        self._joined = lexicon.stop_words | {word for word, _ in lexicon.user_words if " " in word}
        identity = f"{VERSION}|{segmenter.name}|{lexicon.checksum}"
        self.fingerprint = f"v{VERSION}-{segmenter.name}-{sha256(identity.encode()).hexdigest()[:12]}"

    def tokens(self, text: str) -> list[str]:
        """The tokens of a document's field, with repetitions (term frequencies count)."""
        return self._tokens(normalize(text))

    def query(self, text: str) -> QueryText:
        """What a query asks for. Never raises; text without letters, digits or Han characters has no terms."""
        text = text[:MAX_QUERY_CHARS]
        normalized = normalize(text).strip()
        if regional := self.lexicon.regional:
            normalized, readings = read(self.segmenter.cut(normalized), regional)
        else:
            readings = ()
        terms = tuple(_as_written(term, readings) for term in self._terms(normalized))
        weights = self._weights(normalized)
        for reading in readings:
            weights |= self._weights(reading.written)
        for term in terms:
            for synonym in self.lexicon.synonyms.get(term.text, ()):
                for token, weight in self._weights(synonym.target).items():
                    weights[token] = max(weights.get(token, 0.0), synonym.weight * weight)
        return QueryText(text, " ".join(normalized.split()), terms, weights)

    def amounts(self, norm: str) -> list[str]:
        """The tokens of the amounts in a normalised text, those that are said without saying so, too."""
        found = [*self.quantities.find(norm), *self.quantities.dimensions(norm)]
        return [quantity.token for quantity in found] + self.quantities.implied(norm)

    def _weights(self, norm: str) -> dict[str, float]:
        return {t: self._weight(t) for t in self._tokens(norm) if not t.startswith(whole.MARK)}

    def _weight(self, token: str) -> float:
        return self._bigram_weight if len(token) == 2 and _HAN_CHAR.search(token) else 1.0

    def _tokens(self, norm: str) -> list[str]:
        tokens: list[str] = []
        words = self.segmenter.cut(norm)
        for word in words:
            if len(word) > 1 and not word.isascii() and _HAN_CHAR.search(word):
                tokens.append(word)
                if len(word) > 2:
                    tokens.extend(self.segmenter.inner_words(word))
        tokens.extend(whole.ENDS + character for character in whole.ends(words) if self._takes_suffix(character))
        for match in _RUN.finditer(norm):
            run = match.group()
            tokens.extend([run[i : i + 2] for i in range(len(run) - 1)])
            tokens.extend(_HAN_CHAR.findall(run))
        for match in alphanumerics.RUN.finditer(norm):
            run = match.group()
            tokens.extend(alphanumerics.variants(run))
            tokens.extend(whole.tokens(run))
        tokens.extend(whole.neighbours(norm))
        tokens.extend(self.amounts(norm))
        return tokens

    def _terms(self, norm: str) -> Iterator[Term]:
        joined = tuple(whole.neighbours(norm))
        for start, end in self._pieces(norm):
            text = norm[start:end]
            amounts = self.quantities.find(text) or self.quantities.dimensions(text)
            pieces = tuple(grams(text))
            ways: list[tuple[str, ...]] = [pieces]
            if amounts and amounts[0].end - amounts[0].start == len(text):
                ways = [*whole.of_amount(text, pieces), (amounts[0].token,)]
                ways += [(whole.NUMBER + amounts[0].alone,)] if amounts[0].alone else []
            elif alphanumerics.RUN.fullmatch(text):
                ways = [
                    *whole.ways(text, pieces),
                    *((pair,) for pair in joined if pair.startswith(text) or pair.endswith(text)),
                ]
            elif len(text) == 2 and text[1] == whole.SUFFIX and text not in self.lexicon.kept_suffixes:
                ways.append((whole.ENDS + text[0],))
            ways += [tuple(grams(synonym.target)) for synonym in self.lexicon.synonyms.get(text, ())]
            optional, coined = text in self.lexicon.stop_words, not self.segmenter.knows(text)
            yield Term(text, start, end, tuple(dict.fromkeys(ways)), optional, coined)

    def _takes_suffix(self, character: str) -> bool:
        """Whether a thing is called by this character and by it with 子 behind it: 杯, 杯子."""
        return character != whole.SUFFIX and self.segmenter.knows(character + whole.SUFFIX)

    def _pieces(self, norm: str) -> list[tuple[int, int]]:
        """Spans of the terms: amounts, then words with a Han character, then what is left of alphanumeric runs.

        An amount inside a word is none: whoever lists 5g手机 as a word does not mean five grams.
        """
        words = [(i, j) for i, j in self._words(norm) if _HAN_CHAR.search(norm, i, j) or " " in norm[i:j]]
        amounts = [(q.start, q.end) for q in (*self.quantities.find(norm), *self.quantities.dimensions(norm))]
        spans = [(i, j) for i, j in amounts if not any(start <= i and j <= end for start, end in words)]
        taken = bytearray(len(norm))
        for start, end in spans:
            taken[start:end] = b"\x01" * (end - start)

        def claim(start: int, end: int) -> None:
            while start < end:
                stop = next((i for i in range(start, end) if taken[i]), end)
                if _RUN.search(norm, start, stop):  # a mark alone is no term
                    spans.append((start, stop))
                    taken[start:stop] = b"\x01" * (stop - start)
                start = stop + 1

        for start, end in words:
            claim(start, end)
        left = "".join(" " if gone else char for char, gone in zip(norm, taken, strict=True))
        spans.extend(match.span() for match in alphanumerics.RUN.finditer(left))
        return sorted(spans)

    def _words(self, norm: str) -> Iterator[tuple[int, int]]:
        """Spans of the words; neighbours that together start a synonym, or are a stop or user word, are one."""
        synonyms, joined = self.lexicon.synonyms, self._joined
        ends = list(accumulate((len(word) for word in self.segmenter.cut(norm)), initial=0))
        first, last = 0, len(ends) - 1
        while first < last:
            texts = ((i, norm[ends[first] : ends[i]]) for i in range(last, first + 1, -1))
            following = next((i for i, text in texts if text in synonyms or text in joined), first + 1)
            yield ends[first], ends[following]
            first = following


def _as_written(term: Term, readings: Iterable[Reading]) -> Term:
    """`term`, satisfied by the word that it was read from, too."""
    written = (each.written for each in readings if each.start < term.end and term.start < each.end)
    ways = tuple(tuple(grams(word)) for word in written)
    return replace(term, alternatives=(*term.alternatives, *ways)) if ways else term


def grams(text: str) -> Iterator[str]:
    """What any text that contains `text` literally has among its tokens: its bigrams, or its only character.

    A single letter or digit beside others says nothing: that of a decimal is no token of its own.
    """
    seen: dict[str, None] = {}
    for match in _RUN.finditer(text):
        run = match.group()
        if len(run) == 1 and (_HAN_CHAR.match(run) or run == text):
            seen[run] = None
        seen.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
    return iter(seen)
