"""Generations as indices: which name means what on the cluster.

``<prefix>-products-g20260101t120000.000z-1a2b``   one generation; index names know no capitals
``<prefix>-products``                              the alias of the published one
``<prefix>-lock``                                  the index of the builder's lock
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

_GENERATION = re.compile(r"g\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{4}", re.ASCII)
_INDEX = re.compile(r"g(\d{8})t(\d{6}\.\d{3})z-([0-9a-f]{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Names:
    """Names under one prefix; several shops may share a cluster, each with a prefix of its own."""

    prefix: str

    @property
    def alias(self) -> str:
        return f"{self.prefix}-products"

    @property
    def lock(self) -> str:
        return f"{self.prefix}-lock"

    @property
    def attachments(self) -> str:
        return f"{self.prefix}-attachments"

    @property
    def pattern(self) -> str:
        """Matches every generation of this prefix."""
        return f"{self.prefix}-products-g*"

    def index(self, generation: str) -> str | None:
        """The index of a generation; None for what cannot be the name of one, since it may come from a cursor."""
        return f"{self.alias}-{generation.lower()}" if _GENERATION.fullmatch(generation) else None

    def generation(self, index: str) -> str | None:
        """The generation of an index; None for an index that is none of ours."""
        found = _INDEX.fullmatch(index.removeprefix(f"{self.alias}-"))
        return f"g{found[1]}T{found[2]}Z-{found[3]}" if found else None


def new_generation(now: datetime) -> str:
    """A name that sorts by the moment of its creation (UTC, milliseconds)."""
    return f"g{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{secrets.token_hex(2)}"
