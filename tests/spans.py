"""What a shopper may copy out of a title: a few characters that cut no number or Latin word, and its model numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from retrieval.analysis import alphanumerics
from retrieval.analysis.normalize import normalize

SHORTEST, LONGEST = 2, 8
_MODEL = re.compile(r"(?=[a-z0-9./+-]*[a-z])(?=[a-z./+-]*\d)[a-z0-9]+(?:[-./+][a-z0-9]+)*", re.IGNORECASE)
"""Latin letters and digits, at least one of each, in parts joined by single marks."""


def random_spans(titles: Sequence[str], count: int, seed: int) -> list[tuple[int, str]]:
    """`count` pairs (row, piece of that title); pieces have 2–8 characters, not only punctuation, and cut no run."""
    rng = random.Random(seed)
    spans: list[tuple[int, str]] = []
    while len(spans) < count:
        row = rng.randrange(len(titles))
        length = rng.randint(SHORTEST, LONGEST)
        start = rng.randrange(max(1, len(titles[row]) - length + 1))
        span = titles[row][start : start + length]
        cut = any(_cuts(titles[row], at) for at in (start, start + len(span)))
        if len(span) >= SHORTEST and not cut and any(c.isalnum() for c in normalize(span)):
            spans.append((row, span))
    return spans


def _cuts(title: str, at: int) -> bool:
    """Whether a run of letters and digits goes on there."""
    return any(run.start() < at < run.end() for run in alphanumerics.RUN.finditer(title))


def model_numbers(titles: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every pair (row, model number in that title)."""
    for row, title in enumerate(titles):
        for match in _MODEL.finditer(title):
            yield row, match.group()
