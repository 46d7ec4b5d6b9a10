"""docs/security.md shows the table that is enforced, whole and in its order. Run this file to write it there."""

from __future__ import annotations

from pathlib import Path

from api.auth.table import LINES, NOBODY, Cell
from retrieval.keys.key import Role

DOCUMENT = Path(__file__).parents[4] / "docs" / "security.md"
BEGIN, END = "<!-- from api/auth/table.py -->\n", "<!-- end -->"


def table() -> str:
    """The table in Markdown."""
    columns = (NOBODY, *Role)
    rows = [f"| Route | no key | {' | '.join(Role)} |", "|---" * (len(columns) + 1) + "|"]
    for line in LINES.values():
        cells = ("–" if line.cells[column] is Cell.NO else line.cells[column].value for column in columns)
        rows.append(f"| `{line.method} {line.path}` | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def test_the_table_is_documented() -> None:
    shown = DOCUMENT.read_text("utf-8").split(BEGIN)[1].split(END)[0]
    assert shown.strip() == table().strip()


if __name__ == "__main__":
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    DOCUMENT.write_text(before + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2], "utf-8")
