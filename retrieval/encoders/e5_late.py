"""What makes tokens of titles and queries of the last layer of e5: it comes with a tuning, which was learned with it.

A token is its state times a matrix, of unit norm; two further columns give what it weighs in a query and in a title
(`retrieval.late`). `<s>`, the two pieces behind it and `</s>` are left out on both sides; of the prefix of a query,
which has three, the colon stays, as it was learned. In the npz they are `late.projection`, `late.middle`, `late.step`,
and `late.head.` with middle, spread, direct, inner, inner_bias, outer and bias, of the shapes in `_wrong`.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.encoders.batching import unit_rows
from retrieval.encoders.e5_tuning import HINT
from retrieval.errors import EncoderError
from retrieval.late.query import NUMBERS, Head, QueryTokens
from retrieval.late.titles import WIDTH, Scale
from retrieval.types import FloatArray

MOST_TOKENS = 60
"""Of a title that are kept: 3.8 % of 71,632 real titles have more."""
MOST_QUERY_TOKENS = 20
"""Of a query that are read, as it was learned; they are remembered with its vector."""
COLUMNS = WIDTH + 2
BEFORE, AFTER = 3, 1
"""`<s>` and the two pieces of the prefix of a title; `</s>`."""
_HIDDEN = 384
"""Numbers of a state of e5."""
_SCALES = ("step", "head.spread")
_HEAD = ("middle", "spread", "direct", "inner", "inner_bias", "outer")


@dataclass(frozen=True, slots=True)
class E5Late:
    """`projection`: float32 (hidden, COLUMNS): numbers of tokens, weights in a query, weights in a title."""

    projection: FloatArray
    scale: Scale
    head: Head

    def title(self, tokens: FloatArray) -> bytes:
        """Of the projected states of a title, shape (tokens, COLUMNS): its tokens as they are stored."""
        said = tokens[BEFORE:-AFTER][:MOST_TOKENS]
        return self.scale.pack(unit_rows(said[:, :WIDTH]), said[:, WIDTH + 1])

    def query(self, tokens: FloatArray) -> QueryTokens:
        """Of those of a query."""
        said = tokens[BEFORE:-AFTER][:MOST_QUERY_TOKENS]
        weights = np.exp(said[:, WIDTH] - said[:, WIDTH].max(initial=-np.inf))
        return QueryTokens(unit_rows(said[:, :WIDTH]), weights / weights.sum(), self.scale, self.head)


def read_late(path: Path) -> E5Late | None:
    """Of a tuning; None where it has none.

    Raises:
        EncoderError: the file is damaged, or of another width.
    """
    try:
        with path.open("rb") as file, np.load(file) as stored:
            found = {name.removeprefix("late."): stored[name] for name in stored.files if name.startswith("late.")}
        if not found:
            return None
        numbers = {name: array.astype(np.float32) for name, array in found.items()}
        wrong = _wrong(numbers)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(path, str(error)) from error
    if wrong:
        raise _damaged(path, f"no tokens of {WIDTH} numbers come of its {', '.join(wrong)}")
    parts = {name: numbers[f"head.{name}"] for name in _HEAD}
    head = Head(**parts, bias=float(numbers["head.bias"]))
    return E5Late(numbers["projection"], Scale(numbers["middle"], numbers["step"]), head)


def _wrong(numbers: Mapping[str, FloatArray]) -> list[str]:
    """Parts of another shape than they must have, not finite, or a scale that is none."""
    units = numbers["head.outer"].size
    shapes = {
        "projection": (_HIDDEN, COLUMNS), "middle": (WIDTH,), "step": (WIDTH,),
        "head.middle": (NUMBERS,), "head.spread": (NUMBERS,), "head.direct": (NUMBERS,),
        "head.inner": (NUMBERS, units), "head.inner_bias": (units,), "head.outer": (units,), "head.bias": (),
    }  # fmt: skip
    return [
        name
        for name, shape in shapes.items()
        if numbers[name].shape != shape
        or not np.isfinite(numbers[name]).all()
        or (name in _SCALES and not (numbers[name] > 0).all())
    ]


def _damaged(path: Path, why: str) -> EncoderError:
    return EncoderError(f"The tuning of e5 is damaged: {why}.", field=str(path), hint=HINT)
