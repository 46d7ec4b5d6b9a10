"""`xunhuo serve`, and the serving half of `xunhuo demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import clear_errors
from cli.options import ConfigFiles, DataDir, Overrides, settings_of
from configs.settings import Settings


def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else api.host.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; else api.port.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; else api.workers.")] = None,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the published generation over HTTP, e.g.: xunhuo serve --port 8080 --workers 2"""
    with clear_errors():
        serve(settings_of(config, overrides, data_dir), host, port, workers)


def serve(settings: Settings, host: str | None, port: int | None, workers: int | None) -> None:
    """Blocks until the service is told to stop."""
    from api.server import run

    run(
        host or settings.api.host,
        settings.api.port if port is None else port,
        workers or settings.api.workers,
        settings.model_dump_json(),
    )
