"""What recommends, over what serves."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.engine import Engine
from retrieval.interest.store import EventStore
from retrieval.mall.mall import Mall
from retrieval.profiles.profiles import Profiles
from retrieval.wiring.options import mall_options


def make_mall(settings: Settings, engine: Engine, events: EventStore, profiles: Profiles) -> Mall:
    """The mall of an engine, its events and its shoppers."""
    return Mall(
        engine, mall_options(settings), events, profiles, profiles.forbids, learn_too=profiles.learn_intervals,
        unsayable=engine.bans.unsayable,
    )  # fmt: skip
