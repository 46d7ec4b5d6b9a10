"""Generations as folders of one machine, and the one small file that says which is served.

<data>/generations/g20260101T120000Z-1a2b/   a finished generation
<data>/generations/.building-…/              one being built; taken away by whoever finds its builder gone
<data>/CURRENT                               the name of the published one; replaced in one atomic rename
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from retrieval.backends.embedded.amend import EmbeddedAmender
from retrieval.backends.embedded.reader import EmbeddedReader
from retrieval.backends.embedded.writer import MANIFEST, EmbeddedWriter, checksums
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError, NotFound
from retrieval.generations import Manifest, read_manifest

_log = logging.getLogger("xunhuo.backend")
_BUILDING = ".building-"
_NAME = re.compile(r"g\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{4}", re.ASCII)


class EmbeddedBackend:
    """See `retrieval.protocols.Backend`. Several processes may read; `building` lets one build at a time."""

    def __init__(self, data_dir: Path, *, threads: int = 1) -> None:
        self._data, self._threads = data_dir, threads
        self._generations = data_dir / "generations"
        self._pointer = data_dir / "CURRENT"

    @contextmanager
    def building(self) -> Iterator[None]:
        """Holds the right to build; leftovers of a builder that was killed are taken away first.

        Raises:
            GenerationError: when another process is building here.
        """
        self._generations.mkdir(parents=True, exist_ok=True)
        with (self._data / "build.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise GenerationError(
                    f"another rebuild is running in {self._data}", hint="wait for it, or use another --data-dir"
                ) from None
            for leftover in self._generations.glob(f"{_BUILDING}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            yield

    def create(self, *, analyzer: str, encoder: str | None, dim: int) -> EmbeddedWriter:
        self._generations.mkdir(parents=True, exist_ok=True)
        name, now = _name()
        return EmbeddedWriter(
            self._generations / f"{_BUILDING}{name}", self._generations / name, created_at=now, analyzer=analyzer,
            encoder=encoder, dim=dim, previous=self._centroids_of(encoder), threads=self._threads,
        )  # fmt: skip

    def amend(self, generation: str, *, analyzer: str) -> EmbeddedAmender:
        name, now = _name()
        return EmbeddedAmender(
            self._folder(generation), self._generations / f"{_BUILDING}{name}", self._generations / name,
            created_at=now, analyzer=analyzer,
        )  # fmt: skip

    def publish(self, generation: str) -> None:
        self._folder(generation)
        temporary = self._pointer.with_suffix(f".{os.getpid()}")
        with temporary.open("w") as file:
            file.write(generation + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._pointer)

    def current(self, deadline: Deadline | None = None) -> str | None:
        try:
            return self._pointer.read_text().strip() or None
        except FileNotFoundError:
            return None

    def open(self, generation: str, deadline: Deadline | None = None) -> EmbeddedReader:
        return EmbeddedReader(self._folder(generation))

    def manifests(self) -> list[Manifest]:
        found = (self._manifest(name) for name in self._names())
        return [manifest for manifest in found if manifest]

    def verify(self, generation: str) -> list[str]:
        folder = self._folder(generation)
        try:
            manifest = read_manifest((folder / MANIFEST).read_bytes(), generation)
        except GenerationError as why:
            return [why.message]
        found = checksums(folder)
        problems = [f"{name} is missing" for name in manifest.files if name not in found]
        problems += [f"{name} is not in the manifest" for name in found if name not in manifest.files]
        problems += [
            f"{name} has changed: {found[name]['bytes']} bytes, {expected['bytes']} expected"
            for name, expected in manifest.files.items()
            if name in found and dict(found[name]) != dict(expected)
        ]
        if problems:
            return problems
        reader = EmbeddedReader(folder)
        wrong = {part: n for part, n in reader.counts().items() if n != manifest.documents}
        return [f"{part} has {n} rows, the manifest says {manifest.documents}" for part, n in wrong.items()]

    def delete(self, generation: str) -> None:
        if generation == self.current():
            raise GenerationError(f"{generation} is being served", hint="roll back or publish another one first")
        shutil.rmtree(self._folder(generation))

    def _folder(self, generation: str) -> Path:
        folder = self._generations / generation
        # The name may come from a cursor, so it is not trusted to be one.
        if not _NAME.fullmatch(generation) or not (folder / MANIFEST).is_file():
            raise NotFound(
                f"there is no generation {generation} in {self._generations}",
                hint=f"there are: {', '.join(self._names()) or 'none; run xunhuo rebuild'}",
            )
        return folder

    def _names(self) -> list[str]:
        return sorted(path.parent.name for path in self._generations.glob(f"g*/{MANIFEST}"))

    def _manifest(self, generation: str) -> Manifest | None:
        """None for one that cannot be read: it must not be in the way of those that can, nor of the next rebuild."""
        try:
            return read_manifest((self._generations / generation / MANIFEST).read_bytes(), generation)
        except (GenerationError, OSError) as why:
            _log.warning("%s", why)
            return None

    def _centroids_of(self, encoder: str | None) -> Path | None:
        current = self.current()
        if encoder is None or current is None:
            return None
        manifest = self._manifest(current)
        return self._generations / current if manifest and manifest.encoder == encoder else None


def _name() -> tuple[str, datetime]:
    """Of a new generation, and its time; names sort by time."""
    now = datetime.now(UTC)
    return f"g{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{secrets.token_hex(2)}", now
