"""What is surely of another department than what the query names is hardly an answer, whatever its title says.

A bag for mothers has room for a 奶瓶, a box is made for a 羽绒服: their titles hold all that is asked. Their category
tells, where the catalogue's tree has departments (`retrieval.understanding.reading.categories`).
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting
from retrieval.types import FloatArray

_LEAST = 1e-4
"""Probabilities are told to so many places."""


def belief(rows: ForwardRows, setting: Setting) -> FloatArray:
    """By what the relevance of each is multiplied, shape (n,), in [0, 1]: 1, or, where it is of another department, how
    likely its category is, the likeliest being 1."""
    believed = np.ones(rows.texts.size, np.float32)
    if not setting.elsewhere:
        return believed
    likeliest = max(*setting.categories.values(), _LEAST)
    for place, leaf in enumerate(rows.texts.categories):
        if leaf in setting.elsewhere:
            believed[place] = setting.categories.get(leaf, 0.0) / likeliest
    return believed
