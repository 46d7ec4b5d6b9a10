"""JSON text to a Python value, with a reason code for everything that is wrong with it.

orjson reads the good rows. What it refuses, and the few rows that look as if it had let something through, are read
again by the slower standard library, which keeps enough apart to name the reason.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from itertools import chain
from typing import Any, Never

import orjson

MAX_DEPTH = 64

# An integer beyond 64 bits has at least 19 digits, and orjson reads it as a float without saying so.
_SUSPECT = re.compile(rb"\\u0000|[0-9]{19}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadValueError(Exception):
    """A value that no record may hold.

    Attributes:
        reason: a key of `rejects.REASONS`.
        message: what is wrong, in words.
        field: the field it stands in, set by whoever knows it.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.field: str | None = None


def parse_json(raw: bytes) -> Any:
    """The value of one JSON text in UTF-8.

    Raises:
        BadValueError: invalid_utf8, nul_byte, lone_surrogate, invalid_json, too_deep, not_finite, integer_too_large.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _parse_slowly(raw)
    if _SUSPECT.search(raw):
        return _parse_slowly(raw)
    # Only as many brackets as that can nest so deep.
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        check_value(value)
    return value


def check_value(value: object) -> None:
    """Walk through a parsed value without recursion.

    Raises:
        BadValueError: nul_byte, lone_surrogate, too_deep, not_finite, integer_too_large.
    """
    level: list[object] = [value]
    depth = 0
    while level:
        containers = [item for item in level if isinstance(item, dict | list)]
        for item in level:
            _check_leaf(item)
        depth += 1
        if containers and depth > MAX_DEPTH:
            raise BadValueError("too_deep", f"lists and objects are nested more than {MAX_DEPTH} deep")
        level = [part for item in containers for part in _parts(item)]


def _parts(container: dict[Any, Any] | list[Any]) -> Iterable[object]:
    return chain(container, container.values()) if isinstance(container, dict) else container


def _check_leaf(item: object) -> None:
    if isinstance(item, str):
        if "\0" in item:
            raise BadValueError("nul_byte", "a text holds a NUL character")
        if _SURROGATE.search(item):
            raise BadValueError("lone_surrogate", "a text holds half of a surrogate pair")
    elif isinstance(item, float) and not math.isfinite(item):
        raise BadValueError("not_finite", "a number is NaN or infinite")
    elif isinstance(item, int) and not -(2**63) <= item < 2**64:
        raise BadValueError("integer_too_large", "an integer does not fit in 64 bits")


def _parse_slowly(raw: bytes) -> Any:
    if b"\0" in raw:
        raise BadValueError("nul_byte", "the row holds a NUL byte")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise BadValueError("invalid_utf8", f"byte {error.start} of the row is not UTF-8") from error
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_int)
    except RecursionError as error:
        raise BadValueError("too_deep", f"lists and objects are nested more than {MAX_DEPTH} deep") from error
    except ValueError as error:
        raise BadValueError("invalid_json", f"is not JSON: {error}") from error
    check_value(value)
    return value


def _refuse_constant(name: str) -> Never:
    raise BadValueError("not_finite", f"{name} is not a JSON number")


def _parse_int(digits: str) -> int:
    # Python itself refuses to convert thousands of digits, so the length is looked at first.
    if len(digits) > len("-9223372036854775808"):
        raise BadValueError("integer_too_large", "an integer does not fit in 64 bits")
    return int(digits)
