"""What rules do to the candidates of a list: some go, some are buried, and some get points.

A boost is a labelled part of the score of what ranking looked at, so all parts still sum to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retrieval.answer import RuleEffect
from retrieval.lists.meant import any_meant, let_in, meant, products_of
from retrieval.lists.score import Scored
from retrieval.rules.model import Action
from retrieval.search import Search
from retrieval.types import FloatArray, IntArray, Sort


def ruled(search: Search, scored: Scored, sort: Sort, most_points: float) -> Scored:
    """The candidates that stay, with what rules did to them.

    Args:
        most_points: that all boosts together add to a score, ≥ 0.
    """
    rules = search.ruled
    if not rules.at or not len(scored.rows):
        return scored
    stays = let_in(search, scored.rows) & ~any_meant(search, Action.HIDE, scored.rows)
    scored = scored if stays.all() else scored.take(np.flatnonzero(stays))
    if sort is not Sort.RELEVANCE or not len(scored.rows):
        return scored
    effects: dict[int, tuple[RuleEffect, ...]] = {}
    for rule, products in products_of(rules, Action.BURY):
        for row in scored.rows[meant(search, products, scored.rows)].tolist():
            effects[row] = (*effects.get(row, ()), RuleEffect(rule.id, rule.name, Action.BURY))
    parts = _points(search, scored, list(effects), most_points)
    names = {rule.id: rule.name for rule in rules.rules}
    for id, part in parts.items():
        for place in np.flatnonzero(part).tolist():
            row, effect = int(scored.rows[place]), RuleEffect(id, names[id], Action.BOOST, float(part[place]))
            effects[row] = (*effects.get(row, ()), effect)
    return replace(_with(scored, parts), effects=effects)


def _points(search: Search, scored: Scored, buried: list[int], most: float) -> dict[str, FloatArray]:
    """Rule → what it adds to each score, shape (n,); where nothing was ranked, a point is the spread of the scores."""
    looked_at = scored.looked_at
    ranked = bool(looked_at.any())
    unit = np.float32(1.0) if ranked else scored.scores.std()
    may = ~np.isin(scored.rows, buried) & (looked_at if ranked else True)
    left = np.where(may, np.float32(most), np.float32(0))
    parts: dict[str, FloatArray] = {}
    for rule in search.ruled.rules:
        for boost in rule.boost:
            of = meant(search, boost.products, scored.rows)
            added = np.where(of, np.minimum(np.float32(boost.points), left), np.float32(0))
            left = left - added
            if added.any():
                parts[rule.id] = parts.get(rule.id, np.float32(0)) + added * unit
    return parts


def _with(scored: Scored, parts: dict[str, FloatArray]) -> Scored:
    """With these parts in the scores, and among the features."""
    if not parts:
        return scored
    at = np.arange(len(scored.rows)) if scored.parts_at is None else scored.parts_at
    size = len(next(iter(scored.features.values()), scored.rows))
    features = {f"rule:{id}": _by_part(part, at, size) for id, part in parts.items()}
    scores = scored.scores + np.sum(list(parts.values()), axis=0, dtype=np.float32)
    return replace(scored, scores=scores, features={**scored.features, **features}, parts_at=at)


def _by_part(part: FloatArray, at: IntArray, size: int) -> FloatArray:
    """By the place of the parts, shape (size,), what stands by candidate."""
    values = np.zeros(size, np.float32)
    values[at[at >= 0]] = part[at >= 0]
    return values
