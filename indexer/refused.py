"""Documents that an index does not take count as rejected rows: written down, and too many stop the rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from indexer.sources.rejects import Reject, RejectLog, excerpt_of
from retrieval.protocols import GenerationWriter
from retrieval.types import Refusal


@runtime_checkable
class Refusing(Protocol):
    """A writer whose index may refuse a document; one without it takes all or fails."""

    def refused(self) -> Sequence[Refusal]:
        """Waits for all that was added; the documents that were refused, in order."""


def log_refused(writer: GenerationWriter, log: RejectLog, after: int = 0) -> int:
    """Moves what `writer` refused from the accepted rows to the rejected ones; how many.

    The first `after` are known already: kind by kind is refused in the order of its kinds.

    A reject names the generation in place of a file, since a document may come from any of them, and its id.
    """
    refusals = writer.refused()[after:] if isinstance(writer, Refusing) else ()
    for number, refusal in enumerate(refusals, 1):
        message = f"{refusal.id}: {refusal.reason}"
        log.add(Reject(writer.generation, number, None, "refused", message, excerpt_of(refusal.source)))
    log.accepted -= len(refusals)
    return len(refusals)
