"""An engine with its mall and its shoppers, for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from configs.settings import Settings
    from retrieval.engine import Engine
    from retrieval.mall.mall import Mall


@contextmanager
def opened_mall(settings: Settings) -> Iterator[tuple[Engine, Mall]]:
    """Both, with what the crowd did learned; closed at the end."""
    from retrieval.wiring import open_engine
    from retrieval.wiring.interest import open_profiles
    from retrieval.wiring.mall import make_mall
    from retrieval.wiring.places import open_events

    with closing(open_events(settings)) as events, closing(open_engine(settings)) as engine:
        mall = make_mall(settings, engine, events, open_profiles(settings, events))
        mall.refresh()
        yield engine, mall
