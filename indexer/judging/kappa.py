"""How far two judges agree beyond chance: Cohen's kappa (Cohen, 1960), and the weighted one for ordered grades (1968).

    kappa = 1 - sum(w · observed) / sum(w · expected)

observed: shares of pairs (a, b); expected: products of each judge's own shares. w is 0 where a = b, else 1; weighted
(a - b)². A judge who gave every document the same grade as the other tells nothing: then there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two judges.

    Attributes:
        pairs: documents that both graded; same: the share of equal grades, in [0, 1].
        kappa, weighted: in [-1, 1], 0 is chance; None where it cannot be told.
        table: (grade of the one, of the other) → documents.
    """

    pairs: int
    same: float
    kappa: float | None
    weighted: float | None
    table: dict[str, int]


def agreement(pairs: Sequence[Pair]) -> Agreement | None:
    """None without a pair."""
    if not pairs:
        return None
    told = {f"{a}-{b}": count for (a, b), count in sorted(Counter(pairs).items())}
    same = sum(a == b for a, b in pairs) / len(pairs)
    return Agreement(
        len(pairs), same, _kappa(pairs, lambda a, b: float(a != b)), _kappa(pairs, lambda a, b: float((a - b) ** 2)),
        told,
    )  # fmt: skip


def _kappa(pairs: Sequence[Pair], weight: Callable[[int, int], float]) -> float | None:
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum(weight(a, b) for a, b in pairs) / len(pairs)
    expected = sum(weight(a, b) * one[a] * other[b] for a in one for b in other) / len(pairs) ** 2
    return None if expected == 0 else 1 - observed / expected
