"""Reports of evaluations:

1. Each folder with something to read is one, the newest first, of the kind that its files say; others are none.
2. Files that are listed are read; whatever else is asked for is not there, whichever path it names.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.reports import Reports
from retrieval.errors import NotFound


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    for at, (name, files) in enumerate({
        "base": ("summary.json", "report.html", "run.trec"), "b-a": ("comparison.json", "sides.html"),
        "suggest": ("suggest.html",), "empty": (), "other": ("notes.txt",),
    }.items()):  # fmt: skip
        folder = tmp_path / "reports" / name
        folder.mkdir(parents=True)
        for file in files:
            (folder / file).write_text(f"{name} {file}")
            os.utime(folder / file, (1000 + at, 1000 + at))
    (tmp_path / "reports" / "summary.json").write_text("no report")
    (tmp_path / "keys.json").write_text("secret")
    return Reports(tmp_path / "reports")


def test_listed(reports: Reports, tmp_path: Path) -> None:  # 1
    assert [(each.name, each.kind, each.at) for each in reports.all()] == [
        ("suggest", "page", 1002), ("b-a", "comparison", 1001), ("base", "run", 1000),
    ]  # fmt: skip
    assert reports.all()[2].files == ("report.html", "summary.json")
    assert Reports(tmp_path / "nowhere").all() == []


def test_read(reports: Reports) -> None:  # 2
    assert reports.read("base", "summary.json") == b"base summary.json"
    for name, file in (
        ("base", "run.trec"), ("base", "../b-a/sides.html"), ("..", "keys.json"), (".", "summary.json"), ("", ""),
        ("empty", "summary.json"), ("other", "notes.txt"),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="there is no file"):
            reports.read(name, file)
