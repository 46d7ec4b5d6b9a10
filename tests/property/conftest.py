"""Engines over one generation of the mall: as configured, one that cuts its lists soon, one that looks at little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrieval.engine import Engine
from retrieval.interest.taste import Taste
from retrieval.rules.book import RuleBook
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world

OpenEngine = Callable[..., Engine]
SEMANTIC_WEIGHT = 0.25
"""More than hashing deserves, so that its part of a score shows."""


@pytest.fixture(scope="session")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the mall published."""
    folder = tmp_path_factory.mktemp("mall")
    world.publish(folder, world.products())
    return folder


@pytest.fixture(scope="session")
def open_engine(mall: Path) -> Iterator[OpenEngine]:
    """Opens engines on the mall; `depth` and other options may differ from the configured ones."""
    opened: list[Engine] = []

    def open_one(
        depth: int = 2000, nearest: int = 150, fusion: str = "weighted", taste: Taste | None = None,
        closely: int | None = None, rules: RuleBook | None = None, **options: Any,
    ) -> Engine:  # fmt: skip
        settings = world.settings(mall, f"search.fusion={fusion}", f"search.weights.hashing={SEMANTIC_WEIGHT}")
        configured = engine_options(settings)
        lexical = replace(configured.lexical, depth=depth)
        select = replace(configured.lists.select, depth=depth, nearest=nearest)
        select = replace(select, closely=closely or select.closely)
        lists = replace(configured.lists, select=select)
        engine = Engine(
            make_backend(settings), world.encoder_of(settings), make_fuser_of(settings),
            replace(configured, lexical=lexical, lists=lists, **options),
            make_understanding(settings), make_stages(settings), rules=rules, taste=taste,
        )  # fmt: skip
        opened.append(engine)
        return engine

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture(scope="session")
def engine(open_engine: OpenEngine) -> Engine:
    """As configured: no list of the mall is cut."""
    return open_engine()


@pytest.fixture(scope="session")
def shallow(open_engine: OpenEngine) -> Engine:
    """Cuts its lists after 40 lexical and 15 semantic candidates."""
    return open_engine(depth=40, nearest=15)


@pytest.fixture(scope="session")
def hasty(open_engine: OpenEngine) -> Engine:
    """Looks closely at 20 of the best by words, so that most lists have an end that nobody looked at."""
    return open_engine(closely=20)
