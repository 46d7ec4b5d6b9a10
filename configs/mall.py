"""The sections of the settings that say what the mall recommends, and what it suggests."""

from __future__ import annotations

from pydantic import Field

from configs.sections import Section, Share, Weight


class MallSettings(Section):
    crowd_days: int = Field(ge=1, le=3650)
    crowd_events: int = Field(ge=1000, le=20_000_000)
    learn_seconds: float = Field(ge=1, le=86_400)
    together_minutes: float = Field(ge=1, le=1440)
    bought_days: float = Field(ge=0.01, le=90)
    least_shoppers: int = Field(ge=1, le=1000)
    neighbours: int = Field(ge=1, le=200)
    pairs: int = Field(ge=1000, le=50_000_000)
    interest: Weight
    together: Weight
    due: Weight
    popular: Weight
    fresh: Weight
    alike: Weight
    window: int = Field(ge=1, le=100)
    shop_most: int = Field(ge=1, le=100)
    brand_most: int = Field(ge=1, le=100)
    category_most: int = Field(ge=1, le=100)
    interest_most: int = Field(ge=1, le=100)
    explore: float = Field(ge=0, le=0.5)
    least_quality: Share
    recalled: int = Field(ge=10, le=1000)
    fresh_days: float = Field(ge=0.1, le=3650)
    seeds: int = Field(ge=0, le=100)
    seed_days: float = Field(ge=0.01, le=365)
    depth: int = Field(ge=20, le=1000)


class SuggestSettings(Section):
    days: int = Field(ge=1, le=3650)
    half_life_days: float = Field(ge=0.1, le=3650)
    a_day: int = Field(ge=1, le=10_000)
    unnamed: Share
    hot_hours: float = Field(ge=0.5, le=720)
    hot_days: int = Field(ge=1, le=365)
    hot_shoppers: float = Field(ge=1, le=100_000)
    asked: int = Field(ge=0, le=1_000_000)
    interest: Weight
    own: Weight
    scoped: int = Field(ge=0, le=10)
    refresh_seconds: float = Field(ge=1, le=3600)
    searches: int = Field(ge=0, le=10_000)
