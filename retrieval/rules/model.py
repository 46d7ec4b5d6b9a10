"""The nouns of merchandising rules, as a file writes them: when a rule holds, and what it does.

One definition is read, checked and used: pydantic reads these dataclasses from YAML or JSON, and says of each field
what is wrong with it. Values of one field of a condition are alternatives, its fields are combined with *and*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from retrieval.rules.campaign import Campaign, between
from retrieval.rules.products import STRICT, Name, Products, Queries, Text, Texts, listed, named_ids
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


_Link = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"]+|/([^/\s<>\"][^\s<>\"]*)?)?$", max_length=2000)]
"""An address of the web, or a path of the shop's own site; no script."""


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

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    query: Queries = ()
    phrase: Queries = ()
    category: Texts = ()
    intent: Annotated[tuple[IntentKind, ...], BeforeValidator(listed)] = ()
    segment: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^(new|known|[a-z]+:.{1,100})$")], ...],
        BeforeValidator(listed),
    ] = ()

    @property
    def always(self) -> bool:
        return not (self.query or self.phrase or self.category or self.intent or self.segment)


@dataclass(frozen=True, slots=True)
class Pin:
    """Stands at this place (from 1)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: Text
    at: Annotated[int, Field(ge=1, le=MOST_PINNED_AT)]


@dataclass(frozen=True, slots=True)
class Boost:
    """Adds points to the scores of products: 1 makes one e times as likely to be chosen, as ranking counts."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    points: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
    products: Products


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where to go instead: an address, or a channel of the app."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    url: _Link = ""
    channel: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """What is shown over the list."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: Text
    text: Text
    link: _Link = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and what is done where it holds.

    Attributes:
        priority: the higher the earlier; equal ones in order of id.
        start, until: when it holds, ``[start, until)``, with a time zone; None is open. Files write ``from``.
        filter: products that alone may be in the list.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    id: Name
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    enabled: bool = True
    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    start: Annotated[datetime | None, Field(alias="from")] = None
    until: datetime | None = None
    when: When = field(default_factory=When)
    hide: Annotated[tuple[Products, ...], BeforeValidator(listed)] = ()
    filter: Annotated[tuple[Products, ...], BeforeValidator(listed)] = ()
    bury: Annotated[tuple[Products, ...], BeforeValidator(listed)] = ()
    pin: Annotated[tuple[Pin, ...], BeforeValidator(listed)] = ()
    boost: Annotated[tuple[Boost, ...], BeforeValidator(listed)] = ()
    rewrite: Annotated[str, StringConstraints(strip_whitespace=True, max_length=128)] = ""
    redirect: Redirect | None = None
    banner: Annotated[tuple[Banner, ...], BeforeValidator(listed)] = ()

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
        return self.enabled and between(self.start, self.until, now)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a shop, whole, in the order in which they count.

    Attributes:
        sets: name → ids of products, in their order.
        campaigns: in the order of the file.
    """

    rules: tuple[Rule, ...] = ()
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.rules and not self.campaigns

    def ids_of(self, products: Products) -> frozenset[str]:
        """The ids that are named."""
        return frozenset(named_ids(products, self.sets))
