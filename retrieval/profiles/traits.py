"""What of a thing teaches: the words of its title, its category, brand and shop, and its price.

Most of a real catalogue has no category and no price, so titles teach most: what a thing is, its style, whom it is for.
Forward rows hold words as hashes; which words they are is found by hashing every piece of the text. A word in less
than three titles, or of one character, cannot speak of another thing and is left out. Traits are numbered as they are
met, so that the events of a shopper are counted by arrays; nothing depends on the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from zlib import crc32

import numpy as np
import orjson
from cachetools import LRUCache

from retrieval.analysis.brand_field import brand_names
from retrieval.analysis.normalize import normalize
from retrieval.forward_head import UNKNOWN
from retrieval.interest.profile import Dimension
from retrieval.profiles.vocabulary import Key, Vocabulary
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows, shop_name, word_hash
from retrieval.ranking.word_space import WordSpace
from retrieval.types import IntArray

LONGEST = 8
"""Characters of a Chinese word; runs of letters and digits are taken as they are."""
IN_TITLES = frozenset({Dimension.WORD, Dimension.BRAND, Dimension.AUDIENCE})
_HAN_RUN, _LATIN_RUN = re.compile(r"[\u4e00-\u9fff]+"), re.compile(r"[a-z][a-z0-9.+-]*[a-z0-9]")
_HAN_BYTES = 3
_FIELD_SHARE = 0.01
"""Of the documents that have a category, brand or shop: nobody counts them, so each counts as one of a hundred."""
_BAND_SHARE = 1 / 3
"""Of a price band, one of three."""
_SOME_SHOP = "这家店"
"""One that has an id and no name."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that may be liked.

    Attributes:
        hashes: of the words that stand for it in texts.
        share: of the documents that have it, in (0, 1].
        name: what it is called where its value is an id.
        sayable: whether it may stand in a sentence (`Vocabulary.sayable`).
    """

    key: Key
    hashes: tuple[int, ...]
    share: float
    name: str = ""
    sayable: bool = True


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of an item.

    Attributes:
        row: where it lies in its generation.
        traits: their numbers (`TraitReader.traits`), each once; audiences: the names of those among them.
        category: leaf, normalised; "" where it is not given; price: in fen, None where it is not given.
    """

    row: int
    title: str
    traits: IntArray
    audiences: frozenset[str]
    category: str = ""
    price: int | None = None


class TraitReader:
    """The traits of the items of one generation, the last items remembered. Thread-safe.

    Attributes:
        traits: by number; it only grows.
    """

    def __init__(self, space: WordSpace, vocabulary: Vocabulary, *, kept: int = 20_000) -> None:
        self._space, self._vocabulary = space, vocabulary
        self.traits: list[Trait] = []
        self._numbers: dict[Key, int] = {}
        self._known: LRUCache[str, Thing | None] = LRUCache(kept)
        self._queries: LRUCache[str, IntArray] = LRUCache(kept)
        self._lock = Lock()

    @classmethod
    def for_generation(cls, reader: IndexReader, vocabulary: Vocabulary) -> TraitReader:
        """With the words that the generation taught."""
        stored = reader.attachment("words")
        return cls(WordSpace.from_bytes(stored) if stored else WordSpace.empty(), vocabulary)

    def of(self, reader: IndexReader, ids: Iterable[str]) -> dict[str, Thing]:
        """Those that are there and not sensitive."""
        wanted = set(ids)
        with self._lock:
            found = {i: self._known[i] for i in wanted if i in self._known}
        new = sorted(wanted - found.keys())
        places = {i: row for i, row in zip(new, reader.rows_of(new), strict=True) if row is not None}
        numbers = np.array(list(places.values()), np.int64)
        forward, sources = (reader.forward(numbers), reader.sources(numbers)) if places else ([], [])
        rows, records = ForwardRows.decode(forward), [orjson.loads(source) for source in sources]
        with self._lock:
            read = {i: self._one(row, rows, at, records[at]) for at, (i, row) in enumerate(places.items())}
            for i in new:
                self._known[i] = found[i] = read.get(i)
        return {i: thing for i, thing in found.items() if thing is not None}

    def of_words(self, text: str) -> IntArray:
        """Numbers of what a shopper named by typing `text`; none where it is sensitive."""
        with self._lock:
            if text not in self._queries:
                normal = normalize(text)
                pieces = {} if self._vocabulary.forbids(normal) else _pieces(normal)
                self._queries[text] = self._numbered(self._word_keys(pieces.values()))
            return self._queries[text]

    def number(self, key: Key) -> int:
        """Of the trait of this name."""
        with self._lock:
            return self._number(key)

    def _one(self, row: int, rows: ForwardRows, place: int, record: Mapping[str, Any]) -> Thing | None:
        title, brand, category = rows.texts.documents[place].split("\n")
        if self._vocabulary.forbids(f"{title}\n{normalize('/'.join(record.get('category') or ()))}"):
            return None
        pieces = _pieces(title)
        has = rows.words[rows.starts[place] : rows.starts[place + 1]].tolist()
        keys = self._word_keys(pieces[word] for word in has if word in pieces)
        if brand_names(brand):
            known = self._vocabulary.key(brand)
            keys.append(known if known[0] is Dimension.BRAND else (Dimension.BRAND, brand))
        if category:
            keys.append((Dimension.CATEGORY, category))
        seller = record.get("shop") or {}
        if shop := shop_name(seller):
            keys.append((Dimension.SHOP, shop))
            self._number(keys[-1], str(seller.get("name") or _SOME_SHOP))
        price = int(rows.prices[place])
        return Thing(
            row, str(record["title"]), self._numbered(keys),
            frozenset(value for dimension, value in keys if dimension is Dimension.AUDIENCE),
            category, None if price == UNKNOWN else price,
        )  # fmt: skip

    def _word_keys(self, words: Iterable[str]) -> list[Key]:
        """What these words stand for, of those that enough titles have."""
        each = [word for word in words if word not in self._vocabulary.idle]
        found = self._space.find(np.array([word_hash(word) for word in each], np.uint32)) if each else ()
        return [self._vocabulary.key(word) for word, index in zip(each, found, strict=True) if index >= 0]

    def _numbered(self, keys: Sequence[Key]) -> IntArray:
        return np.array([self._number(key) for key in dict.fromkeys(keys)], np.int64)

    def _number(self, key: Key, name: str = "") -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.traits)
            self.traits.append(self._made(key, name))
        return number

    def _made(self, key: Key, name: str) -> Trait:
        if key[0] not in IN_TITLES:
            return Trait(key, (), _BAND_SHARE if key[0] is Dimension.PRICE else _FIELD_SHARE, name)
        hashes = np.array([word_hash(word) for word in self._vocabulary.words_of(key)], np.uint32)
        found = self._space.find(hashes)
        titles = max((int(self._space.counts[index]) for index in found if index >= 0), default=0)
        share = (titles + 1) / (self._space.documents + 1) if titles else _FIELD_SHARE
        return Trait(key, tuple(hashes.tolist()), share, sayable=self._vocabulary.sayable(key))


def _pieces(text: str) -> dict[int, str]:
    """Whatever may be a word of `text`, by its hash (`retrieval.ranking.forward.word_hash`)."""
    pieces = {word_hash(match.group()): match.group() for match in _LATIN_RUN.finditer(text)}
    for match in _HAN_RUN.finditer(text):
        run = match.group()
        coded = run.encode()
        for start in range(len(run)):
            for end in range(start + 2, min(start + LONGEST, len(run)) + 1):
                pieces[crc32(coded[_HAN_BYTES * start : _HAN_BYTES * end])] = run[start:end]
    return pieces
