"""What recommends, over what serves."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.interest.store import EventStore
from retrieval.mall.mall import Generations, Mall
from retrieval.profiles.profiles import Profiles
from retrieval.wiring.options import mall_options


def make_mall(settings: Settings, generations: Generations, events: EventStore, profiles: Profiles) -> Mall:
    """The mall of an engine, its events and its shoppers."""
    return Mall(
        generations, mall_options(settings), events, profiles, profiles.forbids, learn_too=profiles.learn_intervals
    )  # fmt: skip
