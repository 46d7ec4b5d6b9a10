"""Errors say what, where and what to do, in this order; every class has a code of its own."""

from __future__ import annotations

import pytest

from retrieval.errors import InvalidRequest, XunhuoError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InvalidRequest("size is negative"), "size is negative"),
        (InvalidRequest("size is negative", field="size"), "size is negative (size)"),
        (InvalidRequest("size is negative", field="size", hint="ask for 0"), "size is negative (size)\n  → ask for 0"),
    ],
)
def test_text(error: InvalidRequest, text: str) -> None:
    assert str(error) == text


def test_codes_are_unique() -> None:
    kinds = [kind for kind in XunhuoError.__subclasses__() if kind.__module__ == XunhuoError.__module__]
    assert len(kinds) >= 10
    assert len({kind.code for kind in kinds} - {XunhuoError.code}) == len(kinds)
