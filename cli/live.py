"""`xunhuo live`: which livestreams are on air, and what is said of them, as the API offers it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table

if TYPE_CHECKING:
    from api.live import Livestreams

app = typer.Typer(no_args_is_help=True, help="Which livestreams are on air, and what is on their screens.")


@app.command("set")
def set_command(
    id: Annotated[str, typer.Argument(help="id of the livestream.")],
    state: Annotated[str, typer.Argument(help="scheduled, on_air, off_air or replay; on_air again is a heartbeat.")],
    product: Annotated[str | None, typer.Option("--product", help="The product on the screen; '' for none.")] = None,
    price: Annotated[str | None, typer.Option("--price", help="Yuan, as it is said for the product.")] = None,
    ts: Annotated[str | None, typer.Option("--ts", help="When: seconds since 1970, or ISO 8601; else now.")] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Say what a room is now, e.g.: xunhuo live set l00001 on_air --product p0001234 --price 89.9"""
    with clear_errors(), _opened(config, overrides, data_dir) as live:
        from api.live import body_of

        given = {"state": state, "ts": time.time() if ts is None else ts, "product_id": product, "price": price}
        found = live.put(id, body_of({name: value for name, value in given.items() if value is not None}))
        if as_json:
            print_json(found | {"request_id": uuid4().hex})
            return
        print_table([_row(found)])
        if not found["changed"]:
            typer.echo("known already, nothing changed")


@app.command("list")
def list_command(
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show the rooms on air, e.g.: xunhuo live list --json"""
    with clear_errors(), _opened(config, overrides, data_dir) as live:
        rooms = live.on_air()
        if as_json:
            accepts = settings_of(config, overrides, data_dir).live.accept_states
            print_json({"rooms": rooms, "accepts_states": accepts, "request_id": uuid4().hex})
        elif rooms:
            print_table([_row(room) for room in rooms])
        else:
            typer.echo("nobody is on air")


def _row(room: dict[str, Any]) -> dict[str, Any]:
    from retrieval.live.state import clock

    product = room["product"] or {"product_id": None, "price": None}
    price = product["price"]
    return {
        "livestream": room["id"],
        "state": f"{room['state']}, no heartbeat" if room["lapsed"] else room["state"],
        "since": clock(room["since"]),
        "product": product["product_id"],
        "price": None if price is None else f"¥{price:g}",
    }


@contextmanager
def _opened(
    config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None
) -> Iterator[Livestreams]:  # fmt: skip
    from api.live import Livestreams
    from retrieval.wiring.places import open_live_rooms

    settings = settings_of(config, overrides, data_dir)
    with closing(open_live_rooms(settings)) as store:
        yield Livestreams(store, settings.live.ahead_seconds)
