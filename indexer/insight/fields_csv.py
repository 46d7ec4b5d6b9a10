"""The by-field report as CSV: a line a field, then a line a way, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, fields

from indexer.insight.fields import FieldRow, Report, Way


def as_csv(report: Report) -> str:
    """Two tables with their heads, an empty line between them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for kind, rows in ((FieldRow, report.fields), (Way, report.ways)):
        writer.writerow(each.name for each in fields(kind))
        writer.writerows(astuple(row) for row in rows)
        if kind is FieldRow:
            writer.writerow(())
    return out.getvalue()
