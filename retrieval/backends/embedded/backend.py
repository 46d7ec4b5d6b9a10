"""Generations as folders of one machine, and the one small file that says which is served.

<data>/generations/g20260101T120000Z-1a2b/   a finished generation
<data>/generations/.building-…/              one being built; taken away by whoever finds its builder gone
<data>/live/g20260101T120000Z-1a2b/          what was appended to its products since (`overlay`)
<data>/CURRENT                               the name of the published one; replaced in one atomic rename
"""

from __future__ import annotations

import fcntl
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from retrieval.backends.common.names import is_name, new_name
from retrieval.backends.embedded.amend import EmbeddedAmender
from retrieval.backends.embedded.folder import MANIFEST, checksums, collection_folder, replace_file
from retrieval.backends.embedded.generation import EmbeddedGeneration
from retrieval.backends.embedded.held import Held
from retrieval.backends.embedded.overlay import EmbeddedOverlay
from retrieval.backends.embedded.writer import EmbeddedWriter
from retrieval.deadline import Deadline
from retrieval.errors import GenerationError, NotFound
from retrieval.generations import Manifest, read_manifest
from retrieval.schema import KINDS, PRODUCT, Schema

_log = logging.getLogger("xunhuo.backend")
_BUILDING = ".building-"


class EmbeddedBackend:
    """See `retrieval.protocols.Backend`. Several processes may read; `building` lets one build at a time."""

    def __init__(
        self, data_dir: Path, *, schemas: Sequence[Schema] = KINDS, threads: int = 1, patience_s: float = 10.0
    ) -> None:
        """`patience_s`: how long another process that writes changes is waited for."""
        self._data, self._threads = data_dir, threads
        self._live, self._patience_s = data_dir / "live", patience_s
        self._changing = Held(self._live / "changes.lock", "nothing was changed", patience_s=patience_s)
        self._schemas = {schema.kind: schema for schema in schemas}
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

    def create(self, *, analyzer: str, encoder: str | None, dim: int, kinds: Sequence[str] = ()) -> EmbeddedWriter:
        first, *others = self._schemas.values()
        schemas = [first, *(schema for schema in others if schema.kind in kinds)]
        self._generations.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        name = new_name(now)
        return EmbeddedWriter(
            self._generations / f"{_BUILDING}{name}", self._generations / name, schemas, created_at=now,
            analyzer=analyzer, encoder=encoder, dim=dim, previous=self._served(encoder), threads=self._threads,
        )  # fmt: skip

    def amend(self, generation: str, *, analyzer: str) -> EmbeddedAmender:
        now = datetime.now(UTC)
        name = new_name(now)
        return EmbeddedAmender(
            self._folder(generation), self._generations / f"{_BUILDING}{name}", self._generations / name,
            self._schemas, created_at=now, analyzer=analyzer,
        )  # fmt: skip

    def publish(self, generation: str) -> None:
        self._folder(generation)
        replace_file(self._pointer, f"{generation}\n".encode())

    def current(self, deadline: Deadline | None = None) -> str | None:
        try:
            return self._pointer.read_text().strip() or None
        except FileNotFoundError:
            return None

    def open(self, generation: str, deadline: Deadline | None = None) -> EmbeddedGeneration:
        return EmbeddedGeneration(self._folder(generation), self._schemas.values())

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
        return problems or EmbeddedGeneration(folder, self._schemas.values()).problems()

    def annotate(self, generation: str, details: Mapping[str, object]) -> None:
        path = self._folder(generation) / MANIFEST
        manifest = read_manifest(path.read_bytes(), generation)
        replace_file(path, replace(manifest, details={**manifest.details, **details}).to_json())

    def delete(self, generation: str) -> None:
        if generation == self.current():
            raise GenerationError(f"{generation} is being served", hint="roll back or publish another one first")
        shutil.rmtree(self._folder(generation))
        shutil.rmtree(self._live / generation, ignore_errors=True)

    def overlay(self, generation: str) -> EmbeddedOverlay:
        folder = self._folder(generation)
        manifest = read_manifest((folder / MANIFEST).read_bytes(), generation)
        return EmbeddedOverlay(
            collection_folder(folder, PRODUCT.kind, manifest), self._live / generation, self._schemas[PRODUCT.kind],
            manifest, patience_s=self._patience_s,
        )  # fmt: skip

    def changing(self) -> AbstractContextManager[None]:
        return self._changing()

    def _folder(self, generation: str) -> Path:
        folder = self._generations / generation
        if not is_name(generation) or not (folder / MANIFEST).is_file():
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

    def _served(self, encoder: str | None) -> dict[str, Path]:
        """Kind → folder of its collection in the served generation, where its vectors are of this encoder."""
        current = self.current()
        manifest = self._manifest(current) if encoder and current else None
        if manifest is None or manifest.encoder != encoder:
            return {}
        folder = self._generations / manifest.generation
        return {kind: collection_folder(folder, kind, manifest) for kind in manifest.collections}
