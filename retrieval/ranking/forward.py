"""The forward row: what ranking needs of a document, read back for the first candidates of a list.

An inverted index says which documents have a word; ranking asks the other way round: which words has this document?
Each row is a few hundred bytes, needs no dictionary (words are hashed, the same in every process) and stands alone:

    group u64 | brand u32 | shop u32 | title characters u16 | words u16 | words × u32 | text in UTF-8

The text is the normalised title, brand and leaf category, one a line; the words are those of all three, with the
variants of alphanumeric runs and the amounts in base units, each once, in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.analysis import alphanumerics
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.normalize import normalize
from retrieval.errors import GenerationError
from retrieval.ranking.collapse import group_key

MAX_TITLE_CHARS, MAX_WORDS = 160, 80
"""More of a title is not read: the longest tenth of real titles has 60 characters."""

_MARKS = str.maketrans("", "", " -_./+")
_HEAD = np.dtype([("group", "<u8"), ("brand", "<u4"), ("shop", "<u4"), ("length", "<u2"), ("words", "<u2")])

HashArray = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class ForwardRows:
    """Rows of n documents.

    Attributes:
        groups: uint64 (n,); equal for near-duplicates, 0 for a document that is alone (`retrieval.ranking.collapse`).
        brands, shops: uint32 (n,), hashes; 0 when not given.
        lengths: int64 (n,), characters of the title.
        starts: int64 (n + 1,); the words of document i are ``words[starts[i]:starts[i + 1]]``.
        words: uint32, hashes of the words of all documents one after another.
        texts: title, brand and category, normalised, one a line.
    """

    groups: npt.NDArray[np.uint64]
    brands: HashArray
    shops: HashArray
    lengths: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    words: HashArray
    texts: tuple[str, ...]

    def having(self, word: int) -> npt.NDArray[np.int64]:
        """Documents that have the word with this hash, ascending; each once, as a row lists a word once."""
        return np.searchsorted(self.starts, np.flatnonzero(self.words == word), side="right") - 1

    def containing(self, run: str) -> npt.NDArray[np.int64]:
        """Documents whose squeezed text contains the squeezed `run`, ascending."""
        return np.array([i for i, text in enumerate(self.texts) if run in squeezed(text)], np.int64)

    @classmethod
    def decode(cls, rows: Sequence[bytes]) -> ForwardRows:
        """Reads what `encode_forward` wrote.

        Raises:
            GenerationError: a row is damaged.
        """
        try:
            heads = np.frombuffer(b"".join([row[: _HEAD.itemsize] for row in rows]), _HEAD)
            counts = heads["words"].astype(np.int64)
            ends = (_HEAD.itemsize + 4 * counts).tolist()
            hashes = b"".join([row[_HEAD.itemsize : end] for row, end in zip(rows, ends, strict=True)])
            texts = tuple([str(row[end:], "utf-8") for row, end in zip(rows, ends, strict=True)])
            words = np.frombuffer(hashes, "<u4").astype(np.uint32)
        except ValueError:  # a UnicodeDecodeError is one too
            raise GenerationError("a forward row is damaged", hint="rebuild (xunhuo rebuild)") from None
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        if starts[-1] != len(words):
            raise GenerationError("a forward row is damaged", hint="rebuild (xunhuo rebuild)")
        groups, brands, shops = heads["group"].astype(np.uint64), heads["brand"], heads["shop"]
        return cls(groups, brands, shops, heads["length"].astype(np.int64), starts, words, texts)


def encode_forward(record: Mapping[str, Any], analyzer: Analyzer) -> bytes:
    """The row of a product record (docs/input.md). Fields that are missing or of another type are left out."""
    title, brand, leaf = (_text(record.get(name)) for name in ("title", "brand", "category"))
    title = title[:MAX_TITLE_CHARS]
    lines = [" ".join(normalize(text).split()) for text in (title, brand, leaf)]
    words = list(dict.fromkeys(word for line in lines for word in words_of(line, analyzer)))[:MAX_WORDS]
    shop = _name(record.get("shop"))
    head = np.array(
        (group_key(record), _hash_or_0(lines[1]), _hash_or_0(shop), min(len(lines[0]), 0xFFFF), len(words)), _HEAD
    )
    hashes = np.fromiter(map(word_hash, words), np.uint32, len(words)).astype("<u4")
    return head.tobytes() + hashes.tobytes() + "\n".join(lines).encode("utf-8", "replace")


def words_of(normalized: str, analyzer: Analyzer) -> list[str]:
    """The words of a normalised text: those of the segmenter, variants of alphanumeric runs, amounts."""
    words = [w for w in analyzer.segmenter.cut(normalized) if any(map(str.isalnum, w))]
    for match in alphanumerics.RUN.finditer(normalized):
        words += alphanumerics.variants(match.group())
    return words + [quantity.token for quantity in analyzer.quantities.find(normalized)]


def squeezed(text: str) -> str:
    """`text` without spaces and joining marks: shoppers write cheezit, titles Cheez It."""
    return text.translate(_MARKS)


def word_hash(word: str) -> int:
    """CRC-32 of the UTF-8 form: the same in every process and on every machine."""
    return crc32(word.encode("utf-8", "replace"))


def _hash_or_0(name: str) -> int:
    return word_hash(name) if name else 0


def _text(value: object) -> str:
    """A text, or the last of a list of names."""
    if isinstance(value, list | tuple):
        value = value[-1] if value else ""
    return value if isinstance(value, str) else ""


def _name(shop: object) -> str:
    name = (shop.get("id") or shop.get("name")) if isinstance(shop, Mapping) else shop
    return str(name) if name else ""
