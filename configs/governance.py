"""The sections of the settings that say what may be published, and what may be listed."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from configs.sections import Section, Share


class GateSettings(Section):
    samples: int = Field(ge=20, le=100_000)
    analysed: int = Field(ge=1, le=1000)
    category_ratio: Share
    category_least: int = Field(ge=1, le=1_000_000)
    field_ratio: Share
    price_ratio: float = Field(ge=1, le=1000)
    category_price_ratio: float = Field(ge=1, le=1000)
    price_leap: float = Field(ge=1.1, le=10_000)
    price_leaps: Share
    out_of_stock: Share
    out_of_stock_rise: Share
    kept_ids: Share
    renamed_ids: Share
    number_ratio: float = Field(ge=1, le=1000)
    kept_titles: Share
    kept_values: Share
    unreadable: Share
    twins: Share
    same_words: Share
    word_chars: float = Field(ge=1, le=4)
    same_vectors: Share
    vector_cosine: Share
    alike_vectors: Share
    latency_ratio: float = Field(ge=0, le=1000)
    latency_floor_ms: float = Field(ge=0, le=10_000)
    judged_queries: Path | None
    judged_qrels: Path | None
    metric_drop: Share


class ListingSettings(Section):
    enabled: bool
    rules_dir: Path | None
    least_quality: Share
    list_price_ratio: float = Field(ge=1, le=1000)
    bait_price: float = Field(ge=0, le=100)
    repeated: int = Field(ge=2, le=20)
    brands: int = Field(ge=2, le=20)
    counterfeit_ratio: Share
    brushing_days: float = Field(ge=1, le=90)
    brushing_orders: int = Field(ge=1, le=100_000)
