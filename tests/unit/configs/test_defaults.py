"""The defaults file:

1. It loads as it is, and has every setting of the schema and no other.
2. Every knob has a comment on its own line or above; the range in it is the range of the schema, for every number.
3. Choices in a comment are the choices of the schema.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from typing import Any, Literal

import annotated_types as at
import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from configs.settings import DEFAULTS, Settings, load_settings

_LINE = re.compile(r"^(?P<indent> *)(?P<key>\w+):(?P<value>[^#]*)(?:#\s*(?P<comment>.*))?$")
_RANGE = re.compile(r"(\d[\d.]*)–(\d[\d.]*)|≥ (\d[\d.]*)")


def knobs(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Dotted key and schema of every setting that is not a section."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from knobs(field.annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def comments() -> dict[str, str]:
    """Dotted key → comment above its line and on it; a key inside braces has the comment of the line it is on."""
    found: dict[str, str] = {}
    section = above = ""
    for line in DEFAULTS.read_text(encoding="utf-8").splitlines():
        if not (match := _LINE.match(line)):
            above = f"{above} {line.strip()}" if line.strip().startswith("#") else ""
            continue
        if not match["indent"]:
            section = match["key"]
        key = section if not match["indent"] else f"{section}.{match['key']}"
        value = yaml.safe_load(match["value"])
        for name in [f"{key}.{inner}" for inner in value] if isinstance(value, dict) and value else [key]:
            found[name] = f"{above} {match['comment'] or ''}".strip()
        above = ""
    return found


KNOBS = dict(knobs())


def bounds(field: FieldInfo) -> tuple[Any, Any]:
    """The least and the greatest value, None where there is no bound."""
    low = next((limit.ge for limit in field.metadata if isinstance(limit, at.Ge)), None)
    high = next((limit.le for limit in field.metadata if isinstance(limit, at.Le)), None)
    return low, high


def keys_of(values: Any, prefix: str = "") -> set[str]:
    return {
        key
        for name, value in values.items()
        for key in (keys_of(value, f"{prefix}{name}.") if isinstance(value, dict) and value else {f"{prefix}{name}"})
    }


def test_the_file_has_every_setting() -> None:
    assert keys_of(yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))) == set(KNOBS)
    assert isinstance(load_settings(), Settings)


@pytest.mark.parametrize("key", KNOBS)
def test_every_knob_is_explained(key: str) -> None:
    assert len(comments()[key]) >= 10


@pytest.mark.parametrize("key", [key for key, field in KNOBS.items() if field.annotation in (int, float)])
def test_ranges_are_those_of_the_schema(key: str) -> None:
    low, high = bounds(KNOBS[key])
    said = _RANGE.search(comments()[key])
    assert said, "no range in the comment"
    if high is None:
        assert float(said[3]) == low
    else:
        assert (float(said[1]), float(said[2])) == (low, high)


@pytest.mark.parametrize("key", [key for key, field in KNOBS.items() if typing.get_origin(field.annotation) is Literal])
def test_choices_are_those_of_the_schema(key: str) -> None:
    said = [re.sub(r"\W*\(.*|;.*", "", choice).strip() for choice in comments()[key].split("|")]
    assert said == list(typing.get_args(KNOBS[key].annotation))
