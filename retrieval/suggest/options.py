"""How suggestions are chosen, as plain values (section `suggest` of `configs/default.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskedOptions:
    """What is made of what shoppers asked.

    Attributes:
        days: before the newest event; older searches count nothing.
        half_life_days: a search counts half after so many.
        least_shoppers: a query of fewer distinct shoppers is shown to nobody else.
        a_day: different queries of one shopper that count in a day, the first ones.
        unnamed: what a visit counts of which no shopper is known, in [0, 1].
        hot_hours: what is asked within so many is compared with …
        hot_days: … what was usual in so many days.
        hot_shoppers: with fewer of them in that time nothing is hot.
        most: queries that are kept, the most asked ones.
    """

    days: int
    half_life_days: float
    least_shoppers: int
    a_day: int
    unnamed: float
    hot_hours: float
    hot_days: int
    hot_shoppers: float
    most: int


@dataclass(frozen=True, slots=True)
class SuggestOptions:
    """Everything.

    Attributes:
        asked: see there.
        interest, own: how many times more an entry may count that speaks to the shopper's interests, or that the
            shopper asked before.
        scoped: entries of a list that are also offered within their category.
        refresh_seconds: so often what is asked now is looked at; learn_seconds: so often all of it is read anew.
        searches: of one look, to know whether a query finds anything.
    """

    asked: AskedOptions
    interest: float
    own: float
    scoped: int
    refresh_seconds: float
    learn_seconds: float
    searches: int
