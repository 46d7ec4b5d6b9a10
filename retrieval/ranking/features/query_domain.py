"""Does the query use words as shoppers do? What people say and shoppers do not is likely no shopping."""

from __future__ import annotations

from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.language import shortfall

USUAL = 1.0
"""`retrieval.understanding.plan.Language.usage`: 83 of 100 real queries have more."""

FEATURE = Feature(
    "query_domain", -7, 0, "the query uses words as shoppers do; negative where people use them more",
    lambda pairs: shortfall(pairs, pairs.setting.language.usage, USUAL), formerly="usage",
)  # fmt: skip
