"""`xunhuo video` and `xunhuo moments`: what is said in videos, in a terminal; their JSON is that of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.console import clear_errors
from cli.opening import opened_mall
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import clock, print_json, quoted

if TYPE_CHECKING:
    from retrieval.videos.videos import Videos

Size = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]


def video_command(
    id: Annotated[str, typer.Argument(help="id of a video or livestream.")],
    queries: Annotated[bool, typer.Option("--queries", help="What to search after it, instead.")] = False,
    size: Size = 10,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show a video: its moments, and what they show; or what to search next.

    Examples:

      xunhuo video v00001

      xunhuo video v00001 --queries --json
    """
    with clear_errors(), _opened(config, overrides, data_dir) as videos:
        from api.video_answers import after_answer, video_answer

        if queries:
            after = videos.queries(id, size)
            if as_json:
                print_json(after_answer(after, request_id=uuid4().hex))
                return
            for one in after.queries:
                typer.echo(f"{one.query}\t{one.source}")
            return
        video = videos.watch(id)
        if as_json:
            print_json(video_answer(video, request_id=uuid4().hex))
            return
        console = Console()
        console.print(Text(f"{video.record['kind']} {id}  {video.record['title']}", "bold"))
        table = Table("from", "to", "what is said", "shows")
        titles = {link["id"]: str(link["record"].get("title") or "") for link in video.products}
        for moment in video.moments:
            shows = "\n".join(f"{one.id} {titles.get(one.id, '')} ({one.confidence:.2f})" for one in moment.products)
            said = " ".join(line.text for line in moment.lines)
            table.add_row(clock(moment.start), clock(moment.end), Text(said), Text(shows))
        console.print(table)


def moments_of_command(
    id: Annotated[str, typer.Argument(help="id of a product.")],
    size: Size = 10,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show where a product is shown and talked about, e.g.: xunhuo moments p0001234"""
    with clear_errors(), _opened(config, overrides, data_dir) as videos:
        from api.video_answers import moments_answer

        found = videos.moments(id, size)
        if as_json:
            print_json(moments_answer(found, request_id=uuid4().hex))
            return
        if not found.moments:
            typer.echo("nobody shows it")
            return
        table = Table("video", "from", "what is said", "how sure")
        for one in found.moments:
            table.add_row(Text(one.video_id), clock(one.start), quoted(one.quote), f"{one.confidence or 0:.2f}")
        Console().print(table)


@contextmanager
def _opened(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> Iterator[Videos]:
    from retrieval.videos.videos import Videos
    from retrieval.wiring.options import video_options

    settings = settings_of(config, overrides, data_dir)
    with opened_mall(settings) as (engine, mall, _):
        yield Videos(engine, video_options(settings), mall)
