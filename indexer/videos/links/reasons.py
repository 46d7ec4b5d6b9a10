"""Why a product is taken to be shown, told from the words of it that were heard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.videos.links.evidence import PRICE, Mention
from indexer.videos.links.shelf import Known
from indexer.videos.nouns import Reason

_LATIN = re.compile("[a-z]")
_NUMBER = re.compile(r"[\ue000-\uefff]")


def reasons(product: Known, mentions: Sequence[Mention], segments: int) -> tuple[Reason, ...]:
    """The reasons of a run of `segments`, the one that weighs most first; `Reason.CARRIED` where some say nothing."""
    weights: dict[Reason, float] = {}
    for mention in mentions:
        reason = _reason(product, mention.text)
        weights[reason] = weights.get(reason, 0.0) + mention.weight
    found = sorted(weights, key=lambda reason: (-weights[reason], reason))
    silent = segments > len({mention.segment for mention in mentions})
    return (*found, Reason.CARRIED) if silent else tuple(found)


def _reason(product: Known, words: str) -> Reason:
    if words == PRICE:
        return Reason.PRICE
    if product.brand and (words in product.brand or product.brand in words):
        return Reason.BRAND
    if _LATIN.search(words):
        return Reason.MODEL
    if words in product.attributes or _NUMBER.search(words):
        return Reason.ATTRIBUTE
    return Reason.THING
