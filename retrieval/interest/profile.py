"""What is known of a shopper's taste: interests with their weight and their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """Of what kind an interest is."""

    CATEGORY = "category"
    BRAND = "brand"
    WORD = "word"
    """A word of titles that says what a thing is or of which style."""
    PRICE = "price"
    """A price band, relative to what the category costs: low, middle, high."""
    AUDIENCE = "audience"
    SHOP = "shop"
    ITEM = "item"
    """One product: bought and due again, or bought and not wanted twice, or hidden."""


@dataclass(frozen=True, slots=True)
class Interest:
    """One interest, or aversion.

    Attributes:
        value: which category, brand, word …, as it is written in records.
        weight: in [-1, 1]; below 0 it is an aversion.
        evidence: how many events made it; events: the ids of the strongest of them.
        confidence: in [0, 1].
        last_seen: seconds since 1970.
        session: whether this session made most of it.
        name: what it is called where the value is an id (of a product, of a shop); "" where the value is its name.
        owned: an aversion to what the shopper has, and needs no second one of.
        sayable: a shopper would know what is meant; a piece of a title such as 强可 counts, but stands in no sentence.
    """

    dimension: Dimension
    value: str
    weight: float
    evidence: int
    confidence: float
    last_seen: float
    session: bool = False
    events: tuple[str, ...] = ()
    name: str = ""
    sayable: bool = True
    owned: bool = False

    @property
    def called(self) -> str:
        """For the eyes of a shopper."""
        return self.name or self.value


@dataclass(frozen=True, slots=True)
class Profile:
    """A shopper's interests at one time.

    Attributes:
        interests: by dimension, the strongest first.
        confidence: in [0, 1], how much is known; 0 for a cold shopper.
        liked: the most liked products, item → how much, the most first.
        as_of: seconds since 1970; later events are not in it.
    """

    user_id: str
    interests: tuple[Interest, ...]
    confidence: float
    as_of: float
    liked: tuple[tuple[str, float], ...] = ()
