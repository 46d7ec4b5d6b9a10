"""The words that turn the talk of a video, as patterns over a folded segment."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns.

    Attributes:
        next: another product comes; aside: the talk leaves the product; farewell: the end.
        later: what is named is not shown now; than: what follows is only compared with.
        carry: the talk is still about a product, whichever it is; question: somebody asks.
        filler: what is dropped before anything is heard.
        common: words of any talk.
        nickname: one character by which a thing may be called (裙 of 裙子).
    """

    next: re.Pattern[str]
    aside: re.Pattern[str]
    farewell: re.Pattern[str]
    later: re.Pattern[str]
    than: re.Pattern[str]
    carry: re.Pattern[str]
    question: re.Pattern[str]
    filler: re.Pattern[str]
    common: re.Pattern[str]
    nickname: re.Pattern[str]
