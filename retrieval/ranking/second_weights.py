"""What a second look (`retrieval.lists.second`) weighs, read from a file.

order: 0.6                 what a point of it adds to the score
centre: -1.5               what is added nothing: as much as what is not read
relevance:                 logit of the relevance = bias + first · logit of before + read · what was read
  bias: 0.0
  first: 1.0
  read: 0.0
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import SettingsError

_Number = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]
_Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Relevance(_Part):
    bias: _Number
    first: _Weight
    read: _Weight


class _File(_Part):
    order: _Weight
    centre: _Number
    relevance: _Relevance


@dataclass(frozen=True, slots=True)
class SecondWeights:
    """The numbers of such a file; `bias`, `first` and `read` are those of the relevance."""

    order: float
    centre: float
    bias: float
    first: float
    read: float


def load_second_weights(path: Path) -> SecondWeights:
    """Reads the file.

    Raises:
        SettingsError: it cannot be read, a number is out of range, or one is missing or unknown.
    """
    try:
        read = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as why:
        raise SettingsError(f"the weights of the second stage cannot be read: {why}", field=str(path)) from why
    except ValidationError as why:
        first = why.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{place}: {first['msg']}", field=str(path), hint="docs/relevance.md") from None
    return SecondWeights(read.order, read.centre, read.relevance.bias, read.relevance.first, read.relevance.read)
