"""What the linker knows of the catalogue: filled while products go by in a rebuild, then asked by id and by sound.

A product costs its record in a temporary file, 20 bytes in memory to find it there, and a posting of four bytes for
each different pair of units of its title (about 35).
"""

from __future__ import annotations

import mmap
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import msgspec
import numpy as np
import numpy.typing as npt

from indexer.sources.records import Product
from indexer.videos.links.sounds import BREAK, LONG, UNITS, Units, fold, units

MOST_POSTINGS = 300_000
"""Postings read for one stretch of speech, those of rare pairs first: what bounds the cost in a large catalogue."""

SCALE = 70_000
"""Nats are those of a catalogue of so many products, for which the weights were learned: in a small one every word is
rare for its size, in a large one the same word is no rarer for being in fewer of more."""

_CHUNK = 20_000
_PAIRS = UNITS * UNITS
_CHAR_PAIRS = 1 << 20
_HIGH = np.uint64(32)

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a product. Texts are folded (`sounds.fold`) when they come from the shelf.

    Attributes:
        category: the leaf; attributes: their values, spaces between.
        price: yuan; withheld: not on sale, so a moment that shows it must not be shown.
    """

    product_id: str
    title: str
    brand: str = ""
    category: str = ""
    attributes: str = ""
    price: float | None = None
    withheld: bool = False


class Shelf:
    """Products are added, then `finish` is called once, then the rest may be asked."""

    def __init__(self) -> None:
        self._spool = tempfile.TemporaryFile(buffering=1 << 20)  # noqa: SIM115, it is open until `finish`
        weakref.finalize(self, self._spool.close)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Known).decode
        self._sizes = array("I")
        self._new_keys = array("Q")

    def add(self, product: Product) -> None:
        """Take one product, whether it is on sale or not. Of several with one id the last counts."""
        self.add_known(
            Known(
                product.id,
                product.title,
                product.brand or "",
                product.category[-1] if product.category else "",
                " ".join(map(str, product.attributes.values())),
                None if product.price is None else float(product.price),
                product.status != "on",
            )
        )

    def add_known(self, known: Known) -> None:
        """As `add`; texts as they came."""
        packed = self._encode(known)
        self._spool.write(packed)
        self._new_keys.append(_key(known.product_id))
        self._sizes.append(len(packed))

    def finish(self) -> None:
        """Index what came."""
        self._spool.flush()
        self._ends = np.cumsum(np.frombuffer(self._sizes, np.uint32), dtype=np.int64)
        keys = np.frombuffer(self._new_keys, np.uint64)
        self._rows = np.argsort(keys, kind="stable").astype(np.uint32)
        self._keys = keys[self._rows]
        self.count = len(keys)
        self._records = mmap.mmap(self._spool.fileno(), 0, access=mmap.ACCESS_READ) if self.count else b""
        self._spool.close()
        self._index()

    def close(self) -> None:
        """Let the file go; nothing may be asked after that. Idempotent."""
        if isinstance(getattr(self, "_records", None), mmap.mmap):
            self._records = b""
        self._spool.close()

    def of(self, ids: Iterable[str]) -> list[Known]:
        """What is known of those of `ids` that came, in their order."""
        return [known for product_id in ids if (known := self._find(product_id))]

    def row(self, row: int) -> Known:
        """The product in the place that `near` tells."""
        raw = self._record(row)
        title, brand, category, attributes = map(fold, (raw.title, raw.brand, raw.category, raw.attributes))
        return Known(raw.product_id, title, brand, category, attributes, raw.price, raw.withheld)

    def near(self, heard: Units, most: int, least: float = 0.0) -> list[tuple[int, float]]:
        """(row, nats of the pairs it shares with what was heard) of up to `most` products with `least`, best first."""
        pairs = np.array(sorted(set(pairs_of(heard).tolist())), np.int64)
        counts = self._pair_counts[pairs]
        order = np.argsort(counts, kind="stable")
        pairs, counts = pairs[order], counts[order]
        usable = (counts > 0) & (np.cumsum(counts) <= MOST_POSTINGS)
        pairs, counts = pairs[usable], counts[usable]
        if not len(pairs):
            return []
        ends = self._pair_ends[pairs]
        rows = np.concatenate([self._postings[end - n : end] for end, n in zip(ends, counts, strict=True)])
        nats = np.bincount(rows, np.repeat(self._rarity(counts), counts))
        found = np.flatnonzero(nats >= max(least, 1e-9))
        best = found[np.argsort(-nats[found], kind="stable")[:most]]
        return [(int(row), float(nats[row])) for row in best]

    def pair_rarity(self, pairs: Numbers) -> Floats:
        """ln (products / those whose title has the pair of units), of each of `pairs`, for a catalogue of `SCALE`."""
        return self._rarity(self._pair_counts[pairs])

    def char_rarity(self, folded: str) -> Floats:
        """The same of each pair of neighbouring characters of a folded text."""
        points = _points(folded)
        return self._rarity(self._char_counts[_char_pairs(points[:-1], points[1:])])

    def number_rarity(self, number: str) -> float:
        """The same of a folded number."""
        point = _points(number)
        return float(self._rarity(self._char_counts[_char_pairs(point, point)])[0])

    def _rarity(self, counts: npt.NDArray[np.int32]) -> Floats:
        rarity: Floats = np.log((self.count + 1) / (counts + 1.0)) * np.log(SCALE) / np.log(max(self.count, 1) + 1)
        return rarity

    def _find(self, product_id: str) -> Known | None:
        key = np.uint64(_key(product_id))
        at = int(np.searchsorted(self._keys, key, "right")) - 1
        while at >= 0 and self._keys[at] == key:
            known = self.row(int(self._rows[at]))
            if known.product_id == product_id:
                return known
            at -= 1
        return None

    def _record(self, row: int) -> Known:
        start = int(self._ends[row - 1]) if row else 0
        return self._decode(self._records[start : int(self._ends[row])])

    def _index(self) -> None:
        self._pair_counts = np.zeros(_PAIRS, np.int32)
        self._char_counts = np.zeros(_CHAR_PAIRS, np.int32)
        with tempfile.TemporaryFile() as told:
            lengths = []
            for pairs, chars in self._pairs():
                self._pair_counts += np.bincount(pairs >> _HIGH, minlength=_PAIRS).astype(np.int32)
                self._char_counts += np.bincount(chars >> _HIGH, minlength=_CHAR_PAIRS).astype(np.int32)
                pairs.tofile(told)
                lengths.append(len(pairs))
            told.seek(0)
            self._pair_ends = np.cumsum(self._pair_counts, dtype=np.int64)
            self._postings = np.empty(int(self._pair_ends[-1]), np.uint32)
            filled = self._pair_ends - self._pair_counts
            for length in lengths:
                self._fill(filled, np.fromfile(told, np.uint64, length))

    def _fill(self, filled: Numbers, told: npt.NDArray[np.uint64]) -> None:
        """Write the rows of a chunk behind those `filled` so far of each pair, and move these on."""
        pairs = (told >> _HIGH).astype(np.int64)
        firsts = np.flatnonzero(np.diff(pairs, prepend=-1))
        within = np.arange(len(pairs)) - np.repeat(firsts, np.diff(firsts, append=len(pairs)))
        self._postings[filled[pairs] + within] = told.astype(np.uint32)
        filled += np.bincount(pairs, minlength=_PAIRS)

    def _pairs(self) -> Iterator[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]]:
        """Of a chunk of titles the different (pair of units, row) and (pair of characters, row), ascending."""
        for first in range(0, self.count, _CHUNK):
            titles = [fold(self._record(row).title) for row in range(first, min(first + _CHUNK, self.count))]
            text = "\n".join(titles)
            rows = np.repeat(np.arange(first, first + len(titles)), [len(title) + 1 for title in titles])
            heard, points = units(text), _points(text)
            pairs = pairs_at(heard)
            inside, alone = np.flatnonzero(pairs), np.flatnonzero(heard >= LONG)
            lines = np.concatenate((rows[inside], rows[alone]))
            left, right = (np.concatenate((points[inside + shift], points[alone])) for shift in (0, 1))
            yield _numbers(pairs_of(heard), lines), _numbers(_char_pairs(left, right), lines)


def pairs_at(heard: Units) -> Numbers:
    """The number of the pair of units at each place but the last, 0 where one of them separates."""
    left, right = heard[:-1].astype(np.int64), heard[1:].astype(np.int64)
    return np.where((left != BREAK) & (right != BREAK), left * UNITS + right, 0)


def pairs_of(heard: Units) -> Numbers:
    """The pairs of `heard`; a long number makes one with itself, too."""
    pairs = pairs_at(heard)
    return np.concatenate((pairs[pairs > 0], heard[heard >= LONG].astype(np.int64) * (UNITS + 1)))


def _numbers(pairs: Numbers, rows: Numbers) -> npt.NDArray[np.uint64]:
    numbers = np.sort(pairs.astype(np.uint64) << _HIGH | rows.astype(np.uint64))  # np.unique hashes, ten times slower
    return numbers[np.diff(numbers, prepend=np.uint64(0)) > 0]


def _points(text: str) -> Numbers:
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)


def _char_pairs(left: Numbers, right: Numbers) -> Numbers:
    return (left * 40_503 + right) % _CHAR_PAIRS


def _key(product_id: str) -> int:
    return int.from_bytes(blake2b(product_id.encode(), digest_size=8).digest(), "little")
