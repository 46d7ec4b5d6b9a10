"""The products of a brand are still of one brand, those of a category of one category: shuffled columns leave all
counts as they were. A brand or a category that was renamed as a whole is no surprise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from indexer.checks.context import ENOUGH, CheckContext, reaches

_TELLING = 3
"""Products of a value, from which on it says something how many stay together."""
_FIELDS = ("brand", "category", "shop")


def values(context: CheckContext) -> list[str]:
    """Of products that had the same value most have the same one now."""
    problems = []
    pairs = list(zip(context.pairs.before.records, context.pairs.now.records, strict=True))
    for name in _FIELDS:
        moved: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for before, now in pairs:
            if (was := _value(before, name)) and (is_now := _value(now, name)):
                moved[was][is_now] += 1
        telling = [(was, to) for was, to in moved.items() if to.total() >= _TELLING]
        n, together = sum(to.total() for _, to in telling), sum(max(to.values()) for _, to in telling)
        if n < ENOUGH or reaches(together, context.gates.kept_values, n):
            continue
        was, to = min(telling, key=lambda each: max(each[1].values()) / each[1].total())
        problems.append(
            f"{together:,} of {n:,} sampled products stay with those that they shared their {name} with in the"
            f" published generation, at least {context.gates.kept_values:.0%} are asked for (gates.kept_values); e.g."
            f" those of {was} are of {', '.join(value for value, _ in to.most_common(3))} …"
        )
    return problems


def _value(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("id")
    return "/".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value or "")
