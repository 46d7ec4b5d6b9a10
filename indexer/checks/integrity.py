"""What lies on disk is what was written: files, checksums and row counts agree with the manifest."""

from __future__ import annotations

from indexer.checks.context import CheckContext


def integrity(context: CheckContext) -> list[str]:
    """As `xunhuo generations verify`."""
    return context.backend.verify(context.reader.manifest.generation)
