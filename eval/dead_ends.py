"""Whether what is offered leads anywhere: lines are drawn evenly from all that are shown, and searched.

What somebody may have typed is the beginning of an entry of the catalogue, in characters, in full pinyin or by
initials; entries, ways and lengths are drawn evenly. Of the distinct lines that are shown for all of them some are
drawn, each as likely as any other. A line of which a search has nothing above the divider is a dead end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eval.suggest import Line

LONGEST = 8
"""Characters of a beginning."""
TOGETHER = 256
"""Lines whose queries are encoded together."""


@dataclass(frozen=True, slots=True)
class DeadEnds:
    """What was found.

    Attributes:
        asked: lists; shown: distinct lines of all of them.
        searched: lines that were drawn and searched; dead: those that found nothing.
    """

    asked: int
    shown: int
    searched: int
    dead: tuple[Line, ...]


def drawn(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """`count` of the texts, each as likely as any other; all of them where there are fewer."""
    return [texts[place] for place in np.random.default_rng(seed).permutation(len(texts))[:count].tolist()]


def beginnings(texts: Sequence[str], read: Callable[[str], Sequence[str]], count: int, seed: int) -> Iterator[str]:
    """What may be typed of `count` of the texts; `read` gives the readings of a character."""
    rng = np.random.default_rng(seed)
    for text in drawn(texts, count, seed):
        bare = "".join(text.split())
        syllables = [(*read(char), char)[0] for char in bare]
        whole = (bare, "".join(syllables), "".join(one[0] for one in syllables))[int(rng.integers(3))]
        yield whole[: int(rng.integers(1, min(LONGEST, len(whole)) + 1))]


def dead_ends(
    offered: Iterable[Sequence[Line]], expect: Callable[[Sequence[str]], None], finds: Callable[[Line], bool],
    most: int, seed: int, watched: Callable[[Sequence[Line]], Iterable[Line]] = iter,
) -> DeadEnds:  # fmt: skip
    """Draws and searches.

    Args:
        offered: the lists that are shown.
        expect: is told the queries that are searched next; finds: whether a line has results above the divider.
        most: lines that are searched; all of them where there are fewer.
        watched: gives the lines that are searched one after the other, and may show how far it is.
    """
    count, shown = 0, dict[Line, None]()
    for lines in offered:
        count += 1
        shown.update(dict.fromkeys(lines))
    every, dead = list(shown), list[Line]()
    chosen = [every[place] for place in np.random.default_rng(seed).permutation(len(every))[:most].tolist()]
    for place, line in enumerate(watched(chosen)):
        if place % TOGETHER == 0:
            expect([each.query for each in chosen[place : place + TOGETHER]])
        if not finds(line):
            dead.append(line)
    return DeadEnds(count, len(every), len(chosen), tuple(dead))
