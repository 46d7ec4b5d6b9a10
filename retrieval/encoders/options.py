"""Checks the options of an encoder: unknown names and impossible values become errors that say what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from retrieval.errors import EncoderError


class EncoderOptions(BaseModel):
    """Base of every encoder's options: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Options = TypeVar("Options", bound=EncoderOptions)


def parse_options(model: type[Options], name: str, options: Mapping[str, object]) -> Options:
    """The options of encoder `name` as `model`.

    Raises:
        EncoderError: an option that does not exist or whose value is not allowed; the field is named and the hint
            lists the options there are.
    """
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        known = ", ".join(model.model_fields) or "none"
        raise EncoderError(
            f"Option {field!r} of the encoder {name!r} is not valid: {first['msg'].lower()}.",
            field=f"encoder.options.{field}",
            hint=f"options of {name}: {known}",
        ) from error
