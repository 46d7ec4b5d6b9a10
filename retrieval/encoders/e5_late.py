"""What makes tokens of titles and queries of the last layer of e5: it comes with a tuning, which was learned with it.

A token is its state times a matrix, of unit norm. Of a title each number is stored in sixteen steps around its middle
(`retrieval.late.titles`); of a query a further column says what each token weighs. `<s>`, the prefix and `</s>` are
left out on both sides.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.encoders.batching import unit_rows
from retrieval.errors import EncoderError
from retrieval.late.query import Head, QueryTokens
from retrieval.late.titles import WIDTH, pack
from retrieval.types import FloatArray

MOST_TOKENS = 60
"""Of a title that are kept: the longest hundredth of real titles has more."""
_BEFORE, _AFTER = 3, 1
"""`<s>` and the two pieces of the prefix; `</s>`."""
_HEAD = ("middle", "spread", "direct", "inner", "inner_bias", "outer")


@dataclass(frozen=True, slots=True)
class E5Late:
    """All float32.

    Attributes:
        projection: (hidden, WIDTH + 1); the last column gives the weights of the tokens of a query.
        middle, step: (WIDTH,), of the numbers of titles.
    """

    projection: FloatArray
    middle: FloatArray
    step: FloatArray
    head: Head

    def title(self, tokens: FloatArray) -> bytes:
        """Of the projected states of a title, shape (tokens, WIDTH + 1): its tokens as they are stored."""
        vectors = unit_rows(tokens[_BEFORE:-_AFTER, :WIDTH][:MOST_TOKENS])
        return pack((vectors - self.middle) / self.step)

    def query(self, tokens: FloatArray) -> QueryTokens:
        """Of those of a query."""
        said = tokens[_BEFORE:-_AFTER]
        vectors, weights = unit_rows(said[:, :WIDTH]), np.exp(said[:, WIDTH] - said[:, WIDTH].max(initial=0.0))
        return QueryTokens(vectors * self.step, vectors @ self.middle, weights / max(weights.sum(), 1e-9), self.head)


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
        parts = {name: numbers[f"head.{name}"] for name in _HEAD}
        head = Head(**parts, bias=float(numbers["head.bias"]))
        late = E5Late(numbers["projection"], numbers["middle"], numbers["step"], head)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged(path, str(error)) from error
    if late.projection.shape[1:] != (WIDTH + 1,) or {late.middle.shape, late.step.shape} != {(WIDTH,)}:
        raise _damaged(path, f"its tokens are not of {WIDTH} numbers")
    return late


def _damaged(path: Path, why: str) -> EncoderError:
    hint = "encoder.options.tuning is trade, none or the path of such a file; if it is trade, reinstall Xunhuo"
    return EncoderError(f"The tuning of e5 is damaged: {why}.", field=str(path), hint=hint)
