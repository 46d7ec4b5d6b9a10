"""What recommends and suggests, over what serves."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.engine import Engine
from retrieval.interest.store import EventStore
from retrieval.mall.mall import Mall
from retrieval.profiles.profiles import Profiles
from retrieval.suggest.suggester import Suggester
from retrieval.wiring.options import mall_options, suggest_options


def make_mall(settings: Settings, engine: Engine, events: EventStore, profiles: Profiles) -> Mall:
    """The mall of an engine, its events and its shoppers."""
    return Mall(
        engine, mall_options(settings), events, profiles, profiles.forbids, learn_too=profiles.learn_intervals,
        unsayable=engine.bans.unsayable, rules=lambda: engine.rules,
    )  # fmt: skip


def make_suggester(settings: Settings, engine: Engine, mall: Mall, events: EventStore, profiles: Profiles) -> Suggester:
    """What completes and offers queries, beside the mall."""
    return Suggester(engine, mall, suggest_options(settings), events, profiles, engine.bans, profiles.forbids)
