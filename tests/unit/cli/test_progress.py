"""The bars of a rebuild:

1. After success every bar is whole, also of a stage whose size is not known.
2. After an error no half-drawn bar is left above the message; those of the stages that ended stay.
"""

from __future__ import annotations

import re

import pytest

from cli.progress import RichObserver


def drawn(shown: str) -> dict[str, int]:
    """Stage → per cent, as the bars stand at last."""
    return {name: int(share) for name, share in re.findall(r"(\w+) +[━╸╺ ]+ +(\d+) %", shown)}


def test_success(capsys: pytest.CaptureFixture[str]) -> None:  # 1
    with RichObserver() as observer:
        observer.stage("index", 100)
        observer.advance(60, 5)
        observer.stage("check", 0)
    assert drawn(capsys.readouterr().err) == {"index": 100, "check": 100}


def fail() -> None:
    with RichObserver() as observer:
        observer.stage("encoder", 0)
        observer.stage("index", 100)
        observer.advance(60, 5)
        raise ValueError("bad")


def test_error(capsys: pytest.CaptureFixture[str]) -> None:  # 2
    with pytest.raises(ValueError, match="bad"):
        fail()
    assert drawn(capsys.readouterr().err) == {"encoder": 100}
