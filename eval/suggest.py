"""What suggestions are worth: where the query that somebody was about to ask stands, keystroke by keystroke.

Held-out searches are typed again, character by character, as of just before they were asked. With r the place of the
query among the first `DEPTH` lines the reciprocal rank is 1/r, and 0 where it is not there; the mean over queries at
each keystroke, and over all keystrokes, is compared with the plainest way: of what begins so the most frequent queries.
Spaces count nothing, in any way: 轻奢 梳妆台 and 轻奢梳妆台 are one search.

A query that finds nothing above the divider should not be suggested, so it is left out and counted; a line that finds
nothing there is a dead end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
KEYSTROKES = 8
"""Further ones are counted with the last."""


@dataclass(frozen=True, slots=True)
class Typing:
    """A search that was made.

    Attributes:
        query: normalised.
        user_id, session_id: who; ts: when, in seconds since 1970.
    """

    query: str
    user_id: str
    session_id: str
    ts: float


@dataclass(frozen=True, slots=True)
class Line:
    """What a line would search: words, and a category or shop to filter by, else ""."""

    query: str
    category: str = ""
    shop: str = ""


Suggest = Callable[[str, Typing], Sequence[Line]]
"""(what is typed so far, by whom and when) → the lines, best first."""


@dataclass(frozen=True, slots=True)
class WaySummary:
    """One way to suggest.

    Attributes:
        mrr: mean reciprocal rank over all keystrokes of all queries; by_keystroke: after so many characters.
        seen: share of queries that stood among the lines before they were typed whole.
        typed: mean share of a query that was typed until then, 1 where it never stood there.
    """

    name: str
    mrr: float
    by_keystroke: tuple[float, ...]
    seen: float
    typed: float


@dataclass(frozen=True, slots=True)
class SuggestSummary:
    """What was measured; `lines` distinct ones of the first way were searched, `dead` of them found nothing.

    Attributes:
        queries: those that were typed; unanswered: others that find nothing.
    """

    queries: int
    unanswered: int
    keystrokes: tuple[int, ...]
    ways: tuple[WaySummary, ...]
    lines: int
    dead: tuple[Line, ...]


def measure_suggest(
    held: Sequence[Typing], ways: Mapping[str, Suggest], finds: Callable[[Line], bool], most: int
) -> SuggestSummary:
    """Types every query that finds something in each way; of the lines of the first one at most `most` are searched."""
    answers = {query: finds(Line(query)) for query in dict.fromkeys(one.query for one in held)}
    every, held = len(held), [one for one in held if answers[one.query]]
    shown: dict[Line, None] = {}
    summaries = [
        _summed(name, held, suggest, shown if not at else None) for at, (name, suggest) in enumerate(ways.items())
    ]
    looked = list(shown)[:most]
    typed = Counter(min(size, KEYSTROKES) for one in held for size in range(1, len(one.query) + 1))
    keystrokes = tuple(typed[size] for size in range(1, KEYSTROKES + 1))
    return SuggestSummary(
        len(held), every - len(held), keystrokes, tuple(summaries), len(looked),
        tuple(line for line in looked if not finds(line)),
    )  # fmt: skip


def by_frequency(asked: Iterable[Typing], least: int = 1) -> Suggest:
    """The plainest way, from the searches made before; queries of fewer than `least` shoppers are left out."""
    before = list(asked)
    counts, askers = Counter(one.query for one in before), defaultdict[str, set[str]](set)
    for one in before:
        askers[one.query].add(one.user_id or one.session_id)
    texts = sorted(text for text in counts if len(askers[text]) >= least)
    known: dict[str, tuple[Line, ...]] = {}

    def suggest(typed: str, _: Typing) -> Sequence[Line]:
        if typed not in known:
            first, last = bisect_left(texts, typed), bisect_left(texts, typed + chr(0x10FFFF))
            best = sorted(texts[first:last], key=lambda text: (-counts[text], text))[:DEPTH]
            known[typed] = tuple(map(Line, best))
        return known[typed]

    return suggest


def _summed(name: str, held: Sequence[Typing], suggest: Suggest, shown: dict[Line, None] | None) -> WaySummary:
    ranks: defaultdict[int, list[float]] = defaultdict(list)
    shares: list[float] = []
    for one in held:
        first = 1.0
        for size in range(1, len(one.query) + 1):
            lines = suggest(one.query[:size], one)[:DEPTH]
            if shown is not None:
                shown.update(dict.fromkeys(lines))
            rank = next((place for place, text in enumerate(_texts(lines), 1) if text == _bare(one.query)), 0)
            ranks[min(size, KEYSTROKES)].append(1 / rank if rank else 0.0)
            first = min(first, size / len(one.query)) if rank else first
        shares.append(first)
    every = [each for values in ranks.values() for each in values]
    return WaySummary(
        name, _mean(every), tuple(_mean(ranks[size]) for size in range(1, KEYSTROKES + 1)),
        _mean([float(share < 1) for share in shares]), _mean(shares),
    )  # fmt: skip


def _texts(lines: Sequence[Line]) -> list[str]:
    """What is searched, each once: a line within a category takes no place of its own."""
    return list(dict.fromkeys(_bare(line.query) for line in lines))


def _bare(query: str) -> str:
    return "".join(query.split())


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
