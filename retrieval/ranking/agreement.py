"""Agreement: does a document have what the query names — the thing itself, its maker, its model, whom it is for?

`words` weighs all terms together; here each kind of entity (`retrieval.understanding.plan.Kind`) stands alone, so
that a missing head noun and a missing colour can count differently. A query that names nothing of a kind says nothing
by it: the value is then that of `words`.
"""

from __future__ import annotations

import numpy as np

from retrieval.ranking.coverage import weighted
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting
from retrieval.ranking.wanted import Wanted
from retrieval.types import FloatArray
from retrieval.understanding.plan import Kind

HEAD = frozenset({Kind.PRODUCT, Kind.CATEGORY})
BRAND = frozenset({Kind.BRAND, Kind.SHOP})
MODEL = frozenset({Kind.MODEL})
ATTRIBUTES = frozenset({Kind.COLOR, Kind.MATERIAL, Kind.STYLE, Kind.FUNCTION, Kind.SCENE, Kind.SEASON})
UNITS = frozenset({Kind.SIZE, Kind.SPECIFICATION, Kind.CAPACITY})
AUDIENCE = frozenset({Kind.AUDIENCE})
_SOFT = frozenset({Kind.SEASON, Kind.SCENE, Kind.NOISE, Kind.AUDIENCE, Kind.OTHER, Kind.SHOP})
"""What a good title may well lack."""
LEAST_COST, MUCH = 0.2, 8
_BARE = "子"


def agreement(kinds: frozenset[Kind], wanted: Wanted, match: FloatArray, words: FloatArray) -> FloatArray:
    """Shape (n,), in [0, 1]: how well the terms of these kinds are matched, by weight; `words` where there are none.

    Args:
        match: (n, terms) of `retrieval.ranking.coverage.matched`.
    """
    named = np.array([kind in kinds for kind in wanted.kinds], bool)
    return weighted(match[:, named], wanted.term_weights[named]) if named.any() else words


def kin(wanted: Wanted, rows: ForwardRows) -> FloatArray:
    """Shape (n,), 0 or 1: has the document the character that says what sort of thing is named?

    Chinese compounds end in their head: 阔腿裤 is of the kind of 裤子, and 酒柜 not of that of 酒架. The character is
    the last one of the thing (of the last term, where none is named), before a bare 子; 1 for a query without terms.
    """
    things = [i for i, kind in enumerate(wanted.kinds) if kind in HEAD] or range(len(wanted.terms))
    if not wanted.terms:
        return np.ones(len(rows.texts), np.float32)
    name = wanted.terms[things[-1]][0][0]
    mark = name[-2] if name.endswith(_BARE) and len(name) > 1 else name[-1]
    return rows.writing(mark)[:, 0].astype(np.float32)


def modesty(wanted: Wanted) -> float:
    """In [-1, 0]: how much is asked, negative, by the terms that a title must not lack; -1 for `MUCH` or more.

    Of two titles that have the thing itself, the one is likelier right of which less was asked.
    """
    hard = sum(kind not in _SOFT and cost >= LEAST_COST for kind, cost in zip(wanted.kinds, wanted.costs, strict=True))
    return -min(hard, MUCH) / MUCH


def category_agreement(rows: ForwardRows, setting: Setting) -> FloatArray:
    """Shape (n,), in [-1, 1]: is the document in a category that the query is likely about?

        (1 - H) · (2 · P(c) / max P - 1)

    with P the predicted distribution over leaf categories and H its entropy in [0, 1]
    (`retrieval.understanding.reading.categories`); 0 for a document without a category, or a query of which nothing
    is known.
    """
    likeliest = max(setting.categories.values(), default=0.0)
    if likeliest <= 0:
        return np.zeros(len(rows.texts), np.float32)
    leaves = [text.rsplit("\n", 1)[-1] for text in rows.texts]
    shares = [2 * setting.categories.get(leaf, 0.0) / likeliest - 1 if leaf else 0.0 for leaf in leaves]
    return np.asarray((1 - setting.category_entropy) * np.array(shares), np.float32)
