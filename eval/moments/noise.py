"""Recognition errors put into transcripts, to see what search loses by them.

Each Han character is damaged with the probability `rate`, in one of three ways of equal chance: another character of
the same sound stands there, it is dropped, or a foreign one is put behind it. Which characters sound alike is given,
so that the damage need not come from the tables that repair it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from retrieval.analysis.normalize import HAN

KINDS = ("homophone", "dropped", "inserted")
RATES = (0.0, 0.05, 0.1, 0.2)

_HAN_CHAR = re.compile(rf"[{HAN}]")


class Noise:
    """The same seed damages the same texts in the same way, whatever else is damaged."""

    def __init__(
        self,
        rate: float,
        alike: Callable[[str], Sequence[str]],
        pool: Sequence[str],
        *,
        seed: int,
        kinds: Sequence[str] = KINDS,
    ) -> None:
        """
        Args:
            rate: share of Han characters that are damaged, in [0, 1].
            alike: character → others of the same sound; one without others is left alone when its sound is drawn.
            pool: characters that are put in, as often as each stands here.
            kinds: of `KINDS`.
        """
        self._rate, self._alike, self._pool, self._seed, self._kinds = rate, alike, pool, seed, kinds

    def damaged(self, text: str, place: str = "") -> str:
        """The text with errors; `place` tells equal texts apart."""
        rng = random.Random(f"{self._seed}|{place}|{text}")
        return _HAN_CHAR.sub(lambda match: self._heard(match.group(), rng), text)

    def _heard(self, char: str, rng: random.Random) -> str:
        if rng.random() >= self._rate:
            return char
        kind = rng.choice(self._kinds)
        if kind == "dropped":
            return ""
        if kind == "inserted":
            return char + rng.choice(self._pool)
        others = self._alike(char)
        return rng.choice(others) if others else char
