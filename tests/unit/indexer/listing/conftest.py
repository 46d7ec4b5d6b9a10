"""What the rules know, as the settings have it, with a few price levels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.listing.context import ListingContext
from indexer.listing.levels import Levels
from indexer.listing.opening import open_listing
from retrieval.backends.embedded.backend import EmbeddedBackend
from tests import world


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> ListingContext:
    """The built-in words and brands; 兰蔻 costs 600 yuan in 美妆/精华."""
    folder: Path = tmp_path_factory.mktemp("listing")
    context = open_listing(world.settings(folder), EmbeddedBackend(folder))
    assert context is not None
    return replace(context, levels=Levels({("兰蔻", "美妆/精华"): 600.0, ("兰蔻", ""): 500.0}))
