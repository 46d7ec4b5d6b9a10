"""The options that every command shares, and how they become settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from configs.settings import Settings, load_settings

ConfigFiles: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--config", metavar="FILE", help="Settings file laid over the defaults; repeatable."),
]
Overrides: TypeAlias = Annotated[
    list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="One setting; repeatable.")
]
DataDir: TypeAlias = Annotated[Path | None, typer.Option("--data-dir", help="Folder of indexes and caches.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def settings_of(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> Settings:
    """The settings that these options ask for. Raises ConfigError."""
    return load_settings(config or [], overrides or [], data_dir)
