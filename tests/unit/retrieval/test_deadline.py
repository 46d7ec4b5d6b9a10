"""Deadlines: no limit has none left; otherwise what is left falls and ends at 0, and then no work goes on."""

from __future__ import annotations

import pytest

from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded


def test_no_limit() -> None:
    assert Deadline.after_ms(None).remaining() is None


def test_what_is_left() -> None:
    hour = Deadline.after_ms(3_600_000)
    first = hour.remaining()
    assert first is not None
    assert 0 < first <= 3600
    assert (hour.remaining() or 0) <= first
    assert Deadline.after_ms(0).remaining() == 0
    assert Deadline.after_ms(-5).remaining() == 0


def test_work_goes_on_until_then() -> None:
    for ample in (Deadline(None), Deadline.after_ms(3_600_000)):
        ample.check()
    with pytest.raises(DeadlineExceeded, match="time") as late:
        Deadline.after_ms(0).check()
    assert late.value.field == "timeout_ms"
