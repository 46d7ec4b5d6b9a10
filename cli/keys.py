"""`xunhuo keys`: who may call the service. A key is printed once, when it is made; only a hash of it is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table

if TYPE_CHECKING:
    from retrieval.keys.key import Key
    from retrieval.keys.store import KeyStore

app = typer.Typer(no_args_is_help=True, help="Who may call the service: keys, their roles, and how they end.")
Id = Annotated[str, typer.Argument(help="id of the key, as `xunhuo keys list` shows it.")]
DAY_S, HOUR_S = 86_400.0, 3600.0


@app.command("create")
def create_command(
    name: Annotated[str, typer.Argument(help="Who uses it, e.g. shop-server.")],
    role: Annotated[str, typer.Option(help="search, events, indexer, operator or admin; see docs/security.md.")],
    days: Annotated[
        int | None, typer.Option(min=0, help="Days that it holds, 0: for ever; else auth.expire_days.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="Page that may use it in a browser, https://shop.example; repeatable.")
    ] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and print it once, e.g.: xunhuo keys create page --role search --origin https://shop.example"""
    with clear_errors():
        from retrieval.keys.key import new_key

        settings, now = settings_of(config, overrides, data_dir), time.time()
        kept = settings.auth.expire_days if days is None else days
        key, text = new_key(
            name, _role(role), now, expires=now + kept * DAY_S if kept else None, origins=tuple(origin or ())
        )
        with opened(config, overrides, data_dir) as store:
            first = not store.version()
            store.add(key)
        if first:
            typer.echo("the first key: from now on all callers are asked for one, on this machine as well", err=True)
        show_new(key, text, as_json)


@app.command("list")
def list_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """Show all keys, and when they were last used, to an hour, e.g.: xunhuo keys list --json"""
    with clear_errors(), opened(config, overrides, data_dir) as store:
        now = time.time()
        keys = [shown(key, now) for key in store.all()]
        if as_json:
            print_json({"keys": keys})
        elif keys:
            print_table([_row(each) for each in keys])
        else:
            typer.echo("there are no keys: the service answers to its own machine alone")


@app.command("rotate")
def rotate_command(
    id: Id,
    overlap: Annotated[
        float | None, typer.Option(min=0, max=720, help="Hours that the old one holds; else auth.overlap_hours.")
    ] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Give a key a new secret and print it once, e.g.: xunhuo keys rotate 4k2jx09qzv1m --overlap 2"""
    with clear_errors():
        from retrieval.keys.key import told

        settings, text, now = settings_of(config, overrides, data_dir), told(id), time.time()
        seconds = (settings.auth.overlap_hours if overlap is None else overlap) * HOUR_S
        with opened(config, overrides, data_dir) as store:
            key = store.change(id, lambda key: key.rotated(text, now, seconds))
        show_new(key, text, as_json)
        typer.echo(f"the one before holds until {_time(key.before_until)}", err=True)


@app.command("revoke")
def revoke_command(
    id: Id, as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """Take a key back: a second later it opens nothing, in no process, e.g.: xunhuo keys revoke 4k2jx09qzv1m"""
    with clear_errors(), opened(config, overrides, data_dir) as store:
        now = time.time()
        key = shown(store.change(id, lambda key: key.taken_back(now)), now)
        print_json(key) if as_json else typer.echo(f"{key['id']} ({key['name']}) is revoked")


def show_new(key: Key, text: str, as_json: bool = False) -> None:
    """Prints a key, the only time; what is said about it goes to stderr, so that `KEY=$(…)` takes the key alone."""
    facts = shown(key, key.created)
    if as_json:
        print_json(facts | {"key": text})
        return
    until = f"until {facts['expires']}" if facts["expires"] else "for ever"
    typer.echo(f"{key.name}: role {key.role}, holds {until}, id {key.id}; it is shown this once:", err=True)
    typer.echo(text)


def shown(key: Key, now: float) -> dict[str, Any]:
    """What people are told of a key; nothing that opens anything."""
    state = "revoked" if key.revoked is not None else "holds" if key.holds(now) else "expired"
    return {
        "id": key.id, "name": key.name, "role": key.role.value, "state": state, "created": _time(key.created),
        "expires": _time(key.expires), "origins": [*key.origins],
        "before_until": _time(key.before_until) if key.before_until > now else None, "used": _time(key.used),
    }  # fmt: skip


def _row(key: dict[str, Any]) -> dict[str, Any]:
    """Short enough for a terminal; --json has all of it."""
    state = f"{key['state']}, rotated" if key["before_until"] else key["state"]
    days = {name: (key[name] or "–")[:10] for name in ("expires", "used")}
    return (
        {name: key[name] for name in ("id", "name", "role")}
        | {"state": state, **days}
        | {"origins": " ".join(key["origins"]) or "–"}
    )


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _role(text: str) -> Any:
    from retrieval.errors import InvalidRequest
    from retrieval.keys.key import Role

    if text not in set(Role):
        raise InvalidRequest(f"There is no role {text!r}.", field="role", hint=f"Use {', '.join(Role)}.")
    return Role(text)


@contextmanager
def opened(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> Iterator[KeyStore]:
    """Where the keys are kept."""
    from retrieval.wiring.places import open_keys

    with closing(open_keys(settings_of(config, overrides, data_dir))) as store:
        yield store
