"""What may have been said where a recogniser wrote something that sounds like a word of the catalogue.

Every run of 2–6 Han characters is looked up by its sound, in plain syllables with those taken for each other made one
(`retrieval.understanding.spelling.pinyin.near`), among the words of the catalogue and of what the video says of
itself: its title, its caption, the texts on its screen. A word that sounds like it is one thing it may have been;
how surely is a logistic function of

    length    characters of the word             differ   how many of them are written otherwise
    exact     1 when it sounds just like it, 0 when only nearly
    wanted    log(1 + n), n products that have the word    edges    how many ends of the run are ends of words, 0–2
    known     log(1 + n), n products that have what was written, or half of that of general Chinese, if it is more
    there     log(1 + n), n times that the word is heard in this video    again    log(n) of what was written
    beside    1 where the title, the caption or the screen has the word

What was written is itself plausible where it is known, frequent, or said again; then little is proposed instead. The
weights were fitted by maximum likelihood on 32 transcripts of speech about real products (838 segments, 16,230 pairs,
331 of them right), as they were spoken and as a recogniser heard them: of what is at least 0.3 sure 0.65 is right, and
it is 0.45 of what was misheard among the words of a catalogue of 71,643 products (five-fold over videos).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import ne
from typing import NamedTuple

from indexer.videos.nouns import Alternative, Said
from indexer.videos.sounds import Sounds
from retrieval.analysis.normalize import HAN, normalize, normalize_aligned
from retrieval.understanding.knowledge import Knowledge

SHORTEST, LONGEST = 2, 6
"""Characters of a word that is heard; a single one sounds like dozens."""
BELIEVED = 3
"""A word of titles alone is believed when so many have it: fewer have every misspelling, too."""

_RUN = re.compile(rf"[{HAN}]{{2,}}")
_WORD = re.compile(rf"[{HAN}]{{{SHORTEST},{LONGEST}}}")
_PIECES = (3, 4, 5)
"""Lengths at which any piece of a text beside the speech counts as a word; shorter ones cross words by accident."""
_BEGIN = 3
"""Where no word begins with so many sounds, none that is longer is looked for."""
_KEPT = 65_536
"""Pieces of speech that are remembered, about 300 bytes each."""
_EACH = 2
"""Most alternatives for one place."""
_BIAS, _LENGTH, _DIFFER, _EXACT, _WANTED = -10.4, 3.4, -2.2, 1.2, 0.4
_EDGES, _KNOWN, _THERE, _AGAIN, _BESIDE = 0.9, -0.48, 3.2, -2.7, 2.4
_GENERAL = 0.5


class _Place(NamedTuple):
    """A run of a text that sounds like other words, of the catalogue or `beside` it; `edges` are ends of words."""

    segment: int
    start: int
    text: str
    beside: tuple[str, ...]
    edges: int


class Heard:
    """Immutable after construction; safe to share between threads."""

    def __init__(
        self,
        words: Mapping[str, int],
        general: Mapping[str, int],
        cut: Callable[[str], Sequence[str]],
        *,
        least: float = 0.3,
    ) -> None:
        """
        Args:
            words: those of the catalogue → products that have them.
            general: how often words occur in general Chinese.
            cut: words of a normalised text, in order; joined they are the text.
            least: confidence from which an alternative is kept, in [0, 1].
        """
        self._cut, self._least, self._floor = cut, least, math.log(least / (1.0 - least))
        self._sounds = Sounds.general()
        heard = [word for word in words if _WORD.fullmatch(word)]
        self._index = self._sounds.index(heard)
        self._begins = _begins(self._index)
        self._wanted = {word: _WANTED * math.log1p(words[word]) for word in heard}
        self._known = {word: _KNOWN * _GENERAL * math.log1p(count) for word, count in general.items()}
        for word in heard:
            self._known[word] = min(self._known.get(word, 0.0), _KNOWN * math.log1p(words[word]))
        # Speech is made of the same few thousand pieces, so what each may have been is worked out once.
        self._others = lru_cache(_KEPT)(self._others_of)

    @classmethod
    def of(
        cls,
        knowledge: Knowledge,
        general: Mapping[str, int],
        cut: Callable[[str], Sequence[str]],
        *,
        least: float = 0.3,
    ) -> Heard:
        """With the brands, products, attributes and frequent words that a catalogue taught."""
        words = Counter({word: count for word, count in knowledge.words.items() if count >= BELIEVED})
        for counts in (knowledge.brands, knowledge.products, *knowledge.attributes.values()):
            words |= Counter({normalize(word).strip(): count for word, count in counts.items()})
        return cls(words, general, cut, least=least)

    def alternatives(self, said: Sequence[Said], also: Iterable[str] = ()) -> tuple[Alternative, ...]:
        """What may have been said in segments that are worth finding, by segment and place; the surest first of one.

        Args:
            said: a whole transcript.
            also: what the video says of itself: title, caption, texts on the screen.
        """
        beside = self._sounds.index(self._beside(also))
        texts = [normalize_aligned(one.text) if one.words else ("", (0,)) for one in said]
        counts: Counter[str] = Counter()
        begins = _begins(beside)
        places = [place for i, (text, _) in enumerate(texts) for place in self._places(i, text, beside, begins, counts)]
        found: list[Alternative] = []
        for place in places:
            sure = self._sure(place, counts)
            if sure:
                origin, end = texts[place.segment][1], place.start + len(place.text)
                for value, word in sure[:_EACH]:
                    chance = round(1.0 / (1.0 + math.exp(-value)), 3)
                    found.append(Alternative(place.segment, origin[place.start], origin[end], word, chance))
        return tuple(_apart(found))

    def _beside(self, also: Iterable[str]) -> frozenset[str]:
        words: set[str] = set()
        for text in map(normalize, also):
            words.update(word for word in self._cut(text) if _WORD.fullmatch(word))
            for run in _RUN.findall(text):
                words.update(run[i : i + n] for n in _PIECES for i in range(len(run) - n + 1))
        return frozenset(words)

    def _places(
        self, segment: int, text: str, beside: Mapping[str, Sequence[str]], begins: frozenset[str], counts: Counter[str]
    ) -> Iterator[_Place]:
        """Those of one text; `counts` gets every piece of it that sounds like a word."""
        ends = set(accumulate(map(len, self._cut(text)), initial=0))
        index = self._index
        for run in _RUN.finditer(text):
            written, first = run.group(), run.start()
            sound = written.translate(self._sounds.near)
            for i in range(len(sound) - 1):
                for j in range(i + SHORTEST, min(i + LONGEST, len(sound)) + 1):
                    key = sound[i:j]
                    if key in index or key in beside:
                        piece = written[i:j]
                        counts[piece] += 1
                        also = tuple(word for word in beside.get(key, ()) if word != piece)
                        if also or self._others(piece):
                            yield _Place(segment, first + i, piece, also, (first + i in ends) + (first + j in ends))
                    elif j == i + _BEGIN and key not in self._begins and key not in begins:
                        break

    def _sure(self, place: _Place, counts: Counter[str]) -> list[tuple[float, str]]:
        """(log odds, word) of what was said most probably, the surest first; none below what is asked."""
        least = self._floor - _EDGES * place.edges
        if counts[place.text] > 1:
            least -= _AGAIN * math.log(counts[place.text])
        values = dict(self._others(place.text))
        for word in place.beside:
            values[word] = values.get(word, self._value(place.text, word)) + _BESIDE
        sure = []
        for word, value in values.items():
            if word in counts:
                value += _THERE * math.log1p(counts[word])
            if value >= least:
                sure.append((value - least + self._floor, word))
        return sorted(sure, key=lambda one: (-one[0], one[1]))

    def _others_of(self, written: str) -> tuple[tuple[str, float], ...]:
        """Words of the catalogue that sound like it, each with its part of the log odds that is always the same."""
        words = self._index.get(written.translate(self._sounds.near), ())
        return tuple((word, self._value(written, word)) for word in words if word != written)

    def _value(self, written: str, word: str) -> float:
        return float(
            _BIAS
            + _LENGTH * len(word)
            + _DIFFER * sum(map(ne, written, word))
            + _EXACT * self._sounds.equal(written, word)
            + self._wanted.get(word, 0.0)
            + self._known.get(written, 0.0)
        )


def _begins(index: Iterable[str]) -> frozenset[str]:
    return frozenset(sound[:_BEGIN] for sound in index)


def _apart(found: Sequence[Alternative]) -> Iterator[Alternative]:
    """Of those that overlap the surest one, and others for its very place."""
    taken: dict[int, list[tuple[int, int]]] = {}
    kept = []
    for one in sorted(found, key=lambda one: (-one.confidence, one.start - one.end, one.segment, one.start)):
        spans = taken.setdefault(one.segment, [])
        if all(one.end <= start or end <= one.start or (start, end) == (one.start, one.end) for start, end in spans):
            spans.append((one.start, one.end))
            kept.append(one)
    return iter(sorted(kept, key=lambda one: (one.segment, one.start, -one.confidence, one.written)))
