"""`xunhuo dictionary put` and `add`: a whole file put in force, or lines added to what is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import ConfigFiles, DataDir, Overrides, settings_of
from retrieval.errors import InputError

if TYPE_CHECKING:
    from retrieval.dictionaries.versions import Dictionaries

SHOWN = 20
Name = Annotated[str, typer.Argument(help="As in xunhuo dictionary list, e.g. synonyms or entities/brands.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check it and show the lines; keep nothing.")]


def put_command(
    name: Name,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The whole dictionary, UTF-8.")],
    replace: Annotated[bool, typer.Option("--replace", help="Let go of lines that the file does not have.")] = False,
    dry_run: DryRun = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Check a file and put it in force; running services follow within a second.

    Example: xunhuo dictionary put synonyms synonyms.tsv
    """
    with clear_errors():
        store, text = _store(config, overrides, data_dir), text_of(file)
        store.check(name, text)
        gone = dropped(store.diff(name, text))
        if gone and not (replace or dry_run):
            print_lines([f"-{line}" for line in gone])
            hint = f"add its lines with `xunhuo dictionary add {name} {file}`, or let those go with --replace"
            raise InputError(f"{len(gone):,} lines of {name} are not in this file", field=str(file), hint=hint)
        _put(store, name, text, dry_run=dry_run)


def add_command(
    name: Name,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The lines to add, UTF-8.")],
    dry_run: DryRun = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Add the lines of a file to a dictionary; what is there stays.

    Example: xunhuo dictionary add synonyms mine.tsv
    """
    with clear_errors():
        store = _store(config, overrides, data_dir)
        there, text = store.text(name), text_of(file)
        store.check(name, text)
        new = [
            line for line in dict.fromkeys(text.removeprefix("\ufeff").splitlines()) if line not in there.splitlines()
        ]
        _put(
            store, name, "".join(f"{line}\n" for line in [*there.splitlines(), *new]) if new else there, dry_run=dry_run
        )


def dropped(lines: Sequence[str]) -> list[str]:
    """Of the lines of a difference (``-`` and ``+``) the entries that go, without those that come again changed:
    with the same first piece."""
    come = Counter(_key(line[1:]) for line in lines if line.startswith("+"))
    gone = []
    for line in (line[1:] for line in lines if line.startswith("-")):
        come[_key(line)] -= 1
        if _key(line) and come[_key(line)] < 0:
            gone.append(line)
    return gone


def text_of(file: Path) -> str:
    """What is not UTF-8 is told with its line, as everything else that cannot be read."""
    return file.read_bytes().decode("utf-8", "surrogateescape")


def print_lines(lines: Sequence[str]) -> None:
    """The first of them, and how many more there are."""
    for line in lines[:SHOWN]:
        typer.echo(line)
    if len(lines) > SHOWN:
        typer.echo(f"… and {len(lines) - SHOWN:,} more lines")


def say_pending(name: str) -> None:
    """What is left to do after an edit of words that documents follow."""
    from retrieval.dictionaries.files import dictionary_file

    if dictionary_file(name).indexed:
        typer.echo("  → documents follow with: xunhuo dictionary apply", err=True)


def _put(store: Dictionaries, name: str, text: str, *, dry_run: bool) -> None:
    current, lines = store.current(name), store.diff(name, text)
    print_lines(lines)
    if dry_run:
        typer.echo(f"{name} can be read; nothing was kept")
        return
    version = store.put(name, text, now=datetime.now(UTC), expected=current)
    typer.echo(f"version {version} of {name} is in force" if lines else f"{name} stays version {version}")
    if lines:
        say_pending(name)


def _store(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> Dictionaries:
    from retrieval.wiring.places import dictionaries_of

    return dictionaries_of(settings_of(config, overrides, data_dir))


def _key(line: str) -> str:
    """What an entry is about: its first piece; nothing of a comment."""
    return re.split(r"[\t=]", line.split("#", 1)[0].strip())[0].strip()
