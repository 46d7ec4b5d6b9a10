"""A search under way: one value that is handed from step to step."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from retrieval.deadline import Deadline
from retrieval.protocols import IndexReader
from retrieval.request import PageRequest
from retrieval.serving.opened import Opened
from retrieval.serving.understandings import Understanding, Understandings


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked, of which generation, read by whom, until when.

    Attributes:
        size: hits of the page, ≥ 0; explain: whether every part of their scores is given.
        reader: of the generation, for this request.
        edition: of the dictionaries; `understanding` is that of the generation.
        deadline: after it no channel is waited for; until: after it nothing more is begun.
    """

    page: PageRequest
    size: int
    explain: bool
    opened: Opened
    reader: IndexReader
    edition: Understandings
    understanding: Understanding
    deadline: Deadline
    until: Deadline

    def key(self, *of: Hashable) -> Hashable:
        """Under which something may be remembered that depends on the snapshot, the dictionaries and on `of`."""
        return self.edition, self.page.snapshot, *of
