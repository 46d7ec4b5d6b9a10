"""What the vocabulary is made of: one model for each thing that is written in its YAML files.

A department has leaf categories, a category has kinds (what a shopper would call one sort of thing: a men's tea flask,
a child's straw cup). Everything that must agree with each other (audience, season, price, material) stands at one kind.
"""

from __future__ import annotations

import itertools
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

OWN_SLOTS = frozenset({"brand", "noun", "alias", "p", "who", "gift", "use", "year", "promo"})
SLOT = re.compile(r"<(~?)([^<>~]+)>")
"""A slot in a pattern: ``<noun>``, or ``<~noun>`` where it may be left out."""


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _words(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (value,)


def _factors(value: Any) -> Any:
    return (
        {str(key): float(factor) for key, factor in value.items()}
        if isinstance(value, dict)
        else dict.fromkeys((str(item) for item in value), 1.0)
    )


Word = Annotated[str, BeforeValidator(_word)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_words)]
Axis = Annotated[dict[str, float], BeforeValidator(_factors)]
"""The values of a variant axis with their price factors: ``[红, 蓝]`` or ``{2斤装: 1, 5斤装: 2.2}``."""


class Entry(BaseModel):
    """Base of all vocabulary entries: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(Entry):
    """One sort of product. ``noun`` names it in titles, ``say`` in speech; the first noun is its key.

    ``attrs`` adds to the category's attributes; what may be None replaces the category's where given. In attribute
    values ``#`` becomes a digit (model numbers).
    """

    noun: Words
    price: tuple[float, float]
    say: Words
    who: Words = ()
    gift: Words = ()
    use: Words = ()
    season: str = ""
    points: Words = ()
    attrs: dict[str, Words] = {}
    axes: dict[str, Axis] | None = None
    brands: Words | None = None
    titles: Words | None = None
    about: Words | None = None
    pain: Words | None = None
    show: Words | None = None
    labels: Words = ()
    belt: str | None = None
    talk: Words = ()

    @property
    def key(self) -> str:
        return self.noun[0]


class Category(Entry):
    """A leaf category; ``name`` is ``group/leaf``, prices in yuan, ``belt`` the place its factories are known for,
    ``maker`` what such a place calls itself (厂, 合作社), ``unbranded`` the share of products without a brand.
    """

    name: str
    price: tuple[float, float]
    brands: Words
    kinds: tuple[Kind, ...]
    titles: Words
    about: Words
    pain: Words
    show: Words
    belt: str = ""
    maker: str = "厂"
    unbranded: float = 0.25
    axes: dict[str, Axis] = {}
    attrs: dict[str, Words] = {}
    points: Words = ()
    labels: Words = ()

    @property
    def leaf(self) -> str:
        return self.name.split("/")[1]

    def axes_of(self, kind: Kind) -> dict[str, Axis]:
        return self.axes if kind.axes is None else kind.axes

    def about_of(self, kind: Kind) -> Words:
        return self.about if kind.about is None else kind.about

    def attrs_of(self, kind: Kind) -> dict[str, Words]:
        """Attribute -> values to choose from; a kind drops an attribute of its category by giving it no value."""
        return {name: values for name, values in {**self.attrs, **kind.attrs}.items() if values}

    @model_validator(mode="after")
    def _agrees(self) -> Category:
        low, high = self.price
        for kind in self.kinds:
            factors = [
                value
                for axis in itertools.product(*(a.values() for a in self.axes_of(kind).values()))
                for value in [_product(axis)]
            ]
            if kind.price[0] * min(factors) < low or kind.price[1] * max(factors) > high:
                raise ValueError(f"{self.name}/{kind.key}: prices leave the category's range {low}-{high}")
            texts = (*(kind.titles or self.titles), *self.about_of(kind))
            slots = {m[2] for text in texts for m in SLOT.finditer(text) if not m[1]}
            if unknown := slots - OWN_SLOTS - set(self.attrs_of(kind)):
                raise ValueError(f"{self.name}/{kind.key}: no words for the slots {sorted(unknown)}")
        return self


class Department(Entry):
    """One of the mall's departments with its habits: services (name -> share of products), return rate, shop names."""

    department: str
    short: str
    services: dict[str, float]
    return_rate: float
    promo: Words
    stalls: Words
    creators: Words
    openers: Words
    categories: tuple[Category, ...]


class Persona(Entry):
    """A typical shopper: leaf categories or departments with weights, price level 1 (thrifty) to 3, audience words."""

    name: str
    share: float
    price_level: int = Field(ge=1, le=3)
    hints: Words
    interests: dict[str, float]


class Speech(Entry):
    """What every host says, whatever the product; slots are filled by `demo.speech`."""

    openers: Words
    intros: Words
    uses: Words
    facts: Words
    variants: Words
    ranges: Words
    prices: Words
    calls: Words
    welcome: Words
    next_up: Words
    answers: Words
    countdown: Words
    aftersale: Words
    chatter: Words
    again: Words
    farewell: Words
    video_titles: Words
    live_titles: Words
    tags: Words
    misheard: dict[str, str]


class Guide(Entry):
    """The lines of one form of video that explains; slots are filled by `demo.guides`."""

    titles: Words
    queries: Words
    openers: Words
    endings: Words
    kinds: Words = ()
    attributes: Words = ()
    products: Words = ()
    verdicts: Words = ()
    prices: Words = ()
    steps: Words = ()


class Guides(Entry):
    """The three forms, and the departments whose things are taught about."""

    lasting: Words
    choose: Guide
    test: Guide
    teach: Guide


class Wish(Entry):
    """A judged query and what it asks for; ``in`` and ``kind`` say which thing, the other keys are wishes about it.

    ``<slots>`` in the text are filled from a product that meets the wishes, and become wishes themselves.
    """

    q: str
    leaves: Words = Field(alias="in")
    kind: Words = ()
    who: str | None = None
    use: str | None = None
    attrs: dict[str, Word] = {}
    under: float | None = None
    over: float | None = None


def _product(factors: tuple[float, ...]) -> float:
    result = 1.0
    for factor in factors:
        result *= factor
    return result
