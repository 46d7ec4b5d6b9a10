"""Which products a rule or a campaign means, as a file writes it; and the kinds of texts that files of rules have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from retrieval.types import Filters


def listed(value: Any) -> Any:
    """One thing may be written without the brackets of a list."""
    return (value,) if isinstance(value, (str, dict)) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(listed), Field(max_length=1000)]
_Ids = Annotated[tuple[Text, ...], BeforeValidator(listed), Field(max_length=10_000)]
Queries = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)], ...],
    BeforeValidator(listed), Field(max_length=1000),
]  # fmt: skip
Name = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
"""By which a rule or a campaign is called."""
_Yuan = Annotated[Decimal, Field(ge=0, le=10_000_000)]
STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Price:
    """Bounds in yuan, inclusive; None is open."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    min: _Yuan | None = None
    max: _Yuan | None = None


@dataclass(frozen=True, slots=True)
class Products:
    """Which products are meant: those named, where any are, that pass all the rest.

    Attributes:
        ids: of products; set: names of sets of ids in the same file.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    ids: _Ids = ()
    set: Texts = ()
    brand: Texts = ()
    category: Texts = ()
    shop: Texts = ()
    labels: Texts = ()
    services: Texts = ()
    attributes: Mapping[Text, Texts] = field(default_factory=dict)
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


def named_ids(products: Products, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """All ids that are named, in the order in which they are, each once."""
    return tuple(dict.fromkeys((*products.ids, *(id for name in products.set for id in sets.get(name, ())))))
