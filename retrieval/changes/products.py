"""What every request asks: how far is the journal, and what is left of a generation as of there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, RLock

import numpy as np
from cachetools import LRUCache

from retrieval.changes.history import PRODUCT_CHANGES, History, off_rows
from retrieval.changes.journal import Journal
from retrieval.changes.overlay import Changeable, Overlay
from retrieval.errors import OverlayLost, StorageError
from retrieval.generations import Manifest
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import IntArray

POSITION = "position"
"""In the details of a manifest: the last entry of the journal that the generation was built with."""
_KEPT = 4
"""Generations: those of which cursors go on."""
_CHUNK = 5_000
_NOTHING = np.empty(0, np.int64)


def built_at(manifest: Manifest) -> int:
    """The last position that a generation was built with; 0 for one that was built before there was a journal."""
    return int(manifest.details.get(POSITION, 0))


def check_goes_on(manifest: Manifest, head: int) -> None:
    """Whether a journal that ends at `head` goes on where a generation was built.

    Raises:
        StorageError: it ends before: it is lost, or an older copy, and what is written into it now would be taken for
            what the generation was built with.
    """
    if head < (built := built_at(manifest)):
        raise StorageError(
            f"generation {manifest.generation} was built with {built} changes, the journal has {head}: it is lost, or"
            " an older copy", field="data_dir",
            hint="restore the journal that belongs to it, or rebuild (xunhuo rebuild) and send again what is newer",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Followed:
    """A generation, and what is known of what became of it. `lock` is held while more is learned."""

    history: History
    overlay: Overlay
    lock: RLock = field(default_factory=RLock)


class ProductChanges:
    """`retrieval.changes.seen.Changes` of products; of itself it takes nothing down. Thread-safe.

    Args:
        catch_up: writes what the overlay of a generation lacks of the journal; None in a process that only reads.
    """

    def __init__(self, journal: Journal, backend: object, catch_up: Callable[[str], object] | None = None) -> None:
        self.journal = journal
        self._backend = backend if isinstance(backend, Changeable) else None
        self.catch_up = catch_up
        self._followed: LRUCache[str, Followed] = LRUCache(_KEPT)
        self._lock = Lock()

    def epoch(self) -> int:
        """That of a request which begins now: all that was acknowledged to anybody is in it."""
        return self.journal.position()

    def since_built(self, kind: str, reader: IndexReader, epoch: int) -> IndexReader:
        """`reader`, of one kind in a generation as built, with all that the journal says of its products up to `epoch`.

        Any epoch up to the present can be asked for. Asked once for each; the answer is the caller's to keep.

        Raises:
            StorageError: the journal or the overlay cannot be read.
        """
        if kind != PRODUCT.kind or self._backend is None or epoch <= built_at(reader.manifest):
            return reader.without(off_rows(reader) if kind == PRODUCT.kind else _NOTHING, epoch=epoch)
        return self._since_built(reader, epoch, again=True)

    def _since_built(self, reader: IndexReader, epoch: int, *, again: bool) -> IndexReader:
        """With `again` a lost overlay is made anew."""
        followed = self.followed(reader)
        try:
            if not self.follow(followed, epoch) and self.catch_up is not None:
                self.catch_up(reader.manifest.generation)
                self.follow(followed, epoch)
            with followed.lock:
                return followed.overlay.reader(reader, followed.history.at(epoch))
        except OverlayLost:
            if self.catch_up is None or not again:
                raise
            self.forget()
            return self._since_built(reader, epoch, again=False)

    def forget(self) -> None:
        with self._lock:
            self._followed.clear()

    def taken_down(self, kind: str, reader: IndexReader) -> IntArray:
        return _NOTHING

    def off(self, reader: IndexReader, epoch: int) -> IntArray:
        """Rows of products that are kept at an epoch, though they cannot be found: they may be put on again; ascending.

        `reader` is of products, as built. Raises as `since_built`.
        """
        self.since_built(PRODUCT.kind, reader, epoch)
        return self.followed(reader).history.off(epoch)

    def followed(self, reader: IndexReader) -> Followed:
        """What is known of the generation of `reader`, as built."""
        assert self._backend is not None
        name = reader.manifest.generation
        with self._lock:
            if (known := self._followed.get(name)) is None:
                overlay = self._backend.overlay(name)
                known = self._followed[name] = Followed(History(reader, built_at(reader.manifest)), overlay)
            return known

    def follow(self, followed: Followed, epoch: int) -> bool:
        """Reads the journal up to `epoch`, and maybe further; False where the overlay lacks something of it."""
        history = followed.history
        with followed.lock:
            while history.position < epoch:
                entries = self.journal.read(history.position, _CHUNK, PRODUCT_CHANGES)
                if not history.advance(entries, followed.overlay.stamps(history.appended) if entries else ()):
                    return False
                if len(entries) < _CHUNK:
                    history.position = max(history.position, epoch)
        return True
