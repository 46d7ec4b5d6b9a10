"""How large an input row may be: bounds that keep memory flat whatever the file holds."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one row; a row beyond them is rejected and the next one is read.

    Args:
        max_title_chars: longest title, in Unicode code points, ≥ 1.
        max_line_bytes: longest row of a text file, in bytes before decoding, ≥ 1. A quoted CSV row may span lines;
            they count together. Parquet has no lines: there only the title is bounded.

    Raises:
        SettingsError: a bound below 1.
    """

    max_title_chars: int = 2_000
    max_line_bytes: int = 8 * 1024 * 1024

    def __post_init__(self) -> None:
        for name in ("max_title_chars", "max_line_bytes"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} must be at least 1", field=name, hint="leave it out to use the default")
