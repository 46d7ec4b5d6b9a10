"""Single values of a record: how what JSON, CSV or Parquet holds becomes one Python value, or why it cannot.

Each `to_*` function takes a value that is present (`Record` drops missing ones before), returns the
one form the rest of the program sees, and raises `PydanticCustomError` whose type is a reason code of `rejects`.
The ``Annotated`` names at the end are the field types of the records.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import PydanticCustomError

MAX_ID_CHARS = 256
MAX_MONEY = 100_000_000
MAX_COUNT = 2**63 - 1
MAX_NUMBER = 1e15
MAX_NUMBER_CHARS = 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_CENT = Decimal("0.01")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Commas must stand between groups of three: "12,50" is not 1250.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
# Eight digits are a date (20240501); as epoch seconds they would be a day of 1970 to 1973.
_EPOCH_SECONDS = re.compile(r"[0-9]{9,}(?:\.[0-9]*)?")


def to_text(value: object) -> str:
    """A string without the white space around it."""
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", "must be text")
    return value.strip()


def to_choice(value: object, *, allowed: tuple[str, ...]) -> str:
    """One of the `allowed` words; case does not matter."""
    text = to_text(value).lower()
    if text not in allowed:
        raise PydanticCustomError("invalid_choice", "must be one of {allowed}", {"allowed": ", ".join(allowed)})
    return text


def to_id(value: object) -> str:
    """An identifier: text or an integer, 1 to 256 characters, none of them a control character (Unicode Cc)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", "must be text or an integer")
    text = value.strip()
    if len(text) > MAX_ID_CHARS:
        raise PydanticCustomError("invalid_id", "is longer than {limit} characters", {"limit": MAX_ID_CHARS})
    if _CONTROL.search(text):
        raise PydanticCustomError("invalid_id", "holds a control character")
    return text


def to_decimal(value: object) -> Decimal:
    """A finite number, exactly as it is written: a number, or text such as "1,299.00" (full-width digits too)."""
    if isinstance(value, float):
        # repr is the shortest text that gives the same float: 1.005 stays 1.005 and is not 1.00499999999999989….
        value = Decimal(repr(value))
    elif isinstance(value, str):
        text = unicodedata.normalize("NFKC", value[:MAX_NUMBER_CHARS]).strip()
        if _NOT_FINITE.fullmatch(text):
            raise PydanticCustomError("not_finite", "must be a finite number")
        if len(value) > MAX_NUMBER_CHARS or not _NUMBER.fullmatch(text):
            raise PydanticCustomError("wrong_type", "must be a number")
        value = Decimal(text.replace(",", ""))
    elif isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise PydanticCustomError("wrong_type", "must be a number")
    if not value.is_finite():
        raise PydanticCustomError("not_finite", "must be a finite number")
    return value


def to_money(value: object) -> Decimal:
    """Yuan, 0 to 1e8, rounded half up to two decimals; text may carry ¥ before or 元 after the number."""
    if isinstance(value, str):
        value = value.strip().lstrip("¥￥").removesuffix("元")
    amount = to_decimal(value)
    if not 0 <= amount <= MAX_MONEY:
        raise PydanticCustomError("out_of_range", "must be from 0 to {high} yuan", {"high": MAX_MONEY})
    return abs(amount.quantize(_CENT, ROUND_HALF_UP))


def to_number(value: object, *, low: float = -MAX_NUMBER, high: float = MAX_NUMBER) -> float:
    """A float in [low, high]."""
    if type(value) is float and low <= value <= high:
        return value
    number = to_decimal(value)
    if not low <= number <= high:
        raise PydanticCustomError("out_of_range", "must be from {low} to {high}", {"low": low, "high": high})
    return float(number)


def to_count(value: object) -> int:
    """A whole number, 0 to 2**63 − 1; 5.0 and "5" are whole numbers too."""
    number = value if type(value) is int else to_decimal(value)
    if not 0 <= number <= MAX_COUNT:
        raise PydanticCustomError("out_of_range", "must be from 0 to {high}", {"high": MAX_COUNT})
    if number != int(number):
        raise PydanticCustomError("wrong_type", "must be a whole number")
    return int(number)


def to_time(value: object) -> datetime:
    """An aware UTC time, 1970 to 9999, from ISO 8601 text or epoch seconds; without an offset the text is UTC."""
    if isinstance(value, str) and not _EPOCH_SECONDS.fullmatch(value.strip()):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise PydanticCustomError("invalid_time", "must be ISO 8601 or epoch seconds") from error
    try:
        if isinstance(value, datetime):
            time = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        else:
            time = EPOCH + timedelta(seconds=float(to_decimal(value)))
    except OverflowError as error:
        raise PydanticCustomError("out_of_range", "must be from 1970 to 9999, in seconds") from error
    if time < EPOCH:
        raise PydanticCustomError("out_of_range", "must be from 1970 to 9999, in seconds")
    return time


Text = Annotated[str, BeforeValidator(to_text)]
Id = Annotated[str, BeforeValidator(to_id)]
Money = Annotated[Decimal, BeforeValidator(to_money), PlainSerializer(float, when_used="json")]
Count = Annotated[int, BeforeValidator(to_count)]
Rating = Annotated[float, BeforeValidator(partial(to_number, low=0.0, high=5.0))]
Rate = Annotated[float, BeforeValidator(partial(to_number, low=0.0, high=1.0))]
Seconds = Annotated[float, BeforeValidator(partial(to_number, low=0.0))]
Amount = Annotated[float, BeforeValidator(partial(to_number, low=0.0))]
Time = Annotated[datetime, BeforeValidator(to_time)]
