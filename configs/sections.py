"""The sections of the settings: every key with its type and range. Values, units and reasons stand in default.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=10)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Analysis(Section):
    segmenter: Literal["auto", "rust", "python"]
    lexicon_dir: Path | None
    bigram_weight: Share


class Input(Section):
    max_title_chars: int = Field(ge=1, le=100_000)
    max_line_bytes: int = Field(ge=1024, le=1 << 30)
    max_reject_share: Share
    min_rows_for_share: int = Field(ge=1)


class EncoderSettings(Section):
    name: Literal["e5", "use", "hashing", "sentence-transformers", "none"]
    options: dict[str, Any]
    threads: int = Field(ge=1, le=256)
    query_cache: int = Field(ge=0)


class Index(Section):
    batch: int = Field(ge=1, le=65_536)
    processes: int = Field(ge=0, le=64)
    keep: int = Field(ge=1)
    min_count_ratio: Share
    gold_share: Share
    gold_samples: int = Field(ge=0)


class FieldWeights(Section):
    title: Weight
    brand: Weight
    category: Weight
    attributes: Weight
    description: Weight


class ChannelWeights(Section):
    lexical: Weight
    moments: Weight
    e5: Weight
    use: Weight
    sentence_transformers: Weight
    hashing: Weight

    def of_channels(self, encoder: str) -> dict[str, float]:
        """Channel → weight, with the semantic channel's of `encoder`."""
        semantic = self.model_dump().get(encoder.replace("-", "_"), 0.0)
        return {"lexical": self.lexical, "semantic": semantic, "moments": self.moments}


class UnderstandingSettings(Section):
    enabled: bool
    entities_dir: Path | None
    rules_dir: Path | None
    spelling: bool
    relax_below: int = Field(ge=0, le=1000)


class RankingSettings(Section):
    enabled: bool
    weights: Path | None
    trees: Path | None
    closely: int = Field(ge=10, le=1000)
    collapse: bool
    spread_window: int = Field(ge=0, le=100)
    spread_most: int = Field(ge=0, le=100)
    divider: Share
    flagship_places: int = Field(ge=0, le=100)
    flagship_equal: Share
    surer_first: float = Field(ge=0, le=100)
    second_stage: Literal["none", "e5", "cross-encoder"]
    second_stage_depth: int = Field(ge=1, le=200)
    second_stage_weights: Path | None
    second_stage_options: dict[str, Any]


class Search(Section):
    fields: FieldWeights
    depth: int = Field(ge=10, le=10_000)
    enough: int = Field(ge=1, le=1000)
    most: float = Field(ge=0.1, le=1)
    floor: float = Field(ge=0, le=0.95)
    sorted_floor: Share
    semantic_depth: int = Field(ge=0, le=1000)
    ranked: int = Field(ge=10, le=10_000)
    fusion: Literal["weighted", "rrf"]
    weights: ChannelWeights
    rrf_k: float = Field(ge=1, le=1000)
    timeout_ms: float = Field(ge=10, le=60_000)
    lists_kept: int = Field(ge=0)
    pages_kept: int = Field(ge=0, le=1_000_000)
    facet_values: int = Field(ge=1, le=1000)
    facet_attribute_values: int = Field(ge=1, le=1000)
    threads: int | None = Field(ge=1, le=64)


class InterestSettings(Section):
    events_file: Path | None
    keep_days: int = Field(ge=1, le=36_500)
    max_events_per_user: int = Field(ge=100, le=10_000)
    max_batch: int = Field(ge=1, le=100_000)
    max_batch_bytes: int = Field(ge=1024, le=104_857_600)
    rewritten_bytes: int = Field(ge=0)
    weights: Path | None
    sensitive: Path | None
    profiles_kept: int = Field(ge=1, le=1_000_000)


class Personal(Section):
    widest: int = Field(ge=0, le=1000)
    full: float = Field(ge=0.05, le=1)
    bend: float = Field(ge=0.1, le=10)
    keep_begins: float = Field(ge=0, le=0.99)
    keep_full: float = Field(ge=0.01, le=1)
    fade: float = Field(ge=0.1, le=1000)
    weight: Share
    depth: int = Field(ge=0, le=1000)
    carry_half_life: float = Field(ge=1, le=86_400)
    carry_items: int = Field(ge=0, le=20)


class Merchandising(Section):
    most_points: float = Field(ge=0, le=20)
    category_share: Share
    pin_in_stock: bool
    most_rules: int = Field(ge=1, le=100_000)
    max_bytes: int = Field(ge=1024, le=104_857_600)
    max_queries: int = Field(ge=1, le=10_000)


class LiveSettings(Section):
    accept_states: bool
    heartbeat_seconds: float = Field(ge=5, le=3600)
    ahead_seconds: float = Field(ge=0, le=300)
    refresh_ms: float = Field(ge=0, le=60_000)
    widest: int = Field(ge=0, le=100)
    full: float = Field(ge=0.05, le=1)


class MomentFields(Section):
    said: Weight
    heard: Weight
    title: Weight


class VideoSettings(Section):
    fields: MomentFields
    meaning: Weight
    floor: Share
    near: float = Field(ge=0, le=10)
    surely: Share
    beside: int = Field(ge=0, le=20)
    said: int = Field(ge=1, le=1000)
    depth: int = Field(ge=1, le=1000)
    cards: int = Field(ge=1, le=100)
    in_card: int = Field(ge=1, le=20)
    least: Share
    after: int = Field(ge=1, le=100)
    equal: Share
    quote_chars: int = Field(ge=1, le=500)


class ChangesSettings(Section):
    max_batch: int = Field(ge=1, le=100_000)
    max_batch_bytes: int = Field(ge=1024, le=100_000_000)
    compact_share: float = Field(ge=0.001, le=1)
    compact_minutes: float = Field(ge=0, le=10_000)
    compact_changes: int = Field(ge=1000, le=100_000_000)


class BackendSettings(Section):
    name: Literal["embedded", "opensearch"]


class OpenSearchSettings(Section):
    urls: tuple[str, ...] = Field(min_length=1)
    prefix: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    ca_file: Path | None
    verify: bool
    compress: bool
    timeout: float = Field(ge=0.1, le=600)
    attempts: int = Field(ge=1, le=10)
    connections: int = Field(ge=1, le=256)
    breaker_failures: int = Field(ge=1, le=1000)
    breaker_seconds: float = Field(ge=0.1, le=600)
    shards: int = Field(ge=1, le=256)
    replicas: int = Field(ge=0, le=16)
    refresh_interval: str = Field(pattern=r"^(-1|\d+(ms|s|m))$")
    segments: int = Field(ge=0, le=100)
    hnsw_m: int = Field(ge=4, le=96)
    hnsw_ef_construction: int = Field(ge=16, le=1000)
    ef_search: int = Field(ge=10, le=10_000)
    journal_look_ms: float = Field(ge=0, le=60_000)
    bulk_bytes: int = Field(ge=10_000, le=100_000_000)
    bulk_threads: int = Field(ge=1, le=32)

    @field_validator("urls")
    @classmethod
    def _plain(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
                raise ValueError("write http(s)://host:port; user and password come from the environment")
        return urls


class Auth(Section):
    refresh_ms: float = Field(ge=10, le=1000)
    expire_days: int = Field(ge=0, le=3650)
    overlap_hours: float = Field(ge=0, le=720)
    shopper_secret_file: Path | None
    shopper_jwks_file: Path | None
    shopper_audience: str = Field(min_length=1, max_length=256)
    leeway_seconds: float = Field(ge=0, le=300)
    key_per_minute: int = Field(ge=0, le=10_000_000)
    address_per_minute: int = Field(ge=0, le=10_000_000)
    failed_per_minute: int = Field(ge=0, le=10_000_000)
    page_key_file: Path | None
    trusted_proxies: tuple[str, ...]


class Api(Section):
    host: str
    port: int = Field(ge=0, le=65_535)
    workers: int = Field(ge=1, le=64)
    max_body_bytes: int = Field(ge=1024, le=10_485_760)
    max_page_size: int = Field(ge=1, le=1000)
    default_page_size: int = Field(ge=1, le=1000)
    max_filter_values: int = Field(ge=1, le=10_000)
    max_waiting: int = Field(ge=0, le=10_000)
    hurry_ms: float = Field(ge=0, le=60_000)
    max_wait_ms: float = Field(ge=0, le=60_000)
    log_format: Literal["text", "json"]
    log_queries: bool
    traces: bool
    cors_origins: tuple[Annotated[str, Field(pattern=r"^(\*|https?://[^/\s?#@]+)$")], ...]
    image_hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+(:\d{1,5})?$")], ...]
    refresh_seconds: float = Field(ge=0.05, le=3600)
    edit_dictionaries: bool
    placements: Path | None
    sponsored: int = Field(ge=0, le=20)
