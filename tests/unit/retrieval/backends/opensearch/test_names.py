"""Names on the cluster:

1. A generation's index is lower case and gives back the generation.
2. What cannot be a generation has no index, and another prefix's index is none of ours.
"""

from __future__ import annotations

import pytest

from retrieval.backends.opensearch.names import Names

NAMES = Names("shop", ("product", "clip"))


def test_there_and_back() -> None:  # 1
    generation = "g20260101T120000.000Z-1a2b"
    index = NAMES.index("product", generation)
    assert index == "shop-products-g20260101t120000.000z-1a2b"
    assert NAMES.parsed(index) == ("product", generation)
    assert NAMES.parsed(str(NAMES.index("clip", generation))) == ("clip", generation)
    assert NAMES.parsed(index.replace("product", "moment")) is None


@pytest.mark.parametrize("name", ["", "*", "_all", "g", "../x", "g20260101T120000.000Z-1a2b,other", "红", "g\0"])
def test_other_names(name: str) -> None:  # 2
    assert NAMES.index("product", name) is None
    assert NAMES.parsed(f"shop-products-{name}") is None


def test_other_prefix() -> None:  # 2
    index = Names("other", ("product",)).index("product", "g20260101T120000.000Z-1a2b")
    assert index is not None
    assert NAMES.parsed(index) is None
    assert NAMES.parsed(index.removeprefix("other-")) is None
