"""Reject log:

1. Counts by reason, total, accepted and share agree; an empty log has share 0.
2. Rejects stand in the file as they come, one JSON object a line.
3. `check` stops above the share, not at it, not before `min_rows`, and names the top reasons, most frequent first.
4. An excerpt is at most 200 printable characters of any bytes.
5. A rejects file that cannot be made is an input error.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources.rejects import MAX_EXCERPT_CHARS, REASONS, Reject, RejectLog, excerpt_of, excerpt_of_fields
from retrieval.errors import InputError


def reject(reason: str, line: int = 1) -> Reject:
    return Reject("a.jsonl", line, None, reason, "…", "{")


def filled(path: Path | None = None) -> RejectLog:
    """A log of 10 rows: 6 accepted, 4 rejected."""
    with RejectLog(path) as log:
        for line, reason in enumerate(["invalid_json", "missing_id", "invalid_json", "too_deep"], start=1):
            log.add(reject(reason, line))
        log.accepted += 6
    return log


def test_counts() -> None:
    log = filled()
    assert log.counts == {"invalid_json": 2, "missing_id": 1, "too_deep": 1}
    assert (log.total, log.accepted, log.share) == (4, 6, 0.4)
    assert RejectLog().share == 0.0


def test_file_holds_each_reject(tmp_path: Path) -> None:
    filled(tmp_path / "rejects.jsonl")
    lines = (tmp_path / "rejects.jsonl").read_bytes().splitlines()
    assert [Reject(**orjson.loads(line)) for line in lines] == [
        reject("invalid_json", 1),
        reject("missing_id", 2),
        reject("invalid_json", 3),
        reject("too_deep", 4),
    ]


@pytest.mark.parametrize(("max_share", "min_rows"), [(0.4, 1), (0.39, 11), (1.0, 0)])
def test_check_lets_through(max_share: float, min_rows: int) -> None:
    filled().check(max_share, min_rows)


def test_check_stops_and_names_the_reasons(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        filled(tmp_path / "rejects.jsonl").check(0.39, 10)
    message = caught.value.message
    assert "4 of 10 rows" in message
    assert "40.0%" in message
    assert message.index("invalid_json × 2") < message.index("missing_id × 1") < message.index("too_deep × 1")
    assert REASONS["missing_id"] in message
    assert str(tmp_path / "rejects.jsonl") in str(caught.value.hint)


@settings(deadline=None, database=None, max_examples=200)
@given(st.binary(max_size=2_000) | st.text(max_size=2_000))
def test_excerpt_is_safe(raw: bytes | str) -> None:
    excerpt = excerpt_of(raw)
    assert len(excerpt) <= MAX_EXCERPT_CHARS
    assert excerpt.isprintable()


def test_excerpt_keeps_what_can_be_shown() -> None:
    assert excerpt_of('{"标题": "红\x1b裙\u202e"}'.encode()) == '{"标题": "红�裙�"}'
    assert excerpt_of("裙" * 300) == "裙" * 200
    assert excerpt_of(("裙" * 300).encode()) == "裙" * 200
    assert excerpt_of_fields({"id": 1, "title": "裙"}) == '{"id":1,"title":"裙"}'
    assert excerpt_of_fields({"id": 2**70}) == ""


def test_file_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write the rejects file"), RejectLog(tmp_path / "none" / "r.jsonl"):
        pass
