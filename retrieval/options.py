"""How an engine works, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.lists.facets import FacetBounds
from retrieval.lists.lists import ListOptions
from retrieval.lists.personal import PersonalOptions
from retrieval.lists.ruling import RuleOptions
from retrieval.live.lift import LiftOptions
from retrieval.recall.lexical import LexicalOptions
from retrieval.videos.options import VideoOptions


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Plain values of `configs/default.yaml`, sections `search`, `ranking` and `understanding`.

    Attributes:
        lexical: how the lexical channel recalls; of the semantic one, `lists.select.nearest`.
        lists: how lists are made of what was recalled.
        personal: how much who asks may change the order.
        rules: how much an operator's rules may do.
        videos: how what is said in them is shown; lift: how far a product on a screen moves up.
        kept: plans, answers of channels and frozen lists held in memory, each; pages: whole pages.
        facets: how many values of a facet an answer shows.
        threads: searches that may run at once.
    """

    lexical: LexicalOptions
    lists: ListOptions
    personal: PersonalOptions
    rules: RuleOptions
    videos: VideoOptions
    lift: LiftOptions
    kept: int
    pages: int
    facets: FacetBounds
    threads: int
