"""What operators ask about generations: which there are, what the checks said of each, and who had which one served.

Of a generation that was refused nothing is left but what the checks found; that is shown, too, since somebody has to
mend the feed. A switch is an entry of the journal: who, when, why, from which to which.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from retrieval.changes.journal import Change, Journal
from retrieval.errors import NotFound, VersionConflict
from retrieval.generations import Manifest
from retrieval.protocols import Backend

KIND = "serve"
"""Of entries of the journal."""
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A generation, or one that was refused.

    Attributes:
        serving: it is the one that is searched; refused: it was not fit, and is gone.
        documents: kind → how many; bytes: of its files.
        against: the generation that the checks compared it with, None for none, or where nobody knows.
        passed: checks that found nothing; failed: check → what it found.
        seconds: check → how long it took, where that was kept.
        forced: who published it all the same, when and why; None: nobody had to.
    """

    generation: str
    serving: bool
    refused: bool
    created_at: str | None
    documents: Mapping[str, int]
    encoder: str | None
    bytes: int
    against: str | None
    passed: tuple[str, ...]
    failed: Mapping[str, list[str]]
    seconds: Mapping[str, float]
    forced: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Switch:
    """Somebody had a generation served; `was`: the one before, None for none."""

    generation: str
    was: str | None
    by: str
    at: float
    note: str


class GenerationDesk:
    """Safe to share between threads.

    Args:
        publishing: gives a backend that publishes nothing which lacks a change (`indexer.changes.opening`).
        rejects: the folder in which rebuilds leave what they found.
    """

    def __init__(self, backend: Backend, publishing: Callable[[], Backend], journal: Journal, rejects: Path) -> None:
        self._backend, self._publishing, self._journal, self._rejects = backend, publishing, journal, rejects

    def all(self) -> list[GenerationView]:
        """The newest first."""
        serving = self._backend.current()
        kept = {one.generation: self._view(one, serving) for one in self._backend.manifests()}
        gone = {path.parent.name: _refused(path) for path in self._rejects.glob("*/gates.json")}
        refused = {name: view for name, view in gone.items() if view is not None and name not in kept}
        return [found for _, found in sorted((kept | refused).items(), reverse=True)]

    def one(self, generation: str) -> GenerationView:
        """Raises NotFound."""
        for view in self.all():
            if view.generation == generation:
                return view
        hint = "xunhuo generations list names them"
        raise NotFound(f"there is no generation {generation[:80]}", field="generation", hint=hint)

    def serve(self, generation: str, *, by: str, note: str = "", expected: str | None = None) -> Switch:
        """Has a finished generation served; running services follow within a second.

        Args:
            expected: the one that is served as far as the caller knows; None: whichever.

        Raises:
            NotFound: there is none of this name.
            VersionConflict: another one is served by now.
            GenerationError, StorageError: it cannot be opened, or not be brought up to date.
        """
        if self.one(generation).refused:
            hint = "mend the feed and rebuild, or rebuild with --force"
            raise NotFound(f"generation {generation} was refused, and is gone", field="generation", hint=hint)
        was = self._backend.current()
        if expected is not None and expected != was:
            raise VersionConflict(f"{was} is served, not {expected}", field="expected", hint="look again, then choose")
        self._backend.open(generation).close()
        self._publishing().publish(generation)
        made = Switch(generation, was, by, time.time(), note)
        body = orjson.dumps({"was": was, "note": note})
        self._journal.append([Change(KIND, generation, body, by=by, at=made.at)])
        return made

    def before(self) -> str:
        """The one to go back to. Raises NotFound."""
        if (serving := self._backend.current()) is None:
            raise NotFound("no generation is published yet", hint="run xunhuo rebuild first")
        older = [one.generation for one in self._backend.manifests() if one.generation < serving]
        if not older:
            raise NotFound(f"there is no generation before {serving}", hint="xunhuo generations list names them")
        return older[-1]

    def history(self) -> list[Switch]:
        """Who had which served, the newest first. Raises StorageError."""
        found, read = [], 0
        while entries := self._journal.read(read, _AT_ONCE, (KIND,)):
            read = entries[-1].position
            for change in (entry.change for entry in entries):
                body = orjson.loads(change.body)
                found.append(Switch(change.target, body["was"], change.by, change.at, body["note"]))
        return found[::-1]

    def _view(self, manifest: Manifest, serving: str | None) -> GenerationView:
        trace: Mapping[str, Any] = manifest.details.get("gates", {})
        told = _gates(self._rejects / manifest.generation / "gates.json")
        return GenerationView(
            manifest.generation, manifest.generation == serving, False, manifest.created_at,
            {kind: one.documents for kind, one in manifest.collections.items()}, manifest.encoder,
            sum(int(file["bytes"]) for file in manifest.files.values()), trace.get("against"),
            tuple(trace.get("passed", ())), trace.get("failed", {}), told.get("seconds", {}), trace.get("forced"),
        )  # fmt: skip


def _refused(path: Path) -> GenerationView | None:
    """What the checks found in a generation that is not there; None where they found nothing: it was deleted later."""
    told = _gates(path)
    found: Mapping[str, list[str]] = told.get("found", {})
    failed = {name: problems for name, problems in found.items() if problems}
    if not failed:
        return None
    passed = tuple(name for name, problems in found.items() if not problems)
    return GenerationView(
        path.parent.name, False, True, None, {}, None, 0, told.get("against"), passed, failed, told["seconds"], None
    )


def _gates(path: Path) -> dict[str, Any]:
    """What a rebuild kept of its checks; {} where nothing, or nothing that can be read."""
    try:
        found: dict[str, Any] = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found
