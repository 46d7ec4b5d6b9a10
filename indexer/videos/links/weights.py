"""The words that turn the talk, and the weights of the chain, from configs/videos/links.yaml or a file like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from configs.settings import LINKS, ConfigError
from indexer.videos.links.cues import Cues
from indexer.videos.links.evidence import Floats
from indexer.videos.links.features import NAMES

_Share = Annotated[float, Field(ge=0, le=1)]
_Weight = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Cues(_Part):
    next: re.Pattern[str]
    aside: re.Pattern[str]
    farewell: re.Pattern[str]
    later: re.Pattern[str]
    than: re.Pattern[str]
    carry: re.Pattern[str]
    question: re.Pattern[str]
    filler: re.Pattern[str]
    nickname: re.Pattern[str]


class Candidates(_Part):
    """Which products of the whole catalogue a video without a basket may show.

    Attributes:
        near: products looked at for each stretch of two segments; least: nats that they share with it.
        most: told apart at a time, in a block of `block` segments.
    """

    near: Annotated[int, Field(ge=1, le=50)]
    least: Annotated[float, Field(ge=0)]
    most: Annotated[int, Field(ge=1, le=1000)]
    block: Annotated[int, Field(ge=16, le=10_000)]


class _File(_Part):
    shown: _Share
    candidates: Candidates
    cues: _Cues
    common: str
    chain: dict[str, dict[str, _Weight]]

    @model_validator(mode="after")
    def _known(self) -> _File:
        for group, weights in self.chain.items():
            if unknown := [name for name in weights if name not in NAMES.get(group, ())]:
                raise ValueError(f"chain.{group} has no {', '.join(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Weights:
    """How links are made.

    Attributes:
        shown: the least probability of a link.
        chain: group of `NAMES` → its weights, float64 in the order of the names.
    """

    shown: float
    candidates: Candidates
    cues: Cues
    chain: Mapping[str, Floats]


def load_weights(file: Path = LINKS) -> Weights:
    """The weights in `file`; one that is not named counts nothing.

    Raises:
        ConfigError: the file cannot be read, or holds something that it must not.
    """
    try:
        read = _File.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"{file}: {error}") from error
    chain = {
        group: np.array([read.chain.get(group, {}).get(name, 0.0) for name in names]) for group, names in NAMES.items()
    }
    return Weights(read.shown, read.candidates, Cues(**dict(read.cues), common=_any_of(read.common.split())), chain)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))
