"""What of a thing teaches: the words of its title, its category, brand and shop, and its price.

Most of a real catalogue has no category and no price, so titles teach most: what a thing is, its style, whom it is for.
Forward rows hold words as hashes; which words they are is found by hashing every piece of the text. A word in less
than three titles, or of one character, cannot speak of another thing and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import orjson
from cachetools import LRUCache

from retrieval.analysis.normalize import normalize
from retrieval.interest.profile import Dimension
from retrieval.profiles.vocabulary import Key, Vocabulary
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import UNKNOWN, ForwardRows, shop_name, word_hash
from retrieval.ranking.word_space import WordSpace

LONGEST = 8
"""Characters of a Chinese word; runs of letters and digits are taken as they are."""
_HAN_RUN, _LATIN_RUN = re.compile(r"[\u4e00-\u9fff]+"), re.compile(r"[a-z][a-z0-9.+-]*[a-z0-9]")
_FIELD_SHARE = 0.01
"""Of the documents that have a category, brand or shop: nobody counts them, so each counts as one of a hundred."""
_SOME_SHOP = "这家店"
"""One that has an id and no name."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that may be liked; `share` of the documents have it, in (0, 1]; `name`: of what has an id as value."""

    key: Key
    share: float
    name: str = ""

    @property
    def rarity(self) -> float:
        """Nats: what everything has teaches nothing."""
        return float(-np.log(self.share))


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of an item; `row`: where it lies in its generation; `price`: in fen, None where it is not given."""

    row: int
    title: str
    traits: tuple[Trait, ...]
    category: str = ""
    price: int | None = None


class TraitReader:
    """The traits of the items of one generation, the last ones remembered. Thread-safe."""

    def __init__(self, space: WordSpace, vocabulary: Vocabulary, *, kept: int = 20_000) -> None:
        self.space, self.vocabulary = space, vocabulary
        self._known: LRUCache[str, Traits | None] = LRUCache(kept)
        self._lock = Lock()

    @classmethod
    def for_generation(cls, reader: IndexReader, vocabulary: Vocabulary) -> TraitReader:
        """With the words that the generation taught."""
        stored = reader.attachment("words")
        return cls(WordSpace.from_bytes(stored) if stored else WordSpace.empty(), vocabulary)

    def of(self, reader: IndexReader, ids: Iterable[str]) -> dict[str, Traits]:
        """Those that are there and not sensitive."""
        wanted = sorted(set(ids))
        with self._lock:
            found = {i: self._known[i] for i in wanted if i in self._known}
        new = [i for i in wanted if i not in found]
        found_rows = zip(new, reader.rows_of(new), strict=True)
        places = {i: row for i, row in found_rows if row is not None}
        read = self._read(reader, places) if places else {}
        with self._lock:
            for i in new:
                self._known[i] = found[i] = read.get(i)
        return {i: traits for i, traits in found.items() if traits is not None}

    def of_words(self, text: str) -> tuple[Trait, ...]:
        """What a shopper named by typing `text`; nothing where it is sensitive."""
        normal = normalize(text)
        return () if self.vocabulary.forbids(normal) else self._words(_pieces(normal))

    def _read(self, reader: IndexReader, places: dict[str, int]) -> dict[str, Traits | None]:
        numbers = np.array(list(places.values()), np.int64)
        rows = ForwardRows.decode(reader.forward(numbers))
        records = [orjson.loads(source) for source in reader.sources(numbers)]
        return {i: self._one(places[i], rows, place, records[place]) for place, i in enumerate(places)}

    def _one(self, row: int, rows: ForwardRows, place: int, record: dict[str, Any]) -> Traits | None:
        title, brand, category = rows.texts.documents[place].split("\n")
        path = record.get("category")
        named = " ".join(map(str, path)) if isinstance(path, list) else str(path or "")
        if self.vocabulary.forbids(f"{title}\n{normalize(named)}"):
            return None
        has = set(rows.words[rows.starts[place] : rows.starts[place + 1]].tolist())
        traits = {t.key: t for t in self._words(p for p in _pieces(title) if word_hash(p) in has)}
        seller = record.get("shop") or {}
        shop = shop_name(seller)
        fields = ((Dimension.CATEGORY, category), (Dimension.BRAND, brand), (Dimension.SHOP, shop))
        for dimension, value in fields:
            if value:
                key = self.vocabulary.key(value) if dimension is Dimension.BRAND else (dimension, value)
                key = key if key[0] is dimension else (dimension, value)
                name = str(seller.get("name") or _SOME_SHOP) if dimension is Dimension.SHOP else ""
                traits.setdefault(key, Trait(key, _FIELD_SHARE, name))
        price = int(rows.prices[place])
        return Traits(row, str(record["title"]), tuple(traits.values()), category, None if price == UNKNOWN else price)

    def _words(self, pieces: Iterable[str]) -> tuple[Trait, ...]:
        each = [p for p in dict.fromkeys(pieces) if p not in self.vocabulary.idle]
        if not each:
            return ()
        found = self.space.find(np.array([word_hash(p) for p in each], np.uint32))
        traits: dict[Key, Trait] = {}
        for piece, place in zip(each, found.tolist(), strict=True):
            if place >= 0:
                share = (int(self.space.counts[place]) + 1) / (self.space.documents + 1)
                key = self.vocabulary.key(piece)
                known = traits.get(key)
                traits[key] = Trait(key, max(share, known.share if known else 0.0))
        return tuple(traits.values())


def _pieces(text: str) -> list[str]:
    """Whatever may be a word of `text`."""
    pieces = [match.group() for match in _LATIN_RUN.finditer(text)]
    for match in _HAN_RUN.finditer(text):
        run = match.group()
        for start in range(len(run)):
            pieces += [run[start:end] for end in range(start + 2, min(start + LONGEST, len(run)) + 1)]
    return pieces
