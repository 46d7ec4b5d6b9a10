"""Generations as indices: which name means what on the cluster.

``<prefix>-products-g20260101t120000.000z-1a2b``   the products of a generation; index names know no capitals
``<prefix>-products-tail-g20260101t120000.000z-1a2b``   what was appended to them since
``<prefix>-products``                              the alias of those that are published
``<prefix>-attachments``                           what belongs to generations beside their documents
``<prefix>-lock``                                  the index of the builder's lock

Every other kind of documents has an index and an alias of its own, in the plural.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.backends.common.names import is_name

_INDEX = re.compile(r"([a-z]+)s-g(\d{8})t(\d{6}\.\d{3})z-([0-9a-f]{4})", re.ASCII)

TAIL = "-tail-"
"""In the names of indices of what was appended."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names under one prefix; several shops may share a cluster, each with a prefix of its own.

    Attributes:
        kinds: of documents.
    """

    prefix: str
    kinds: tuple[str, ...]

    @property
    def lock(self) -> str:
        return f"{self.prefix}-lock"

    @property
    def attachments(self) -> str:
        return f"{self.prefix}-attachments"

    @property
    def pattern(self) -> str:
        """Matches every index of every generation of this prefix."""
        return ",".join(self.pattern_of(kind) for kind in self.kinds)

    def alias(self, kind: str) -> str:
        return f"{self.prefix}-{kind}s"

    def pattern_of(self, kind: str) -> str:
        """Matches the indices of a kind in every generation."""
        return f"{self.alias(kind)}-g*"

    def index(self, kind: str, generation: str) -> str | None:
        """The index of a kind in a generation; None for what cannot be the name of one."""
        return f"{self.alias(kind)}-{generation.lower()}" if is_name(generation) else None

    def tail(self, kind: str, generation: str) -> str:
        """The index of what was appended to a kind in a generation."""
        return f"{self.alias(kind)}{TAIL}{generation.lower()}"

    def tail_of(self, index: str) -> str:
        """The same, of the index of a generation."""
        kind, _, generation = index.removeprefix(f"{self.prefix}-").partition("s-")
        return self.tail(kind, generation)

    def parsed(self, index: str) -> tuple[str, str] | None:
        """Kind and generation of an index; None for an index that is none of ours."""
        found = _INDEX.fullmatch(index.removeprefix(f"{self.prefix}-"))
        if found is None or found[1] not in self.kinds or not index.startswith(f"{self.prefix}-"):
            return None
        return found[1], f"g{found[2]}T{found[3]}Z-{found[4]}"
