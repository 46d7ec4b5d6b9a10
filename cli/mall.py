"""`xunhuo feed`, `similar` and `related`: what the mall recommends, in a terminal; their JSON is that of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from cli.console import clear_errors
from cli.opening import opened_mall
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.search import Words
from cli.terminal import print_json, print_shown

if TYPE_CHECKING:
    from retrieval.mall.mall import Mall

Size = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]
User = Annotated[str, typer.Option("--user", help="Who asks; else what everybody sees.")]
Session = Annotated[str, typer.Option("--session", help="The visit, where it is known.")]
Personal = Annotated[bool, typer.Option("--personal/--no-personal", help="Read the shopper's profile.")]


def feed_command(
    user: User = "",
    session: Session = "",
    category: Annotated[str, typer.Option("--category", help="A path from the root, e.g. 女装/连衣裙.")] = "",
    cursor: Annotated[str | None, typer.Option("--cursor", help="next_cursor of the page before.")] = None,
    personal: Personal = True,
    size: Size = 20,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show what the mall has for somebody, e.g.: xunhuo feed --user u1 --size 10"""
    with clear_errors(), opened(config, overrides, data_dir) as mall:
        from api.mall_answers import feed_answer
        from retrieval.mall.answer import FeedRequest

        found = mall.feed(FeedRequest(user, session, category, cursor, size, personal))
        if as_json:
            print_json(feed_answer(found, request_id=uuid4().hex))
        else:
            print_shown(found.hits)


def similar_command(
    id: Annotated[str, typer.Argument(help="id of a product.")],
    size: Size = 10,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show things like a thing, e.g.: xunhuo similar p0001234"""
    with clear_errors(), opened(config, overrides, data_dir) as mall:
        from api.mall_answers import similar_answer

        found = mall.similar(id, size)
        if as_json:
            print_json(similar_answer(found, request_id=uuid4().hex))
        else:
            print_shown(found.found.hits)


def related_command(
    words: Words,
    size: Size = 10,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show queries that go with a query, e.g.: xunhuo related 保温杯"""
    with clear_errors(), opened_mall(settings_of(config, overrides, data_dir)) as (_, mall, suggester):
        from api.mall_answers import related_answer

        query = " ".join(words).strip()
        mall.related(query, size)
        suggester.refresh()  # searches for those of which nobody knew what they find
        found = mall.related(query, size)
        if as_json:
            print_json(related_answer(found, request_id=uuid4().hex))
            return
        for one in found.related:
            typer.echo(f"{one.score:6.3f}  {one.query}  ({one.source})")


@contextmanager
def opened(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> Iterator[Mall]:
    """The mall of these settings, for one command."""
    with opened_mall(settings_of(config, overrides, data_dir)) as (_, mall, _):
        yield mall
