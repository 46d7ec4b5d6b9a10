"""The dictionaries of a shop, edited while a service runs: every version is kept, one is current.

<data>/dictionaries/synonyms/000002-20260101T120000Z   a version; never changed once it is there
<data>/dictionaries/synonyms/CURRENT                   the number of the one in force; replaced in one atomic rename
<data>/dictionaries/entities/brands/…                  the words of kinds, in the same way

What a shop has not edited is the file of the settings (`analysis.lexicon_dir`, `understanding.*_dir`, else what is
built in): version 0 of every dictionary. Nothing is taken in that the loader of its file does not read.
"""

from __future__ import annotations

import difflib
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.dictionaries.files import FILES, Folders, dictionary_file
from retrieval.errors import LexiconError, NotFound, VersionConflict

_CURRENT = "CURRENT"
_GROUPS = ("lexicon", "entities", "rules")
_MOST_NAMED = 20
"""Lines that are named of a text that cannot be read."""


@dataclass(frozen=True, slots=True)
class Version:
    """`number` 0 is the file of the settings, which has no `created_at` (UTC, ISO 8601)."""

    number: int
    created_at: str | None
    bytes: int


class Dictionaries:
    """Safe to share between threads and processes: writers take turns, readers see whole files only."""

    def __init__(self, folder: Path, base: Folders) -> None:
        """`folder` need not exist before the first edit; `base` holds version 0 of every dictionary."""
        self._folder, self._base = folder, base

    def current(self, name: str) -> int:
        """The number of the version in force. Raises NotFound."""
        dictionary_file(name)
        try:
            return int((self._folder / name / _CURRENT).read_text())
        except FileNotFoundError:
            return 0
        except ValueError:
            raise LexiconError(f"which version of {name} is in force cannot be read", hint="roll it back") from None

    def text(self, name: str, version: int | None = None) -> str:
        """The whole file, of the version in force where none is given. Raises NotFound."""
        path = self._path(name, self.current(name) if version is None else version)
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""

    def versions(self, name: str) -> tuple[Version, ...]:
        """All versions, oldest first. Raises NotFound."""
        path = self._path(name, 0)
        base = Version(0, None, path.stat().st_size if path.is_file() else 0)
        return (base, *(_version(kept) for kept in self._kept(name)))

    def diff(self, name: str, text: str) -> tuple[str, ...]:
        """What `text` changes in the version in force: lines that begin with ``-`` or ``+``. Raises NotFound."""
        lines = difflib.unified_diff(self.text(name).splitlines(), text.splitlines(), lineterm="", n=0)
        return tuple(line for line in list(lines)[2:] if not line.startswith("@@"))

    def check(self, name: str, text: str) -> None:
        """Whether a service could read `text` as this dictionary.

        Raises:
            NotFound: there is no such dictionary.
            LexiconError: lines cannot be read, all of which the message names; its field is ``file:line`` of the first.
        """
        found: list[LexiconError] = []
        lines = text.split("\n")
        while len(found) < _MOST_NAMED and (why := self._problem(name, "\n".join(lines))):
            file, _, number = (why.field or "").rpartition(":")
            found.append(why)
            if file != dictionary_file(name).file or not number.isdecimal() or not lines[int(number) - 1]:
                break
            lines[int(number) - 1] = ""  # and what else?
        if len(found) > 1:
            said = "".join(f"\n  {why.field}: {why.message}" for why in found)
            raise LexiconError(f"these lines cannot be read:{said}", field=found[0].field, hint="correct them all")
        if found:
            raise found[0]

    def _problem(self, name: str, text: str) -> LexiconError | None:
        of = dictionary_file(name)
        with self.assembled({name: text}) as folders:
            try:
                of.load(folders)
            except LexiconError as why:
                hint = why.hint and why.hint.replace(f"{getattr(folders, of.group)}{os.sep}", "")
                return LexiconError(why.message, field=why.field, hint=hint)
        return None

    def put(self, name: str, text: str, *, now: datetime, expected: int | None = None) -> int:
        """Keeps `text` as a new version and puts it in force; the number of the version. The same text changes nothing.

        Args:
            now: when, with a time zone.
            expected: the version that `text` was made from; None replaces whatever is in force.

        Raises:
            NotFound: there is no such dictionary.
            LexiconError: a line cannot be read; nothing is kept.
            VersionConflict: another version is in force by now; nothing is kept.
        """
        self.check(name, text)
        with self._writing():
            current = self._expected(name, expected)
            if text.encode("utf-8") == self.text(name).encode("utf-8"):
                return current
            number = max((_version(kept).number for kept in self._kept(name)), default=0) + 1
            path = self._folder / name / f"{number:06d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text.encode("utf-8"))
            _write(path.with_name(_CURRENT), f"{number}\n".encode())
        return number

    def rollback(self, name: str, version: int, *, expected: int | None = None) -> None:
        """Puts an older version in force again, 0 for the file of the settings.

        Raises:
            NotFound: there is no such dictionary or version.
            LexiconError: this service cannot read that version any more.
            VersionConflict: as `put`.
        """
        if version == 0:
            self._path(name, 0)
        else:
            self.check(name, self.text(name, version))
        with self._writing():
            self._expected(name, expected)
            (self._folder / name).mkdir(parents=True, exist_ok=True)
            _write(self._folder / name / _CURRENT, f"{version}\n".encode())

    def state(self) -> tuple[object, ...]:
        """Another value whenever a dictionary may have changed; cheap enough to be asked every second."""
        pointers = [self._folder / name / _CURRENT for name in FILES]
        files = [getattr(self._base, of.group) / of.file for of in FILES.values()]
        return tuple(_stamp(path) for path in (*pointers, *files))

    @contextmanager
    def assembled(self, changes: Mapping[str, str] | None = None) -> Iterator[Folders]:
        """Folders as the loaders want them: what is in force, with `changes` (name → text) laid over.

        A folder in which nothing was edited is that of the settings itself.
        """
        paths = {name: self._path(name, number) for name in FILES if (number := self.current(name))}
        with ExitStack() as stack:
            folders = {}
            for group in _GROUPS:
                folders[group] = base = getattr(self._base, group)
                edited = {of.file: paths[name] for name, of in FILES.items() if of.group == group and name in paths}
                changed = {
                    FILES[name].file: text
                    for name, text in (changes or {}).items()
                    if dictionary_file(name).group == group
                }
                if edited or changed:
                    folders[group] = Path(stack.enter_context(TemporaryDirectory(prefix="xunhuo-")))
                    files = {path.name: path for path in base.glob("*.t*")} | edited
                    for file in files.keys() - changed.keys():
                        (folders[group] / file).symlink_to(files[file].absolute())
                    for file, text in changed.items():
                        (folders[group] / file).write_bytes(text.encode("utf-8", "surrogatepass"))
            yield Folders(**folders)

    def _path(self, name: str, version: int) -> Path:
        of = dictionary_file(name)
        if version == 0:
            return Path(getattr(self._base, of.group)) / of.file
        for kept in self._kept(name):
            if _version(kept).number == version:
                return kept
        numbers = ", ".join(str(v.number) for v in self.versions(name))
        raise NotFound(f"there is no version {version} of {name}", field="version", hint=f"there are: {numbers}")

    def _kept(self, name: str) -> list[Path]:
        return sorted((self._folder / name).glob("[0-9]*-*Z"))

    def _expected(self, name: str, expected: int | None) -> int:
        current = self.current(name)
        if expected is not None and expected != current:
            raise VersionConflict(
                f"version {current} of {name} is in force, not {expected}", field=name, hint="read it again, then edit"
            )
        return current

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _version(path: Path) -> Version:
    number, _, time = path.name.partition("-")
    created = datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Version(int(number), created.isoformat(), path.stat().st_size)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _write(path: Path, data: bytes) -> None:
    """There whole, or not at all, whatever happens meanwhile."""
    temporary = path.with_name(f".{path.name}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
