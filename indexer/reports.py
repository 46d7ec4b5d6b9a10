"""Reports of evaluations that lie in the data folder, for operators to look at: what `xunhuo eval … --out` wrote.

Only files that are listed are read, by the names that the list gives: no name of a caller becomes a path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import NotFound

FOLDER = "reports"
"""In the data folder; a folder in it is a report."""
_KINDS = {"comparison.json": "comparison", "summary.json": "run"}
_SHOWN = frozenset({".json", ".html"})


@dataclass(frozen=True, slots=True)
class Report:
    """A folder.

    Attributes:
        kind: ``comparison`` of two runs, a ``run``, or any ``page``.
        at: when its newest file was written, in seconds since 1970.
        files: that can be read.
    """

    name: str
    kind: str
    at: float
    files: tuple[str, ...]


class Reports:
    """Those below `folder`, which need not be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Report]:
        """The newest first."""
        return sorted(self._found(), key=lambda report: (-report.at, report.name))

    def read(self, name: str, file: str) -> bytes:
        """A file of a report. Raises NotFound."""
        for report in self._found():
            if report.name == name and file in report.files:
                return (self._folder / name / file).read_bytes()
        hint = "GET /v1/admin/reports names reports and their files"
        raise NotFound(f"there is no file {file[:80]} of a report {name[:80]}", field="file", hint=hint)

    def _found(self) -> Iterator[Report]:
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            files = [path for path in folder.iterdir() if path.suffix in _SHOWN] if folder.is_dir() else []
            if files:
                names = tuple(sorted(path.name for path in files))
                kind = next((kind for name, kind in _KINDS.items() if name in names), "page")
                yield Report(folder.name, kind, max(path.stat().st_mtime for path in files), names)
