"""Model numbers, specifications and foreign words: whole *and* in parts.

``i5-11400f`` is kept whole, without its joining marks (``i511400f``), split at the marks (``i5``, ``11400f``) and split
where letters meet digits (``i``, ``5``, ``11400``, ``f``): a shopper writes any of these. A dimension is its digits,
too: ``225/55r18`` is ``2255518``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.analysis.normalize import HAN

_LETTER = rf"(?:(?![{HAN}_])\w)"
RUN = re.compile(rf"{_LETTER}+(?:[-_./+]{_LETTER}+)*")
"""A run of non-Han letters and digits, its parts joined by single marks."""
_MARKS = re.compile(r"[-_/+]+|\.(?!(?<=\d\.)\d)")
"""What joins the parts of a run; the point of a decimal is part of a number."""
_DIMENSION = re.compile(r"\d+(?:\.\d+)?(?:(?:[-/+x]|[-/]?z?r)\d+(?:\.\d+)?)+[a-z]{0,2}\Z")
_LETTERS_OR_DIGITS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


@lru_cache(maxsize=4096)
def variants(run: str) -> tuple[str, ...]:
    """The tokens of one run: whole, joined, parts at marks, parts where letters meet digits. No duplicates."""
    parts = _MARKS.split(run)
    tokens = [run]
    if len(parts) > 1:
        tokens += ["".join(parts), *parts]
    tokens += [piece for part in (run, *parts) for piece in _LETTERS_OR_DIGITS.findall(part)]
    if _DIMENSION.match(run):
        tokens.append("".join(filter(str.isdigit, run)))
    return tuple(dict.fromkeys(t for t in tokens if t))


def parts(run: str) -> list[str]:
    """`run` split at its joining marks."""
    return [p for p in _MARKS.split(run) if p]
