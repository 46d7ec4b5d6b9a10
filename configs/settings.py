"""One schema for every knob. `configs/default.yaml` holds the values, with unit, range and reason.

Layers, the later the stronger: default.yaml, --config files in order, environment ``XUNHUO_<SECTION>__<KEY>``,
``--set section.key=value``. An unknown key, a missing file or a value out of range is an error naming key and file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from configs.governance import GateSettings, ListingSettings
from configs.mall import MallSettings, SuggestSettings
from configs.sections import (
    Analysis,
    Api,
    Auth,
    BackendSettings,
    ChangesSettings,
    EncoderSettings,
    Index,
    Input,
    InterestSettings,
    LiveSettings,
    Merchandising,
    OpenSearchSettings,
    Personal,
    RankingSettings,
    Search,
    Section,
    UnderstandingSettings,
    VideoSettings,
)

DEFAULTS = Path(__file__).with_name("default.yaml")
LEXICON = Path(__file__).with_name("lexicon")
RULES = Path(__file__).with_name("rules")
RANKING = Path(__file__).with_name("ranking")
VIDEOS = Path(__file__).with_name("videos")
INTEREST = Path(__file__).with_name("interest")
LINKS = Path(__file__).with_name("videos") / "links.yaml"
ENV_PREFIX = "XUNHUO_"
SHOPPER_SECRET = f"{ENV_PREFIX}SHOPPER_SECRET"
NOT_SETTINGS = frozenset(
    [SHOPPER_SECRET, *(f"{ENV_PREFIX}OPENSEARCH_{name}" for name in ("URL", "DIR", "USER", "PASSWORD", "API_KEY"))]
)
"""What tests are told, and credentials: they are read where they are used, so no settings ever hold or show them."""

_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""For our own file, a tenth of a second of every command. What others write may be nested deeper than C can bear."""


class ConfigError(ValueError):
    """A setting that cannot be used; the message names the key and where it was set."""


class Settings(Section):
    """All sections. Made by `load_settings`; a worker process makes it again from its JSON."""

    data_dir: Path
    analysis: Analysis
    input: Input
    encoder: EncoderSettings
    index: Index
    gates: GateSettings
    listing: ListingSettings
    understanding: UnderstandingSettings
    ranking: RankingSettings
    search: Search
    interest: InterestSettings
    personal: Personal
    merchandising: Merchandising
    videos: VideoSettings
    mall: MallSettings
    suggest: SuggestSettings
    live: LiveSettings
    changes: ChangesSettings
    backend: BackendSettings
    opensearch: OpenSearchSettings
    api: Api
    auth: Auth

    @property
    def lexicon_dir(self) -> Path:
        return self.analysis.lexicon_dir or LEXICON

    @property
    def entities_dir(self) -> Path:
        return self.understanding.entities_dir or LEXICON / "entities"

    @property
    def searches_at_once(self) -> int:
        """In one process: as many as are told, or as few as do not wait for the interpreter, or for a cluster."""
        return self.search.threads or (2 if self.backend.name == "opensearch" else 1)

    @property
    def ranking_file(self) -> Path:
        """Weights for what is searched with; an encoder without weights of its own takes those of ``other``."""
        known = RANKING / f"{self.encoder.name}.yaml"
        return self.ranking.weights or (known if known.is_file() else RANKING / "other.yaml")

    @property
    def second_stage_file(self) -> Path:
        """What the second look weighs."""
        return self.ranking.second_stage_weights or RANKING / "second" / f"{self.ranking.second_stage}.yaml"

    @property
    def events_file(self) -> Path:
        return self.interest.events_file or self.data_dir / "interest" / "events.db"

    @property
    def rooms_file(self) -> Path:
        return self.data_dir / "live" / "rooms.db"

    @property
    def keys_file(self) -> Path:
        return self.data_dir / "keys" / "keys.db"

    @property
    def interest_weights(self) -> Path:
        return self.interest.weights or INTEREST / "weights.yaml"

    @property
    def sensitive_file(self) -> Path:
        return self.interest.sensitive or INTEREST / "sensitive.txt"

    @property
    def listing_rules(self) -> Path:
        """Folder of the word lists of the listing check; those of `rules_dir` are dictionaries that a shop edits."""
        return self.listing.rules_dir or RULES

    @property
    def rules_dir(self) -> Path:
        return self.understanding.rules_dir or RULES


def load_settings(files: Sequence[Path] = (), overrides: Sequence[str] = (), data_dir: Path | None = None) -> Settings:
    """The settings after all layers.

    Args:
        files: overlay YAML files, the later the stronger.
        overrides: ``section.key=value`` texts; the value is YAML.
        data_dir: replaces `data_dir`.

    Raises:
        ConfigError: naming the key and the file, variable or override that sets it.
    """
    values = _read(DEFAULTS, _QUICK)
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


def _read(file: Path, loader: type[Any] = yaml.SafeLoader) -> dict[str, Any]:
    try:
        values = _yaml(file.read_text(encoding="utf-8-sig"), str(file), loader)
    except FileNotFoundError:
        raise ConfigError(f"there is no settings file {file}") from None
    except (OSError, UnicodeDecodeError) as why:
        raise ConfigError(f"{file} cannot be read: {why}") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{file} is not a mapping of sections")
    return values


def _yaml(text: str, where: str, loader: type[Any] = yaml.SafeLoader) -> Any:
    try:
        return yaml.load(text, loader)
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
