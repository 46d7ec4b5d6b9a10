"""Has the document the character that says what sort of thing is named?

Chinese compounds end in their head: 阔腿裤 is of the kind of 裤子, and 酒柜 not of that of 酒架.
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.features import product_match
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

_BARE = "子"


def _head_character(pairs: Pairs) -> FloatArray:
    """0 or 1, by the last character before a bare 子 of the last thing, or of the last term where none is named.

    1 for a query without terms.
    """
    asked = pairs.wanted
    if not asked.terms:
        return np.ones(pairs.size, np.float32)
    things = [i for i, kind in enumerate(asked.kinds) if kind in product_match.KINDS] or [len(asked.terms) - 1]
    name = asked.terms[things[-1]][0][0]
    head = name[-2] if name.endswith(_BARE) and len(name) > 1 else name[-1]
    return pairs.rows.texts.contain(head).astype(np.float32)


FEATURE = Feature(
    "head_character", 0, 1, "the character that says what sort of thing is named", _head_character, formerly="kin"
)
