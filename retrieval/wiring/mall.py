"""What recommends and suggests, over what serves."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.engine import Engine
from retrieval.interest.store import EventStore
from retrieval.mall.mall import Mall
from retrieval.profiles.profiles import Profiles
from retrieval.suggest.answered import Answered
from retrieval.suggest.suggester import Suggester
from retrieval.wiring.options import mall_options, suggest_options


def make_mall(
    settings: Settings, engine: Engine, events: EventStore, profiles: Profiles, answered: Answered | None = None
) -> Mall:  # fmt: skip
    """The mall of an engine, its events and its shoppers; without `answered` it offers queries whatever they find."""
    return Mall(
        engine, mall_options(settings), events, profiles, profiles.forbids, learn_too=profiles.learn_intervals,
        unsayable=engine.bans.unsayable, rules=lambda: engine.rules,
        answers=answered.finds if answered else (lambda _, query: True),
    )  # fmt: skip


def make_suggester(
    settings: Settings, engine: Engine, mall: Mall, events: EventStore, profiles: Profiles,
    answered: Answered | None = None,
) -> Suggester:  # fmt: skip
    """What completes and offers queries, beside the mall; both of one `answered` know what the other had looked up."""
    return Suggester(
        engine, mall, suggest_options(settings), events, profiles, engine.bans, profiles.forbids, answered=answered
    )
