"""The journal: every live change, in the one order in which it counts, durable before anybody is told that it is kept.

Positions are 1, 2, 3 … without a gap. Everything else follows from it: what is alive in a generation, what is taken
down, which rules hold. So an acknowledged change is found again after a crash, a restart, a rebuild, a rollback.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from retrieval.errors import StorageError

_MOST_KEY_CHARS = 128


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be kept.

    Attributes:
        kind: ``upsert``, ``patch``, ``delete``, ``take_down``, ``restore``, ``rules`` …
        target: what it is about: the id of a product, ``shop:s1``, the name of a dictionary.
        body: as JSON; read by whoever knows the kind.
        key: of the call; the same key again is the same change, and is kept once. "" never is.
        by: who says so: the name of an access key, or of a command.
        at: seconds since 1970, as whoever wrote it had the time; the order is that of positions.
    """

    kind: str
    target: str
    body: bytes
    key: str = ""
    by: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A change in its place, ≥ 1."""

    position: int
    change: Change


class Journal(Protocol):
    """Safe between threads; several processes may read and append."""

    def append(self, changes: Sequence[Change]) -> list[int]:
        """Keeps them all, or none, durably, in this order; the position of each.

        One whose key is known gets the position that it has already.

        Raises:
            StorageError: they cannot be kept.
        """

    def read(self, after: int = 0, limit: int = 10_000, kinds: Collection[str] = ()) -> list[Entry]:
        """Up to `limit` entries behind position `after`, in order; of these kinds, where any are named.

        Raises:
            StorageError: one of them is damaged; said is which.
        """

    def known(self, keys: Collection[str]) -> dict[str, Entry]:
        """Key → its entry, of those of `keys` that are known; "" never is."""

    def position(self) -> int:
        """That of the last entry, 0 without any. Cheap enough to be asked in every request."""

    def head(self) -> int:
        """The same without `seen_after`: as it is now, for whoever builds on it."""

    @property
    def seen_after(self) -> float:
        """Seconds after an append in which `position` counts it in every process; here it counts at once."""

    def close(self) -> None:
        """Gives back what it holds; idempotent."""


def checksum(position: int, change: Change) -> bytes:
    """Eight bytes over all that an entry says."""
    digest = blake2b(digest_size=8)
    for part in (str(position), change.kind, change.target, change.key, change.by, repr(change.at)):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(4, "little") + data)
    digest.update(change.body)
    return digest.digest()


def check_key(key: str) -> None:
    """Raises StorageError when a key is too long to be kept."""
    if len(key) > _MOST_KEY_CHARS:
        raise StorageError(f"a key has at most {_MOST_KEY_CHARS} characters", field="key", hint="send a shorter one")
