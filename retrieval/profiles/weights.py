"""How much each act teaches and what an interest is worth, read from a file (`configs/ranking/interest.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import SettingsError
from retrieval.interest.event import EventType
from retrieval.interest.profile import Dimension

_Signal = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Positive = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]
_Worth = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signals(_Part):
    """What one event teaches, as many times as a click; below 0 it speaks against."""

    click: _Signal
    view: _Signal
    like: _Signal
    cart: _Signal
    order: _Signal
    refund: _Signal
    hide: _Signal
    search: _Signal
    watch: _Signal

    @property
    def by_type(self) -> Mapping[EventType, float]:
        """What was only shown says nothing."""
        return {EventType(name): value for name, value in self}


class Learning(_Part):
    """How events become interests (`retrieval.profiles.learn`)."""

    half_life_days: _Positive
    session_minutes: _Positive
    session_boost: Annotated[float, Field(ge=1, le=100)]
    prior: _Positive
    scale: _Positive
    gift: _Share
    sure: _Positive
    kept: Annotated[int, Field(ge=1, le=5000)]


class Worth(_Part):
    """What an interest of each dimension is worth in a liking."""

    word: _Worth
    category: _Worth
    brand: _Worth
    audience: _Worth
    price: _Worth
    shop: _Worth
    item: _Worth

    @property
    def by_dimension(self) -> Mapping[Dimension, float]:
        return {dimension: getattr(self, dimension.value) for dimension in Dimension}


class _File(_Part):
    signals: Signals
    learn: Learning
    score: Worth


@dataclass(frozen=True, slots=True)
class InterestWeights:
    """What the file says."""

    signals: Signals
    learn: Learning
    score: Worth


def load_interest(path: Path) -> InterestWeights:
    """Reads a file of weights.

    Raises:
        SettingsError: it cannot be read, a name is unknown, a number is out of range or one is missing.
    """
    try:
        read = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as why:
        raise SettingsError(f"the weights of interests cannot be read: {why}", field=str(path)) from why
    except ValidationError as why:
        first = why.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{place}: {first['msg']}", field=str(path), hint="docs/interest.md") from None
    return InterestWeights(read.signals, read.learn, read.score)
