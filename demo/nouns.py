"""What the demo mall is made of: frozen values that pass from one maker to the next.

They hold what the generator *knows* (the true material, audience, price); the feed that is written out may leave part
of it away, as real feeds do. Judgments are computed from this knowledge, never from the written feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from demo.entries import Category, Department, Kind


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop; ``score`` 0-5, None where the shop is too young to have one."""

    id: str
    name: str
    kind: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Aisle:
    """Where a product stands in the mall."""

    department: Department
    category: Category
    kind: Kind


@dataclass(frozen=True, slots=True)
class Spu:
    """A product with all its variants: one title, one set of facts (attribute -> true value), one audience ``who``."""

    id: str
    aisle: Aisle
    brand: str | None
    title: str
    description: str
    facts: Mapping[str, str]
    who: tuple[str, ...]
    shop: Shop
    created_at: datetime

    @property
    def department(self) -> Department:
        return self.aisle.department

    @property
    def category(self) -> Category:
        return self.aisle.category

    @property
    def kind(self) -> Kind:
        return self.aisle.kind

    @property
    def path(self) -> str:
        """The category path, ``department/group/leaf``."""
        return f"{self.department.department}/{self.category.name}"


@dataclass(frozen=True, slots=True)
class Product:
    """One variant on sale. Prices in yuan with at most two decimals, ``list_price`` >= ``price`` where there is one.

    ``variant`` maps an axis to its value (颜色 -> 墨绿); rates are shares 0-1; ``status`` is on, off or banned.
    """

    id: str
    spu: Spu
    variant: Mapping[str, str]
    title: str
    price: float
    list_price: float | None
    stock: int
    sales_30d: int
    rating: float | None
    reviews: int
    return_rate: float
    complaint_rate: float
    services: tuple[str, ...]
    labels: tuple[str, ...]
    images: tuple[str, ...]
    status: str

    def value(self, attribute: str) -> str | None:
        """The true value of an attribute, whether it is a variant axis or a fact of the whole SPU."""
        return self.variant.get(attribute) or self.spu.facts.get(attribute)


@dataclass(frozen=True, slots=True)
class Creator:
    """Who made a video; at home in one department."""

    id: str
    name: str
    department: Department


@dataclass(frozen=True, slots=True)
class Segment:
    """Words spoken from ``start`` to ``end``, in seconds from the beginning."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Showing:
    """A product on the screen from ``start`` to ``end``, in seconds; ``best`` are the first and last segment, from 0,
    of what says most about it.
    """

    product: Product
    start: float
    end: float
    best: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Video:
    """A short video or a livestream (``kind`` video or live) with what is said and what is shown in it."""

    id: str
    title: str
    creator: Creator
    kind: str
    segments: tuple[Segment, ...]
    showings: tuple[Showing, ...]
    published_at: datetime
    stats: Mapping[str, int]
    status: str

    @property
    def seconds(self) -> float:
        return self.segments[-1].end


@dataclass(frozen=True, slots=True)
class Shopper:
    """A shopper; ``interests`` maps category paths to weights that sum to 1, ``price_level`` is 1 (thrifty) to 3.

    ``persona`` is the typical shopper that this one is like, by name; ``brands`` and ``looks`` (values of attributes:
    法式, 麻辣, 雪纺) are liked.
    """

    id: str
    persona: str
    interests: Mapping[str, float]
    price_level: int
    hints: tuple[str, ...]
    brands: frozenset[str]
    looks: frozenset[str]
    activity: float


@dataclass(frozen=True, slots=True)
class Query:
    """A judged query: its text with all slots filled, and the grade (1-3) of every relevant product id."""

    id: str
    text: str
    path: str
    grades: Mapping[str, int]
