"""The features there are, in a fixed order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from retrieval.ranking.features import (
    accessory,
    alphanumeric_coverage,
    attribute_match,
    audience_match,
    bigram_coverage,
    bm25,
    brand_match,
    category_fit,
    centred_cosine,
    character_coverage,
    contradiction,
    cosine,
    cosine_deviation,
    freshness,
    head_character,
    late_interaction,
    longest_phrase,
    model_match,
    popularity,
    price_fit,
    product_match,
    quality,
    query_domain,
    query_fluency,
    query_generality,
    size_match,
    spoken,
    term_coverage,
    term_order,
    thing,
    title_coverage,
    title_length,
    wish_fit,
)
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.types import FloatArray

_MODULES = (
    # what of the query the document has
    term_coverage, character_coverage, alphanumeric_coverage, cosine, centred_cosine, late_interaction, thing,
    title_coverage,
    product_match, brand_match, model_match, attribute_match, size_match, audience_match, head_character,
    longest_phrase, term_order, bigram_coverage, spoken,
    # what speaks against it
    accessory, contradiction,
    # how much and how the query asks
    query_generality, query_domain, query_fluency,
    # what the offer is worth beside its words
    category_fit, popularity, quality, freshness, price_fit, wish_fit, title_length,
    # how it stands in the catalogue
    bm25, cosine_deviation,
)  # fmt: skip

FEATURES: Mapping[str, Feature] = {module.FEATURE.name: module.FEATURE for module in _MODULES}

_RENAMED = {feature.formerly: feature.name for feature in FEATURES.values() if feature.formerly}


def measure(pairs: Pairs, names: Iterable[str]) -> dict[str, FloatArray]:
    """Feature → values (n,), of the features called `names`.

    Raises:
        KeyError: there is no feature of that name.
    """
    return {name: np.asarray(FEATURES[name].measure(pairs), np.float32) for name in names}


def hint_for(unknown: Iterable[str], allowed: Collection[str]) -> str:
    """What to write instead of names that are none of the `allowed`: the new names of old ones, else all there are."""
    new = [f"{name} is called {_RENAMED[name]} now" for name in unknown if _RENAMED.get(name) in allowed]
    return "; ".join(new) if new else f"features are {', '.join(sorted(allowed))}"
