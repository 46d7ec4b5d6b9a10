"""Names of generations:

1. New names are names, and sort by time.
2. Nothing else is one: not what only begins or ends as one, whatever a cursor brings.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrieval.backends.common.names import is_name, new_name

NAME = "g20260101T120000.000Z-1a2b"


def test_order_of_creation() -> None:  # 1
    start = datetime(2026, 1, 1, tzinfo=UTC)
    names = [new_name(start + timedelta(milliseconds=7 * i)) for i in range(400)]
    assert names == sorted(names)
    assert all(map(is_name, names))
    assert new_name(start)[:-4] == "g20260101T000000.000Z-"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "g",
        NAME + "/../..",
        NAME + "x",
        NAME + "\n",
        "/" + NAME,
        NAME[:-1],
        NAME.lower(),
        NAME.replace("2026", "２０２６"),
    ],
)
def test_other_texts(text: str) -> None:  # 2
    assert is_name(NAME)
    assert not is_name(text)
