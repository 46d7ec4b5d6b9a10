"""The nouns of merchandising rules, as a file writes them: when a rule holds, and what it does.

One definition is read, checked and used: pydantic reads these dataclasses from YAML or JSON, and says of each field
what is wrong with it. Values of one field of a condition are alternatives, its fields are combined with *and*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from retrieval.types import Filters
from retrieval.understanding.kinds import IntentKind

MOST_PINNED_AT = 100
"""The last place that can be pinned: nobody looks further."""


class Action(StrEnum):
    """What a rule does. What takes away comes before what puts forward, whatever the priorities."""

    HIDE = "hide"
    FILTER = "filter"
    BURY = "bury"
    PIN = "pin"
    BOOST = "boost"
    REWRITE = "rewrite"
    REDIRECT = "redirect"
    BANNER = "banner"


def _listed(value: Any) -> Any:
    """One thing may be written without the brackets of a list."""
    return (value,) if isinstance(value, (str, dict)) else value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Texts = Annotated[tuple[_Text, ...], BeforeValidator(_listed), Field(max_length=1000)]
_Ids = Annotated[tuple[_Text, ...], BeforeValidator(_listed), Field(max_length=10_000)]
_Query = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
_Queries = Annotated[tuple[_Query, ...], BeforeValidator(_listed), Field(max_length=1000)]
_Link = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"]+|/([^/\s<>\"][^\s<>\"]*)?)?$", max_length=2000)]
"""An address of the web, or a path of the shop's own site; no script."""
_Yuan = Annotated[Decimal, Field(ge=0, le=10_000_000)]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Price:
    """Bounds in yuan, inclusive; None is open."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    min: _Yuan | None = None
    max: _Yuan | None = None


@dataclass(frozen=True, slots=True)
class Products:
    """Which products are meant: those named, where any are, that pass all the rest.

    Attributes:
        ids: of products; set: names of sets of ids in the same file.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    ids: _Ids = ()
    set: _Texts = ()
    brand: _Texts = ()
    category: _Texts = ()
    shop: _Texts = ()
    labels: _Texts = ()
    services: _Texts = ()
    attributes: Mapping[_Text, _Texts] = field(default_factory=dict)
    price: Price = field(default_factory=Price)
    in_stock: bool = False

    @property
    def named(self) -> bool:
        """Whether products are named one by one."""
        return bool(self.ids or self.set)

    @property
    def filters(self) -> Filters:
        """What a product passes that is meant, beside being named."""
        given = {
            "brand": self.brand,
            "category": self.category,
            "shop": self.shop,
            "labels": self.labels,
            "services": self.services,
            "attributes": tuple(f"{name}={value}" for name, values in self.attributes.items() for value in values),
        }
        fen = [None if bound is None else int(bound * 100) for bound in (self.price.min, self.price.max)]
        return Filters({name: values for name, values in given.items() if values}, (fen[0], fen[1]), self.in_stock)

    @property
    def empty(self) -> bool:
        return not self.named and self.filters.empty


@dataclass(frozen=True, slots=True)
class When:
    """When a rule holds; without any field always.

    Attributes:
        query: the whole query is one of these, normalised as the engine does.
        phrase: it holds one of these, as whole words.
        category: it surely means this path, or something below it.
        intent: it is of this kind.
        segment: the shopper is ``new``, ``known``, or has an interest ``dimension:value`` (`retrieval.rules.segments`).
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    query: _Queries = ()
    phrase: _Queries = ()
    category: _Texts = ()
    intent: Annotated[tuple[IntentKind, ...], BeforeValidator(_listed)] = ()
    segment: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^(new|known|[a-z]+:.{1,100})$")], ...],
        BeforeValidator(_listed),
    ] = ()

    @property
    def always(self) -> bool:
        return not (self.query or self.phrase or self.category or self.intent or self.segment)


@dataclass(frozen=True, slots=True)
class Pin:
    """Stands at this place (from 1)."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: _Text
    at: Annotated[int, Field(ge=1, le=MOST_PINNED_AT)]


@dataclass(frozen=True, slots=True)
class Boost:
    """Adds points to the scores of products: 1 makes one e times as likely to be chosen, as ranking counts."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    points: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    products: Products


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where to go instead: an address, or a channel of the app."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    url: _Link = ""
    channel: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """What is shown over the list."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: _Text
    text: _Text
    link: _Link = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and what is done where it holds.

    Attributes:
        priority: the higher the earlier; equal ones in order of id.
        start, until: when it holds, ``[start, until)``, with a time zone; None is open. Files write ``from``.
        filter: products that alone may be in the list.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    id: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    enabled: bool = True
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    start: Annotated[datetime | None, Field(alias="from")] = None
    until: datetime | None = None
    when: When = field(default_factory=When)
    hide: Annotated[tuple[Products, ...], BeforeValidator(_listed)] = ()
    filter: Annotated[tuple[Products, ...], BeforeValidator(_listed)] = ()
    bury: Annotated[tuple[Products, ...], BeforeValidator(_listed)] = ()
    pin: Annotated[tuple[Pin, ...], BeforeValidator(_listed)] = ()
    boost: Annotated[tuple[Boost, ...], BeforeValidator(_listed)] = ()
    rewrite: Annotated[str, StringConstraints(strip_whitespace=True, max_length=128)] = ""
    redirect: Redirect | None = None
    banner: Annotated[tuple[Banner, ...], BeforeValidator(_listed)] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        """What it does, in the order in which that counts."""
        return tuple(action for action in Action if getattr(self, action.value))

    @property
    def selectors(self) -> tuple[tuple[Action, Products], ...]:
        """All products that it speaks of by what they are, with what for."""
        return (
            *((Action.HIDE, each) for each in self.hide),
            *((Action.FILTER, each) for each in self.filter),
            *((Action.BURY, each) for each in self.bury),
            *((Action.BOOST, each.products) for each in self.boost),
        )

    def holds_at(self, now: float) -> bool:
        """Whether it is switched on at this time, in seconds since 1970."""
        begun = self.start is None or self.start.timestamp() <= now
        return self.enabled and begun and (self.until is None or now < self.until.timestamp())


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a shop, whole, in the order in which they count; `sets`: name → ids of products."""

    rules: tuple[Rule, ...] = ()
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def ids_of(self, products: Products) -> frozenset[str]:
        """The ids that are named."""
        return frozenset(products.ids).union(*(self.sets.get(name, frozenset()) for name in products.set))
