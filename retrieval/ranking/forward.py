"""The forward row: what ranking needs of a document, read back for the first candidates of a list.

An inverted index says which documents have a word; ranking asks the other way round: which words has this document?
Each row is a few hundred bytes, and 33 more for each token of its title, needs no dictionary (words are hashed, the
same in every process) and stands alone:

    group u64 | brand u32 | shop u32 | sales u32 | price u32 | listed u32 | quality u16 | title characters u16 |
    words u16 | words × u32 | text in UTF-8 [ | 0xFF | tokens of the title ]

Sales are pieces in 30 days, the price is in fen, the listing time in epoch seconds, quality in 1/1000; `UNKNOWN` stands
for a number that the record does not give. The text is the normalised title, brand (with the labels of the
product behind it) and leaf category, one a line; the words are those of title, brand and category, with the variants of
alphanumeric runs and the amounts in base units, each once. The tokens (`retrieval.late`) are there where the encoder
of the generation keeps them; no text in UTF-8 holds the byte before them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from struct import pack
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.analysis import alphanumerics
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.labels import label_text
from retrieval.analysis.normalize import normalize
from retrieval.errors import GenerationError
from retrieval.forward_head import HEAD, told
from retrieval.ranking.collapse import group_key
from retrieval.ranking.quality import offer_quality
from retrieval.ranking.texts import Texts
from retrieval.types import FloatArray, IntArray

MAX_TITLE_CHARS, MAX_WORDS = 160, 80
"""More of a title is not read: the longest tenth of real titles has 60 characters."""

_QUALITY_STEPS = 1000
_TOKENS = b"\xff"
_HEAD = np.dtype([
    ("group", "<u8"), ("brand", "<u4"), ("shop", "<u4"), ("sales", "<u4"), ("price", "<u4"), ("listed", "<u4"),
    ("quality", "<u2"), ("length", "<u2"), ("words", "<u2"),
])  # fmt: skip

HashArray = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class ForwardRows:
    """Rows of n documents.

    Attributes:
        groups: uint64 (n,); equal for near-duplicates, 0 for a document that is alone (`retrieval.ranking.collapse`).
        brands, shops: uint32 (n,), hashes; 0 when not given.
        sales, prices, listed: int64 (n,), pieces in 30 days, fen, and epoch seconds; `UNKNOWN` when not given.
        quality: (n,), in [0, 1] (`retrieval.ranking.quality`).
        lengths: int64 (n,), characters of the title.
        starts: int64 (n + 1,); the words of document i are ``words[starts[i]:starts[i + 1]]``.
        words: uint32, hashes of the words of all documents one after another.
        texts: their titles, brands and categories.
        tokens: those of each title (`retrieval.late.titles`), b"" where none were kept.
    """

    groups: npt.NDArray[np.uint64]
    brands: HashArray
    shops: HashArray
    sales: IntArray
    prices: IntArray
    listed: IntArray
    quality: FloatArray
    lengths: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    words: HashArray
    texts: Texts
    tokens: Sequence[bytes]

    def having(self, word: int) -> npt.NDArray[np.int64]:
        """Documents that have the word with this hash, ascending; each once, as a row lists a word once."""
        return np.asarray(self.starts.searchsorted((self.words == word).nonzero()[0], side="right") - 1)

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
            tails = [row[end:].partition(_TOKENS) for row, end in zip(rows, ends, strict=True)]
            texts = Texts(str(b"\n".join([text for text, _, _ in tails]), "utf-8"), len(rows))
            words = np.frombuffer(hashes, "<u4").astype(np.uint32)
        except ValueError:  # a UnicodeDecodeError is one too
            raise GenerationError("a forward row is damaged", hint="rebuild (xunhuo rebuild)") from None
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        if starts[-1] != len(words):
            raise GenerationError("a forward row is damaged", hint="rebuild (xunhuo rebuild)")
        return cls(
            groups=heads["group"].astype(np.uint64),
            brands=heads["brand"],
            shops=heads["shop"],
            sales=heads["sales"].astype(np.int64),
            prices=heads["price"].astype(np.int64),
            listed=heads["listed"].astype(np.int64),
            quality=(heads["quality"] / _QUALITY_STEPS).astype(np.float32),
            lengths=heads["length"].astype(np.int64),
            starts=starts,
            words=words,
            texts=texts,
            tokens=[tokens for _, _, tokens in tails],
        )


def encode_forward(
    record: Mapping[str, Any], analyzer: Analyzer, numbers: Mapping[str, int] = MappingProxyType({})
) -> bytes:
    """The row of a product record (docs/input.md). Fields that are missing or of another type are left out.

    Args:
        numbers: its columns (`retrieval.schema.PRODUCT`).
    """
    title, brand, leaf = (_text(record.get(name)) for name in ("title", "brand", "category"))
    title = title[:MAX_TITLE_CHARS]
    normal = [normalize(text) for text in (title, brand, leaf)]
    lines = [" ".join(text.split()) for text in normal]
    brand_hash = _hash_or_0(lines[1])
    lines[1] = " ".join([lines[1], *map(label_text, record.get("labels") or ())]).strip()
    words = list(dict.fromkeys(chain.from_iterable(map(words_of, lines, repeat(analyzer), normal))))[:MAX_WORDS]
    shop = shop_name(record.get("shop"))
    numbers_told = [told(numbers.get(name)) for name in ("sales_30d", "price", "created_at")]
    quality = round(offer_quality(record) * _QUALITY_STEPS)
    head = pack(
        HEAD, group_key(record), brand_hash, _hash_or_0(shop), *numbers_told, quality,
        min(len(lines[0]), 0xFFFF), len(words),
    )  # fmt: skip
    return head + pack(f"<{len(words)}I", *map(word_hash, words)) + "\n".join(lines).encode("utf-8", "replace")


def with_tokens(row: bytes, tokens: bytes) -> bytes:
    """A row with the tokens of its title, in place of those that it has; b"": with none."""
    bare = row[: _end_of_text(row)]
    return bare + _TOKENS + tokens if tokens else bare


def title_tokens(row: bytes) -> bytes:
    """The tokens of a row, b"" where it has none."""
    return row[_end_of_text(row) + 1 :]


def _end_of_text(row: bytes) -> int:
    if len(row) < _HEAD.itemsize:
        return len(row)
    words = int.from_bytes(row[_HEAD.itemsize - 2 : _HEAD.itemsize], "little")
    found = row.find(_TOKENS, _HEAD.itemsize + 4 * words)
    return len(row) if found < 0 else found


def words_of(normalized: str, analyzer: Analyzer, spaced: str | None = None) -> list[str]:
    """The words of a normalised text: those of the segmenter, variants of alphanumeric runs, amounts.

    Args:
        spaced: the same text with more spaces, where the analyzer has cut it already; its words are the same.
    """
    words = [w for w in analyzer.segmenter.cut(spaced or normalized) if w.isalnum() or any(map(str.isalnum, w))]
    for match in alphanumerics.RUN.finditer(normalized):
        words += alphanumerics.variants(match.group())
    return words + analyzer.amounts(normalized)


@lru_cache(maxsize=1 << 16)
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


def shop_name(shop: object) -> str:
    """The id of a shop, or its name; "" where there is none."""
    name = (shop.get("id") or shop.get("name")) if isinstance(shop, Mapping) else shop
    return str(name) if name else ""
