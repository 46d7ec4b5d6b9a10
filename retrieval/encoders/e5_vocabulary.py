"""Which pieces of the XLM-R vocabulary are kept, and the tokenizer over them.

The model knows a hundred languages in 250,002 pieces. Product text is Chinese with Latin letters, digits and the odd
kana, so a piece is kept when every character is ASCII, Chinese, kana or a sign, and also when it is one character of
any script. Kept text is then cut exactly as by the whole vocabulary; a word in another alphabet is cut into characters.

The tokenizer is the Unigram model with the XLM-R normalizer (a table of code points), runs of blanks collapsed, blanks
written as `▁` and one `▁` in front, and `<s> … </s>` around (Kudo, "Subword Regularization", ACL 2018). As in
SentencePiece, a run of unknown characters is one `<unk>`. The pieces are mapped, so that all workers share them; the
tokenizer of `tokenizers` gives the same ids (asserted on real titles) and takes 85 MB of each.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import pack, part, parts, unpack
from retrieval.analysis.text_table import TextTable
from retrieval.encoders.e5_weights import E5Weights
from retrieval.types import IntArray

PIECES_FILE = "pieces.bin"
NORMALIZER_FILE = "normalizer.json"

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_BEGIN, _END, _UNKNOWN = (_SPECIAL.index(piece) for piece in ("<s>", "</s>", "<unk>"))
_UNKNOWN_PENALTY = 10.0
"""An unknown character scores so much less than the rarest piece (SentencePiece)."""
_BLANK = "▁"
_MASK = "<mask>"
"""Only used in training; as a piece of score 0 it would win wherever a text contains it."""
_KEPT_RANGES = (
    (0x0000, 0x007F),  # ASCII
    (0x2E80, 0x2FDF),  # radicals
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Chinese characters
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3134F),
)
_BLANKS = re.compile(" {2,}")
_LONGEST_PIECE = 16
"""Characters of the longest piece (the SentencePiece default), so that n tokens never need more than 16·n of them."""


def kept_rows(pieces: Sequence[str]) -> IntArray:
    """Rows of the vocabulary to keep, ascending; the four special tokens stay rows 0 to 3."""
    return np.array([row for row, piece in enumerate(pieces) if row < len(_SPECIAL) or _is_kept(piece)], np.int64)


def save_tokenizer(weights: E5Weights, rows: IntArray, folder: Path) -> None:
    """Writes the tokenizer over the kept rows; token i is row i of the kept embedding."""
    pieces = TextTable.of([weights.pieces[row] for row in rows])
    scores = np.array([weights.scores[row] for row in rows], np.float64)
    (folder / PIECES_FILE).write_bytes(pack({**parts({"pieces": pieces.arrays()}), "scores": scores}))
    table = {chr(code_point): text for code_point, text in weights.replacements.items()}
    (folder / NORMALIZER_FILE).write_text(json.dumps(table, ensure_ascii=True, sort_keys=True))


class E5Tokenizer:
    """Text to token ids, cut at `max_tokens` (which counts `<s>` and `</s>`). Safe to share between threads."""

    def __init__(self, folder: Path, *, max_tokens: int) -> None:
        with (folder / PIECES_FILE).open("rb") as file:
            arrays = unpack(memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)))
        self._pieces = TextTable.of_arrays(part(arrays, "pieces"))
        self._scores = arrays["scores"]
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_PENALTY
        self._table = _translation(json.loads((folder / NORMALIZER_FILE).read_text()))
        self._max_tokens = max_tokens

    def encode(self, prefix: str, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """One int64 array of ids a text; `prefix` is a word or several, and a blank."""
        begin = self._cut(_BLANK + prefix.strip())  # words do not depend on each other
        written = (self._normalize(text) for text in texts)
        found = ([*begin, *self._cut(_BLANK + text.replace(" ", _BLANK))] for text in written)
        return [np.array([_BEGIN, *ids[: self._max_tokens - 2], _END], np.int64) for ids in found]

    def _cut(self, text: str) -> list[int]:
        """The pieces of the greatest sum of scores (Viterbi), word by word; a word begins with `▁`."""
        edges: list[list[tuple[int, int, float]]] = [[] for _ in text]
        pieces = list(self._pieces.inside(text))
        scores = self._scores[[piece for *_, piece in pieces]].tolist() if pieces else []
        for (start, end, piece), score in zip(pieces, scores, strict=True):
            if text.find(_BLANK, start + 1, end) < 0:
                edges[start].append((end, piece, score))
        best = [0.0] * (len(text) + 1)
        origin = [(-1, _UNKNOWN)] * (len(text) + 1)
        for at, leaving in enumerate(edges):
            before = 0.0 if text[at] == _BLANK else best[at]
            if not leaving or leaving[0][0] > at + 1:
                leaving.append((at + 1, _UNKNOWN, self._unknown_score))
            for end, piece, score in leaving:
                if origin[end][0] < 0 or before + score > best[end]:
                    best[end], origin[end] = before + score, (at, piece)
        ids: list[int] = []
        at = len(text)
        while at > 0:
            at, piece = origin[at]
            if piece != _UNKNOWN or not ids or ids[-1] != _UNKNOWN:
                ids.append(piece)
        return ids[::-1]

    def _normalize(self, text: str) -> str:
        # Cutting first keeps a megabyte of text from being normalized for the sake of its first line.
        return _BLANKS.sub(" ", text.strip()[: _LONGEST_PIECE * self._max_tokens].translate(self._table)).strip()


def _is_kept(piece: str) -> bool:
    body = piece.removeprefix("▁")
    return piece != _MASK and (len(body) <= 1 or all(map(_is_kept_character, body)))


def _is_kept_character(character: str) -> bool:
    code_point = ord(character)
    if any(low <= code_point <= high for low, high in _KEPT_RANGES):
        return True
    return unicodedata.category(character)[0] in "PSNZ"


def _translation(table: Mapping[str, str]) -> dict[int, str]:
    """The normalizer for `str.translate`; NUL and lone surrogates, which have no UTF-8 form here, become blanks."""
    unwritable = dict.fromkeys([0, *range(0xD800, 0xE000)], " ")
    return {ord(character): text for character, text in table.items()} | unwritable
