"""An id still names the same thing: ids that were shuffled send every link, event and order to another product."""

from __future__ import annotations

from indexer.checks.context import ENOUGH, CheckContext, reaches
from retrieval.analysis.normalize import normalize


def identity(context: CheckContext) -> list[str]:
    """Each id leads to its own record, and most titles are about what they were about."""
    ids = [str(record["id"]) for record in context.sample.records]
    led = context.reader.rows_of(ids)
    lost = [id for id, row, place in zip(ids, context.sample.rows.tolist(), led, strict=True) if row != place]
    if lost:
        return [f"{len(lost):,} of {len(ids):,} ids lead to another record or to none, e.g. {', '.join(lost[:5])}"]
    if len(context.pairs) < ENOUGH:
        return []
    titles = [
        (str(record["id"]), str(before["title"]), str(record["title"]))
        for record, before in zip(context.pairs.now.records, context.pairs.before.records, strict=True)
    ]
    others = [f"{id}: {before} → {now}" for id, before, now in titles if not alike(before, now)]
    if reaches(len(titles) - len(others), context.gates.kept_titles, len(titles)):
        return []
    return [
        f"{len(others):,} of {len(titles):,} products have another title than in the published generation, e.g. "
        f"{others[0]}; at least {context.gates.kept_titles:.0%} must be alike (gates.kept_titles)"
    ]


def alike(one: str, other: str) -> bool:
    """Whether half of the neighbouring characters of the shorter stand in the other, at most three times as long."""
    short, long = sorted((_bigrams(one), _bigrams(other)), key=len)
    return 2 * len(short & long) >= len(short) and 3 * len(short) >= len(long)


def _bigrams(title: str) -> set[str]:
    text = "".join(normalize(title).split())
    return {text[place : place + 2] for place in range(max(1, len(text) - 1))}
