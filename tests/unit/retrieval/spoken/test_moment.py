"""What a generation keeps of a moment.

1. A row and a record are read as they were written.
2. A damaged row is an error that says what to do.
"""

from __future__ import annotations

import pytest

from retrieval.errors import GenerationError
from retrieval.spoken.moment import Line, Moment, MomentRow, ShownProduct, decode_rows

SHOWN = (ShownProduct("p1", 0.75, ("brand", "thing")),)


def test_a_row() -> None:  # 1
    row = MomentRow("v1", "live", "保温杯 烫嘴", (ShownProduct("p1", 0.75),))
    assert decode_rows([row.encode(), row.encode()]) == [row, row]


def test_a_record() -> None:  # 1
    lines = (Line(1.5, 3.0, "保温杯"), Line(None, None, "烫嘴"))
    moment = Moment("v1#0", "v1", "冬天", None, "video", lines, SHOWN)
    assert Moment.of(moment.record()) == moment
    assert (moment.start, moment.end) == (1.5, None)


@pytest.mark.parametrize("stored", [b"", b"{}", b"[1]", b'["v", "video", "x", [1]]'])
def test_a_damaged_row(stored: bytes) -> None:  # 2
    with pytest.raises(GenerationError) as why:
        decode_rows([stored])
    assert "rebuild" in str(why.value.hint)
