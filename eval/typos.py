"""What spelling errors cost: queries with one planted error each, asked as they are typed and with corrections on.

The answer that is looked for is the document that a query was taken from, or the first hit of the clean query. R@10 is
then the share of queries that have it among their first ten, and what counts is R@10 of the misspelt query divided by
that of the clean one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from eval.planted import Planted

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The ids of the first ten hits, best first, and what was done about the spelling.

    Attributes:
        action: ``replace``, ``both``, ``suggest``, or None where the spelling was left alone.
        read_as: the other spelling, None without one.
    """

    ids: tuple[str, ...]
    action: str | None = None
    read_as: str | None = None


AskSpelled: TypeAlias = Callable[[str, bool], Asked]
"""(query text, whether its spelling may be corrected) → what comes."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A misspelt query that lost the answer of the clean one."""

    kind: str
    clean: str
    typed: str
    action: str | None
    read_as: str | None


@dataclass(frozen=True, slots=True)
class KindOfTypo:
    """Queries with one kind of error, and in how many of them the answer is among the first ten.

    Attributes:
        clean, typed, corrected: of the clean query, of the misspelt one as it stands, and with corrections on.
        ratio: corrected / clean, None where no clean query finds its answer.
    """

    kind: str
    queries: int
    clean: int
    typed: int
    corrected: int
    ratio: float | None


@dataclass(frozen=True, slots=True)
class TypoSummary:
    """What was measured.

    Attributes:
        all: every kind together; kinds: each alone.
        unanswered: clean queries without a hit, which are left out.
        clean_queries: how many clean queries were asked; replaced, both, suggested: for how many of them another
            spelling was searched instead, beside it, or only proposed.
    """

    all: KindOfTypo
    kinds: tuple[KindOfTypo, ...]
    unanswered: int
    clean_queries: int
    replaced: int
    both: int
    suggested: int
    missed: tuple[Missed, ...]


def measure_typos(planted: Iterable[Planted], ask: AskSpelled) -> TypoSummary:
    """Asks every query clean, misspelt, and misspelt without corrections."""
    found: list[tuple[str, bool, bool, bool]] = []
    missed: list[Missed] = []
    actions: list[str | None] = []
    unanswered = 0
    for one in planted:
        clean = ask(one.clean, True)
        actions.append(clean.action)
        meant = one.document or next(iter(clean.ids), None)
        if meant is None:
            unanswered += 1
            continue
        corrected = ask(one.typed, True)
        in_clean, in_corrected = meant in clean.ids, meant in corrected.ids
        found.append((one.kind, in_clean, meant in ask(one.typed, False).ids, in_corrected))
        if in_clean and not in_corrected:
            missed.append(Missed(one.kind, one.clean, one.typed, corrected.action, corrected.read_as))
    kinds = list(dict.fromkeys(kind for kind, *_ in found))
    return TypoSummary(
        all=_counted("all", [flags for _, *flags in found]),
        kinds=tuple(_counted(kind, [flags for name, *flags in found if name == kind]) for kind in kinds),
        unanswered=unanswered,
        clean_queries=len(actions),
        replaced=actions.count("replace"),
        both=actions.count("both"),
        suggested=actions.count("suggest"),
        missed=tuple(missed),
    )


def _counted(kind: str, found: Sequence[Sequence[bool]]) -> KindOfTypo:
    clean, typed, corrected = (sum(flags[i] for flags in found) for i in range(3))
    return KindOfTypo(kind, len(found), clean, typed, corrected, round(corrected / clean, 4) if clean else None)
