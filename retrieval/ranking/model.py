"""The weights of ranking, read from a file: what orders a list, what a relevance is, and what is no answer at all.

    order:                       score of a document = Σ weight · feature, higher first
      term_coverage: 10.5
    relevance:                   P(relevant) = 1 / (1 + exp -(bias + Σ weight · feature))
      bias: -3.7
      weights: {term_coverage: 6.7}
    floor:                       the same form: P(the catalogue has what is asked, judged by this document)
      bias: -6.1
      weights: {term_coverage: 0.9, character_coverage: 4.9}
      least: 0.2                 a list whose best document lies below is empty
      codes: 0.3                 the same for a query with a model or a number, of which the titles know no word
      unknown: 0.6               the same for a query of which the titles know no word
      strict: 0.8                the same for a query that is no shopping (知识, 影视)
      vectors:                   may be left out: what the vectors say to that
        near: 0.62               a list with a document of such a centred_cosine is not empty, whatever its words say
        odd: -1.0                a query of such a query_domain or less is not worded as shoppers do: …
        far: 0.49                … it is empty where no document has such a centred_cosine

`xunhuo train-ranker` writes such a file. No weight is negative, since of every feature more is better; so a document
that answers better in one thing, and no worse in any other, never falls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import SettingsError
from retrieval.ranking.features.registry import FEATURES, hint_for

NEAR, DOMAIN = "centred_cosine", "query_domain"
"""The features by which a document is near, and by which a query is worded as shoppers do."""

_Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Cosine = Annotated[float, Field(ge=-1, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Logistic(_Part):
    bias: Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]
    weights: dict[str, _Weight]


class _Vectors(_Part):
    near: _Cosine
    odd: Annotated[float, Field(ge=-10, le=0)]
    far: _Cosine


class _Floor(_Logistic):
    least: _Share
    codes: _Share
    unknown: _Share
    strict: _Share
    vectors: _Vectors | None = None


class _File(_Part):
    order: dict[str, _Weight]
    relevance: _Logistic
    floor: _Floor


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights of a probability; `names` are features, none of them twice."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float


@dataclass(frozen=True, slots=True)
class Nearness:
    """What vectors say of whether a list is an answer.

    Attributes:
        near: it is one with a document of such a `centred_cosine`, whatever its words say.
        odd, far: it is none where the `query_domain` is `odd` or less and no document has a `centred_cosine` of `far`.
    """

    near: float
    odd: float
    far: float


@dataclass(frozen=True, slots=True)
class RankingModel:
    """What a file says.

    Attributes:
        order: feature → weight of the score that orders.
        relevance: probability that a document answers the query.
        floor: probability that a list with such a document in it is an answer; `least`, `codes`, `unknown` and
            `strict` are its bounds.
        nearness: what vectors say beside the floor; None: nothing.
    """

    order: Mapping[str, float]
    relevance: Logistic
    floor: Logistic
    least: float
    codes: float
    unknown: float
    strict: float
    nearness: Nearness | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All features that are needed, in a fixed order."""
        near = (NEAR, DOMAIN) if self.nearness else ()
        used = {*self.order, *self.relevance.names, *self.floor.names, *near}
        return tuple(name for name in FEATURES if name in used)


def load_ranking(path: Path) -> RankingModel:
    """Reads a file of weights.

    Raises:
        SettingsError: it cannot be read, a feature is unknown, a number is out of range or a part is missing.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        read = _File.model_validate(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as why:
        raise SettingsError(f"the weights of ranking cannot be read: {why}", field=str(path)) from why
    except ValidationError as why:
        first = why.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{place}: {first['msg']}", field=str(path), hint="docs/relevance.md") from None
    _check(read.order, set(FEATURES), f"{path}, order")
    check_absolute(read.relevance.weights, f"{path}, relevance")
    check_absolute(read.floor.weights, f"{path}, floor")
    return RankingModel(
        _weighing(read.order),
        _logistic(read.relevance),
        _logistic(read.floor),
        read.floor.least,
        read.floor.codes,
        read.floor.unknown,
        read.floor.strict,
        Nearness(**read.floor.vectors.model_dump()) if read.floor.vectors else None,
    )


def check_absolute(names: Iterable[str], where: str) -> None:
    """Whether a probability can stand on the features that are named at `where`.

    Raises:
        SettingsError: naming those that it cannot stand on, and those that there are.
    """
    _check(names, {name for name, feature in FEATURES.items() if feature.absolute}, where)


def _check(names: Iterable[str], allowed: set[str], where: str) -> None:
    if unknown := sorted(set(names) - allowed):
        message = f"{', '.join(unknown)} is no feature that can stand here"
        raise SettingsError(message, field=where, hint=hint_for(unknown, allowed))


def _logistic(part: _Logistic) -> Logistic:
    weights = _weighing(part.weights)
    return Logistic(tuple(weights), tuple(weights.values()), part.bias)


def _weighing(weights: Mapping[str, float]) -> dict[str, float]:
    """A feature of weight 0 says nothing, so it is not measured."""
    return {name: weight for name, weight in weights.items() if weight}
