"""`xunhuo interests`: the profiles of shoppers, made anew from the events that are kept."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from typing import Annotated

import orjson
import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of


def interests_command(
    users: Annotated[list[str] | None, typer.Argument(help="user_id of the events; none: everybody.")] = None,
    as_of: Annotated[
        float | None, typer.Option("--as-of", help="Seconds since 1970; later events say nothing. Else: now.")
    ] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What is believed that shoppers like, as GET /v1/users/{id}/profile says it; as JSON lines with --json.

    There is nothing to rebuild: a profile is a function of the events, made when it is asked for.

    Examples:

      xunhuo interests u1 u2

      xunhuo interests --json > profiles.jsonl
    """
    with clear_errors():
        from rich.console import Console
        from rich.progress import track

        from cli.generations import serving_name
        from retrieval.interest.rights import checked_user
        from retrieval.schema import PRODUCT
        from retrieval.wiring.changes import open_changes
        from retrieval.wiring.interest import open_profiles
        from retrieval.wiring.places import make_backend, open_events
        from retrieval.wiring.takedowns import with_takedowns

        settings = settings_of(config, overrides, data_dir)
        backend, now = make_backend(settings), time.time() if as_of is None else as_of
        with closing(open_events(settings)) as store:
            asked = [checked_user(user) for user in users] if users else list(store.users())
            profiles = open_profiles(settings, store)
            seen = with_takedowns(open_changes(settings, backend=backend))
            with closing(backend.open(serving_name(backend.current())).collection(PRODUCT.kind)) as built:
                reader = seen.since_built(PRODUCT.kind, built, seen.epoch())
                profiles.learn_intervals(reader, now)
                for user in track(
                    asked, "profiles", console=Console(stderr=True), transient=True, disable=len(asked) < 2
                ):
                    _print(user, profiles.shown(user, reader, now, seen), as_json)


def _print(user: str, shown: dict[str, object], as_json: bool) -> None:
    if as_json:
        line = orjson.dumps({"user_id": user, "profile": shown}, option=orjson.OPT_APPEND_NEWLINE)
        sys.stdout.write(line.decode())
        return
    said = shown.get("in_words")
    typer.echo(f"{user}: {'；'.join(said) if isinstance(said, list) else '（没有同意）'}")
