"""An engine with its mall, its suggestions and its shoppers, for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from configs.settings import Settings
    from retrieval.engine import Engine
    from retrieval.mall.mall import Mall
    from retrieval.suggest.suggester import Suggester


@contextmanager
def opened_mall(settings: Settings) -> Iterator[tuple[Engine, Mall, Suggester]]:
    """All three, with what the crowd did learned by the mall; closed at the end."""
    from retrieval.suggest.answered import Answered
    from retrieval.wiring import open_engine
    from retrieval.wiring.interest import open_profiles
    from retrieval.wiring.mall import make_mall, make_suggester
    from retrieval.wiring.places import open_events

    with closing(open_events(settings)) as events, closing(open_engine(settings)) as engine:
        profiles, answered = open_profiles(settings, events), Answered(engine.search)
        mall = make_mall(settings, engine, events, profiles, answered)
        mall.refresh()
        yield engine, mall, make_suggester(settings, engine, mall, events, profiles, answered)
