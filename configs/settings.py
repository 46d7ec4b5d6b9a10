"""One schema for every knob. `configs/default.yaml` holds the values, with unit, range and reason.

Layers, the later the stronger: default.yaml, --config files in order, environment ``XUNHUO_<SECTION>__<KEY>``,
``--set section.key=value``. An unknown key, a missing file or a value out of range is an error naming key and file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

DEFAULTS = Path(__file__).with_name("default.yaml")
LEXICON = Path(__file__).with_name("lexicon")
ENV_PREFIX = "XUNHUO_"
NOT_SETTINGS = frozenset(f"{ENV_PREFIX}OPENSEARCH_{name}" for name in ("URL", "DIR", "USER", "PASSWORD", "API_KEY"))
"""What tests are told, and credentials: they are read where they are used, so no settings ever hold or show them."""

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=10)]


class ConfigError(ValueError):
    """A setting that cannot be used; the message names the key and where it was set."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Analysis(_Section):
    segmenter: Literal["auto", "rust", "python"]
    lexicon_dir: Path | None
    bigram_weight: Share


class Input(_Section):
    max_title_chars: int = Field(ge=1, le=100_000)
    max_line_bytes: int = Field(ge=1024, le=1 << 30)
    max_reject_share: Share
    min_rows_for_share: int = Field(ge=1)


class EncoderSettings(_Section):
    name: Literal["e5", "use", "hashing", "sentence-transformers", "none"]
    options: dict[str, Any]
    threads: int = Field(ge=1, le=256)
    query_cache: int = Field(ge=0)


class Index(_Section):
    batch: int = Field(ge=1, le=65_536)
    keep: int = Field(ge=1)
    min_count_ratio: Share
    gold_share: Share
    gold_samples: int = Field(ge=0)


class FieldWeights(_Section):
    title: Weight
    brand: Weight
    category: Weight
    attributes: Weight
    description: Weight


class ChannelWeights(_Section):
    lexical: Weight
    e5: Weight
    use: Weight
    sentence_transformers: Weight
    hashing: Weight

    def of_channels(self, encoder: str) -> dict[str, float]:
        """Channel → weight, with the semantic channel's of `encoder`."""
        semantic = self.model_dump().get(encoder.replace("-", "_"), 0.0)
        return {"lexical": self.lexical, "semantic": semantic}


class Search(_Section):
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
    facet_values: int = Field(ge=1, le=1000)
    threads: int = Field(ge=1, le=64)


class BackendSettings(_Section):
    name: Literal["embedded", "opensearch"]


class OpenSearchSettings(_Section):
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


class Api(_Section):
    host: str
    port: int = Field(ge=0, le=65_535)
    workers: int = Field(ge=1, le=64)
    max_body_bytes: int = Field(ge=1024, le=10_485_760)
    max_page_size: int = Field(ge=1, le=1000)
    default_page_size: int = Field(ge=1, le=1000)
    max_filter_values: int = Field(ge=1, le=10_000)
    refresh_seconds: float = Field(ge=0.05, le=3600)


class Settings(_Section):
    """All sections. Made by `load_settings`; a worker process makes it again from its JSON."""

    data_dir: Path
    analysis: Analysis
    input: Input
    encoder: EncoderSettings
    index: Index
    search: Search
    backend: BackendSettings
    opensearch: OpenSearchSettings
    api: Api

    @property
    def lexicon_dir(self) -> Path:
        return self.analysis.lexicon_dir or LEXICON


def load_settings(files: Sequence[Path] = (), overrides: Sequence[str] = (), data_dir: Path | None = None) -> Settings:
    """The settings after all layers.

    Args:
        files: overlay YAML files, the later the stronger.
        overrides: ``section.key=value`` texts; the value is YAML.
        data_dir: replaces `data_dir`.

    Raises:
        ConfigError: naming the key and the file, variable or override that sets it.
    """
    values = _read(DEFAULTS)
    origin: dict[str, str] = {}
    for file in files:
        _merge(values, _read(file), origin, str(file))
    for name, text in sorted(os.environ.items()):
        if name.startswith(ENV_PREFIX) and not name.startswith(f"{ENV_PREFIX}TEST_") and name not in NOT_SETTINGS:
            path = name.removeprefix(ENV_PREFIX).lower().split("__")
            _merge(values, _nested(path, _yaml(text, f"${name}")), origin, f"${name}")
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator or not key.strip():
            raise ConfigError(f"--set {override}: write section.key=value")
        _merge(values, _nested(key.strip().split("."), _yaml(text, f"--set {key}")), origin, f"--set {override}")
    if data_dir is not None:
        values["data_dir"] = str(data_dir)
    try:
        return Settings.model_validate(values)
    except ValidationError as why:
        raise ConfigError(_describe(why, origin)) from None


def _read(file: Path) -> dict[str, Any]:
    try:
        values = _yaml(file.read_text(encoding="utf-8-sig"), str(file))
    except FileNotFoundError:
        raise ConfigError(f"there is no settings file {file}") from None
    except (OSError, UnicodeDecodeError) as why:
        raise ConfigError(f"{file} cannot be read: {why}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{file} is not a mapping of sections")
    return values


def _yaml(text: str, where: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as why:  # a date such as 2026-99-99 is a plain ValueError
        raise ConfigError(f"{where} is not YAML: {why}") from None


def _nested(path: Sequence[str], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    return dict(value)


def _merge(into: dict[str, Any], other: Mapping[str, Any], origin: dict[str, str], where: str, at: str = "") -> None:
    for key, value in other.items():
        path = f"{at}{key}"
        # `options` belongs to one encoder: a new value replaces it whole, or the old encoder's would linger.
        if isinstance(value, dict) and isinstance(into.get(key), dict) and path != "encoder.options":
            _merge(into[key], value, origin, where, f"{path}.")
        else:
            into[key] = value
            origin[path] = where


def _describe(error: ValidationError, origin: Mapping[str, str]) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        where = next((origin[k] for k in sorted(origin, reverse=True) if key == k or key.startswith(f"{k}.")), "")
        unknown = problem["type"] == "extra_forbidden"
        given = f" (given: {problem['input']!r})"
        if key.startswith("opensearch.urls"):  # may hold a password
            given, where = "", where.partition("=")[0]
        text = "there is no such setting" if unknown else f"{problem['msg']}{given}"
        lines.append(f"{key}: {text}" + (f", in {where}" if where else f", in {DEFAULTS.name}"))
    return "\n".join(lines)
