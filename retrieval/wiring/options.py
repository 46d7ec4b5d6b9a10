"""Sections of settings as the plain values that methods take."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.fusion.fusers import Fuser, make_fuser
from retrieval.interest.bound import BoundOptions
from retrieval.interest.carry_over import CarryOptions
from retrieval.interest.kept import KeepOptions
from retrieval.lists.arrange import ArrangeOptions
from retrieval.lists.facets import FacetBounds
from retrieval.lists.flagship import FlagshipOptions
from retrieval.lists.lists import ListOptions
from retrieval.lists.personal import PersonalOptions
from retrieval.lists.ruling import RuleOptions
from retrieval.lists.select import SelectOptions
from retrieval.live.lift import LiftOptions
from retrieval.live.store import LiveStore
from retrieval.live.view import Rooms
from retrieval.mall.options import CrowdOptions, FeedOptions, MallOptions
from retrieval.options import EngineOptions
from retrieval.recall.lexical import LexicalOptions
from retrieval.suggest.options import AskedOptions, SuggestOptions
from retrieval.videos.find import FindOptions
from retrieval.videos.options import VideoOptions


def engine_options(settings: Settings) -> EngineOptions:
    """Section ``search`` as plain values."""
    search = settings.search
    lexical = LexicalOptions(search.fields.model_dump(), search.depth, search.enough, search.most, search.floor)
    select = SelectOptions(
        depth=search.depth,
        measured=search.ranked,
        nearest=search.semantic_depth,
        sorted_floor=search.sorted_floor,
        closely=settings.ranking.closely,
    )
    ranking = settings.ranking
    flagship = FlagshipOptions(ranking.flagship_places, ranking.flagship_equal)
    arrange = ArrangeOptions(
        ranking.collapse, ranking.spread_window, ranking.spread_most, ranking.divider, flagship, ranking.surer_first
    )
    return EngineOptions(
        lexical=lexical,
        lists=ListOptions(select, arrange, settings.understanding.relax_below),
        personal=personal_options(settings),
        rules=rule_options(settings),
        videos=video_options(settings),
        lift=lift_options(settings),
        kept=search.lists_kept,
        pages=search.pages_kept,
        facets=FacetBounds(search.facet_values, search.facet_attribute_values),
        threads=settings.searches_at_once,
    )


def personal_options(settings: Settings) -> PersonalOptions:
    """Section ``personal`` as plain values."""
    chosen = settings.personal
    return PersonalOptions(
        BoundOptions(chosen.widest, chosen.full, chosen.bend),
        KeepOptions(chosen.keep_begins, chosen.keep_full),
        CarryOptions(chosen.carry_half_life, chosen.carry_items),
        fade=chosen.fade,
        weight=chosen.weight,
        depth=chosen.depth,
    )


def rule_options(settings: Settings) -> RuleOptions:
    """Section ``merchandising`` as plain values."""
    chosen = settings.merchandising
    return RuleOptions(chosen.most_points, chosen.category_share, chosen.pin_in_stock)


def lift_options(settings: Settings) -> LiftOptions:
    """What being on a screen does to a place, of section ``live``."""
    return LiftOptions(settings.live.widest, settings.live.full)


def rooms_of(settings: Settings, store: LiveStore) -> Rooms:
    """What searches ask about livestreams."""
    return Rooms(store, refresh_ms=settings.live.refresh_ms)


def video_options(settings: Settings) -> VideoOptions:
    """Section ``videos`` as plain values."""
    chosen = settings.videos
    find = FindOptions(chosen.fields.model_dump(), chosen.depth, chosen.meaning, chosen.floor, chosen.near)
    return VideoOptions(find, **chosen.model_dump(include=set(VideoOptions.__slots__) - {"find"}))


def mall_options(settings: Settings) -> MallOptions:
    """Section ``mall`` as plain values."""
    chosen = settings.mall
    crowd = CrowdOptions(
        days=chosen.crowd_days, events=chosen.crowd_events, minutes=chosen.together_minutes,
        bought_days=chosen.bought_days, least_shoppers=chosen.least_shoppers, neighbours=chosen.neighbours,
        pairs=chosen.pairs,
    )  # fmt: skip
    feed = FeedOptions(**chosen.model_dump(include=set(FeedOptions.__slots__)))
    search = settings.search
    bounds = FacetBounds(search.facet_values, search.facet_attribute_values)
    return MallOptions(crowd, feed, search.fields.model_dump(), bounds)


def suggest_options(settings: Settings) -> SuggestOptions:
    """Section ``suggest`` as plain values."""
    chosen = settings.suggest
    asked = AskedOptions(
        days=chosen.days, half_life_days=chosen.half_life_days, least_shoppers=settings.mall.least_shoppers,
        a_day=chosen.a_day, unnamed=chosen.unnamed, hot_hours=chosen.hot_hours, hot_days=chosen.hot_days,
        hot_shoppers=chosen.hot_shoppers, most=chosen.asked,
    )  # fmt: skip
    return SuggestOptions(
        asked, chosen.interest, chosen.own, chosen.scoped, chosen.refresh_seconds, settings.mall.learn_seconds,
        chosen.searches,
    )  # fmt: skip


def make_fuser_of(settings: Settings) -> Fuser:
    """The configured fuser."""
    search = settings.search
    return make_fuser(search.fusion, weights=search.weights.of_channels(settings.encoder.name), k=search.rrf_k)
