"""What a store of keys must promise: durable before the answer, and that a change can be noticed cheaply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from retrieval.keys.key import Key


class KeyStore(Protocol):
    """Thread-safe; several processes may use one store. Every method raises StorageError, or NotReady of a cluster,
    where it cannot. A key is never deleted: that there ever was one is why callers are asked for theirs.
    """

    def version(self) -> str:
        """Another text after every `add` and `change`, in whatever process, as soon as that returned; "" before the
        first. Cheap: services ask it again and again."""

    def all(self) -> Sequence[Key]:
        """All keys, also those that hold no longer, the oldest first."""

    def add(self, key: Key) -> None:
        """Takes a key in; its id is new."""

    def change(self, id: str, change: Callable[[Key], Key]) -> Key:
        """What a key becomes. Of changes at the same moment each sees what the others left, and may be asked twice.

        Raises:
            NotFound: there is no such key.
        """

    def used(self, times: Mapping[str, float]) -> None:
        """Notes when keys were last used, by id; an earlier time than is known changes nothing."""

    def close(self) -> None:
        """Gives back what it holds; idempotent."""
