"""The hot list: what is asked more than usual, then what is asked a lot."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import numpy as np

from retrieval.suggest.answer import HotQuery, Trend
from retrieval.suggest.asked import Asked
from retrieval.suggest.options import AskedOptions

MOST = 50
_UP = 1.5
"""Times the usual number, from which on a query is on its way up."""
_NEW = 0.05
"""Usual shoppers below which a query is new."""
_LEAST_HEAT = 1.0
"""Standard deviations; what rises by less is as usual."""


def hottest(asked: Asked, options: AskedOptions, fit: Callable[[str], bool]) -> tuple[HotQuery, ...]:
    """What may be shown to everybody, the hottest first; `fit` says what may."""
    heat = asked.heat
    rising = np.flatnonzero((asked.recent >= options.hot_shoppers) & (heat >= _LEAST_HEAT))
    order = [*rising[np.argsort(-heat[rising], kind="stable")].tolist(), *range(len(asked.texts))]
    chosen = (n for n in dict.fromkeys(order) if fit(asked.texts[n]))
    hot = set(rising.tolist())
    return tuple(
        HotQuery(asked.texts[n], _trend(asked, n) if n in hot else Trend.STEADY, float(heat[n]))
        for n in islice(chosen, MOST)
    )


def _trend(asked: Asked, place: int) -> Trend:
    usual, recent = float(asked.usual[place]), float(asked.recent[place])
    if usual < _NEW:
        return Trend.NEW
    return Trend.UP if recent >= _UP * usual else Trend.STEADY
