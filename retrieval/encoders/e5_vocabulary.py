"""Which pieces of the XLM-R vocabulary are kept, and the tokenizer over them.

The model knows a hundred languages in 250,002 pieces. Product text is Chinese with Latin letters, digits and the odd
kana, so a piece is kept when every character is ASCII, Chinese, kana or a sign, and also when it is one character of
any script. Kept text is then cut exactly as by the whole vocabulary; a word in another alphabet is cut into characters.

The tokenizer is the Unigram model with the XLM-R normalizer (a table of code points), runs of blanks collapsed, blanks
written as `▁` and one `▁` in front, and `<s> … </s>` around (Kudo, "Subword Regularization", ACL 2018). As in
SentencePiece, a run of unknown characters is one `<unk>`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from retrieval.encoders.e5_weights import E5Weights
from retrieval.types import IntArray

TOKENIZER_FILE = "tokenizer.json"
NORMALIZER_FILE = "normalizer.json"

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
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
    vocabulary = [(weights.pieces[row], float(weights.scores[row])) for row in rows]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=weights.unk_id, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", _SPECIAL.index("<s>")), ("</s>", _SPECIAL.index("</s>"))]
    )
    tokenizer.save(str(folder / TOKENIZER_FILE), pretty=False)
    table = {chr(code_point): text for code_point, text in weights.replacements.items()}
    (folder / NORMALIZER_FILE).write_text(json.dumps(table, ensure_ascii=True, sort_keys=True))


class E5Tokenizer:
    """Text to token ids, cut at `max_tokens` (which counts `<s>` and `</s>`). Safe to share between threads."""

    def __init__(self, folder: Path, *, max_tokens: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(max_length=max_tokens)
        self._table = _translation(json.loads((folder / NORMALIZER_FILE).read_text()))
        self._max_chars = _LONGEST_PIECE * max_tokens

    def encode(self, prefix: str, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """One int64 array of ids a text."""
        prepared = [prefix + self._normalize(text) for text in texts]
        return [np.array(encoding.ids, np.int64) for encoding in self._tokenizer.encode_batch_fast(prepared)]

    def _normalize(self, text: str) -> str:
        # Cutting first keeps a megabyte of text from being normalized for the sake of its first line.
        return _BLANKS.sub(" ", text.strip()[: self._max_chars].translate(self._table)).strip()


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
