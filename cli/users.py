"""`xunhuo users`: what a shopper may ask for, as the API offers it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.interest.store import Choices, EventStore

app = typer.Typer(no_args_is_help=True, help="What is held of a shopper, and what a shopper may ask for.")
User = Annotated[str, typer.Argument(help="user_id of the events.")]
Interest = Annotated[str, typer.Argument(help="dimension:value as the profile shows it, e.g. brand:希禾.")]


@app.command("export")
def export_command(
    user: User,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Everything that is held of a shopper, as JSON lines, e.g.: xunhuo users export u1 > u1.jsonl"""
    with clear_errors(), _opened(config, overrides, data_dir) as store:
        from retrieval.interest.rights import checked_user, export

        for line in export(store, checked_user(user)):
            sys.stdout.buffer.write(line)


@app.command("delete")
def delete_command(
    user: User,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Take everything of a shopper away, so that no byte of it stays in the store, e.g.: xunhuo users delete u1"""
    with clear_errors(), _opened(config, overrides, data_dir) as store:
        from retrieval.interest.rights import checked_user

        deleted = store.delete(checked_user(user))
        print_json({"deleted": deleted}) if as_json else typer.echo(f"{deleted:,} events deleted")


@app.command("consent")
def consent_command(
    user: User,
    given: Annotated[bool, typer.Option("--yes/--no", help="Whether a profile may be made and events kept.")],
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Give or withdraw consent, e.g.: xunhuo users consent u1 --no"""
    from retrieval.interest.rights import give_consent

    _change(lambda store, who: give_consent(store, who, given), user, as_json, config, overrides, data_dir)


@app.command("forget")
def forget_command(
    user: User,
    interest: Interest,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Take one interest away: what was done so far does not count for it, e.g.: xunhuo users forget u1 brand:希禾"""
    from retrieval.interest.rights import remove_interest

    _change(
        lambda store, who: remove_interest(store, who, interest, time.time()),
        user,
        as_json,
        config,
        overrides,
        data_dir,
    )


@app.command("pin")
def pin_command(
    user: User,
    interest: Interest,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Confirm one interest, e.g.: xunhuo users pin u1 category:女装/连衣裙"""
    from retrieval.interest.rights import pin_interest

    _change(lambda store, who: pin_interest(store, who, interest), user, as_json, config, overrides, data_dir)


def _change(
    change: Callable[[EventStore, str], Choices], user: str, as_json: bool, config: list[Path] | None,
    overrides: list[str] | None, data_dir: Path | None,
) -> None:  # fmt: skip
    with clear_errors(), _opened(config, overrides, data_dir) as store:
        from retrieval.interest.rights import checked_user, shown

        choices = shown(change(store, checked_user(user)))
        if as_json:
            print_json(choices)
            return
        typer.echo(f"consent: {'given' if choices['consent'] else 'withdrawn'}")
        for name in ("removed", "pinned"):
            typer.echo(f"{name}: {', '.join(choices[name]) or '–'}")


@contextmanager
def _opened(
    config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None
) -> Iterator[EventStore]:  # fmt: skip
    from retrieval.wiring.places import open_events

    with closing(open_events(settings_of(config, overrides, data_dir))) as store:
        yield store
