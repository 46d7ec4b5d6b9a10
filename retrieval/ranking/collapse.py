"""Near-duplicates: offers of one product, and copies of one title in one shop, are shown once, by their best.

Two documents are the same when they name the same SPU; without one, when one shop (or, where the shop is not known,
one brand) sells the same title, whatever its marks, spaces and case. A copy whose seller is not known stays: it may be
another offer, and which of two is meant cannot be told. The key is stored when a document is indexed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.analysis.normalize import normalize
from retrieval.types import IntArray

ALONE = 0
"""The key of a document that is no near-duplicate of any other."""

_NOISE = re.compile(r"[\W_]+")


def group_key(record: Mapping[str, Any]) -> int:
    """A 64-bit key, equal for near-duplicates and the same in every process; `ALONE` where none can be told."""
    if spu := record.get("spu_id"):
        return _key("spu", str(spu))
    shop = record.get("shop")
    seller = (shop.get("id") or shop.get("name")) if isinstance(shop, Mapping) else shop
    owner = ("shop", str(seller)) if seller else ("brand", str(record.get("brand") or ""))
    title = plain_title(str(record.get("title") or ""))
    return _key(*owner, title) if owner[1] and title else ALONE


def plain_title(title: str) -> str:
    """A title whatever its marks, spaces and case."""
    return _NOISE.sub("", normalize(title))


def first_of_each(groups: npt.NDArray[np.uint64]) -> IntArray:
    """Places to keep of a list in its order: the first of every group and all that are alone. Shape (kept,)."""
    kept = groups == ALONE
    kept[np.unique(groups, return_index=True)[1]] = True
    return np.flatnonzero(kept)


def _key(*parts: str) -> int:
    digest = blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1
