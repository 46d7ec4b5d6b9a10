"""Values of several parts: category paths, attributes, lists of names, statistics.

Written like `scalars`: present value in, one form out, `PydanticCustomError` whose type is a reason code. A part that
is null or empty is missing and left out, as a field is.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from indexer.sources.scalars import to_number

_SLASH = re.compile("[/／]")
_ARROW = re.compile("[>＞]")


def to_names(value: object) -> tuple[str, ...]:
    """Texts in the order given; one text alone is a list of one."""
    items = value if isinstance(value, list | tuple) else (value,)
    return tuple(text for item in items if (text := _name(item)))


def to_category(value: object) -> tuple[str, ...]:
    """Names from the root to the leaf: a list of names, or text such as "女装/连衣裙" or "女装 > 连衣裙".

    Where ">" occurs it alone separates, so that a name may hold a slash; the names of a list are never split.
    """
    if not isinstance(value, str):
        return to_names(value)
    separator = _ARROW if _ARROW.search(value) else _SLASH
    return to_names(separator.split(value))


def to_attributes(value: object) -> dict[str, tuple[str, ...]]:
    """Attribute name to its values; a single value is a list of one, numbers and booleans become text."""
    if not isinstance(value, dict):
        raise PydanticCustomError("wrong_type", "must be an object of names and values")
    attributes: dict[str, tuple[str, ...]] = {}
    for key, given in value.items():
        items = given if isinstance(given, list | tuple) else (given,)
        texts = tuple(text for item in items if (text := _attribute_text(item)))
        if texts and (name := _name(key)):
            attributes[name] = attributes.get(name, ()) + texts
    return attributes


def to_stats(value: object) -> dict[str, float]:
    """Name to a finite number, such as likes and views."""
    if not isinstance(value, dict):
        raise PydanticCustomError("wrong_type", "must be an object of names and numbers")
    return {_name(name): to_number(given) for name, given in value.items() if given not in (None, "")}


def _name(item: object) -> str:
    if item is None:
        return ""
    if not isinstance(item, str):
        raise PydanticCustomError("wrong_type", "must be text or a list of texts")
    return item.strip()


def _attribute_text(item: object) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, float) and item.is_integer():
        return f"{item:.0f}"
    if isinstance(item, int | float):
        return str(item)
    if item is None or isinstance(item, str):
        return (item or "").strip()
    raise PydanticCustomError("wrong_type", "values must be text, numbers or booleans, or a list of them")


Names = Annotated[tuple[str, ...], BeforeValidator(to_names)]
Category = Annotated[tuple[str, ...], BeforeValidator(to_category)]
Attributes = Annotated[dict[str, tuple[str, ...]], BeforeValidator(to_attributes)]
Stats = Annotated[dict[str, float], BeforeValidator(to_stats)]
