"""A table of entries:

1. Kept as bytes and read back it is the same; the same entries give the same bytes; damaged bytes say what to do.
2. Moved to other rows it names the documents where they stand now, and none that is gone.
3. A text is found by its own characters, and by the letters of each usual way to read it.
"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.errors import GenerationError
from retrieval.suggest.entry import Kind
from retrieval.suggest.table import Table
from tests.unit.retrieval.suggest.shop import entry, keys, table

SHOP = entry("花田旗舰店", 2.0, 5, 6, kind=Kind.SHOP, asks="连衣裙", shop="花田旗舰店")
DRESS = entry("连衣裙", 3.0, 0, 2, 4, kind=Kind.PRODUCT, category="女装/裙装", inside=2)


def test_bytes() -> None:  # 1
    made = table(SHOP, DRESS)
    stored = made.to_bytes()
    again = Table.from_bytes(stored)
    assert [again[place] for place in range(len(again))] == [SHOP, DRESS]
    assert again.to_bytes() == stored == table(SHOP, DRESS).to_bytes()
    assert again.best_of("\x02lyq") == [1]
    for damaged in (stored[:-600], b"", b"XHARRAY1"):
        with pytest.raises(GenerationError, match="rebuild"):
            Table.from_bytes(damaged)


def test_moved() -> None:  # 2
    moved = table(SHOP, DRESS).moved(np.array([0, 1, -1, 2, 3, 9]))
    assert (moved[0].rows, moved[1].rows, moved[1].inside) == ((9,), (0, 3), -1)


def test_keys() -> None:  # 3
    assert keys().of("保温杯 女") == ["保温杯女", "\x01baowenbeinv", "\x02bwbn"]
    assert keys().of("iphone 15") == ["iphone15"]
    assert {"\x01changqun", "\x01zhangqun"} <= {*keys().of("长裙")}
