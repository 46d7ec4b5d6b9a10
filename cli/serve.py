"""`xunhuo serve`, and the serving half of `xunhuo demo`."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Annotated

import typer

from cli.console import clear_errors
from cli.keys import DAY_S, show_new
from cli.options import ConfigFiles, DataDir, Overrides, settings_of
from configs.settings import Settings


def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else api.host.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; else api.port.")] = None,
    new_admin_key: Annotated[
        bool, typer.Option("--new-admin-key", help="Where no key may everything, make one and print it once.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; else api.workers.")] = None,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the published generation over HTTP, e.g.: xunhuo serve --port 8080 --workers 2"""
    with clear_errors():
        settings = settings_of(config, overrides, data_dir)
        if new_admin_key:
            make_admin_key(settings)
        serve(settings, host, port, workers)


def make_admin_key(settings: Settings) -> None:
    """Prints a key of the role admin, if no such key holds: started again, a service does not make more and more."""
    from retrieval.keys.key import Role, new_key
    from retrieval.wiring.places import open_keys

    now, days = time.time(), settings.auth.expire_days
    with closing(open_keys(settings)) as store:
        if found := [key for key in store.all() if key.role is Role.ADMIN and key.holds(now)]:
            typer.echo(f"there is an admin key already: {found[0].id} ({found[0].name})", err=True)
            return
        key, text = new_key("admin", Role.ADMIN, now, expires=now + days * DAY_S if days else None)
        store.add(key)
    show_new(key, text)


def serve(settings: Settings, host: str | None, port: int | None, workers: int | None) -> None:
    """Blocks until the service is told to stop."""
    from api.server import run

    run(
        host or settings.api.host,
        settings.api.port if port is None else port,
        workers or settings.api.workers,
        settings.model_dump_json(),
    )
