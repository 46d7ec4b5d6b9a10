"""A key:

1. What is told has the id and 256 random bits; what is kept has neither them nor, shown, anything of them.
2. It is known by its whole text alone, until it expires or is revoked.
3. Rotated, the old secret holds for the overlap alone; rotated again, only the last two do. A revoked key is not.
4. A name, an origin or an expiry that cannot be is refused, and the field is named.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import pytest

from retrieval.errors import InvalidRequest, StateConflict
from retrieval.keys.key import TEXT, Key, Role, new_key, told

T = 1_714_521_600.0


def made(**more: Any) -> tuple[Key, str]:
    return new_key("shop", Role.EVENTS, T, **more)


def test_what_is_told() -> None:  # 1
    several = [made() for _ in range(50)]
    for key, text in several:
        shape = TEXT.fullmatch(text)
        assert shape
        assert shape[1] == key.id
        assert len(base64.urlsafe_b64decode(shape[2] + "=")) == 32
        assert shape[2] not in str(asdict(key))
        assert key.digest not in repr(key)
    assert len({text[-43:] for _, text in several}) == len({key.id for key, _ in several}) == 50


def test_by_its_whole_text() -> None:  # 2
    key, text = made(expires=T + 10)
    other = "A" if text[-1] != "A" else "B"
    assert key.is_told(text, T)
    assert not any(key.is_told(wrong, T) for wrong in (text[:-1], text[:-1] + other, text + "A", "", key.digest))
    assert [key.holds(at) for at in (T, T + 9.9, T + 10)] == [True, True, False]
    assert not key.taken_back(T + 1).holds(T + 2)
    assert key.taken_back(T + 1).taken_back(T + 5).revoked == T + 1
    assert made()[0].holds(T * 9)


def test_rotation() -> None:  # 3
    key, first = made()
    texts = [first, told(key.id), told(key.id)]
    once = key.rotated(texts[1], T, 60)
    assert [once.is_told(first, at) for at in (T, T + 59.9, T + 60)] == [True, True, False]
    assert once.is_told(texts[1], T * 9)
    twice = once.rotated(texts[2], T + 1, 60)
    assert [twice.is_told(text, T + 2) for text in texts] == [False, True, True]
    assert not key.rotated(texts[1], T, 0).is_told(first, T)
    with pytest.raises(StateConflict, match="was revoked"):
        key.taken_back(T).rotated(texts[1], T, 60)


@pytest.mark.parametrize(
    ("name", "more", "field"),
    [
        ("", {}, "name"),
        (" shop", {}, "name"),
        ("a\nb", {}, "name"),
        ("x" * 65, {}, "name"),
        ("shop", {"origins": ("https://a.example/",)}, "origin"),
        ("shop", {"origins": ("*",)}, "origin"),
        ("shop", {"origins": ("a.example",)}, "origin"),
        ("shop", {"expires": T}, "expires"),
    ],
)
def test_what_cannot_be(name: str, more: dict[str, Any], field: str) -> None:  # 4
    with pytest.raises(InvalidRequest) as refused:
        new_key(name, Role.SEARCH, T, **more)
    assert refused.value.field == field
    assert refused.value.hint
