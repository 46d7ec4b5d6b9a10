"""`xunhuo suggest`: completions, the hot list and shade words in a terminal; its JSON is that of the API."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from cli.console import clear_errors
from cli.opening import opened_mall
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json


def suggest_command(
    typed: Annotated[str, typer.Argument(help="What is in the search box; none: what may stand in an empty one.")] = "",
    user: Annotated[str, typer.Option("--user", help="Who types; own queries and interests count.")] = "",
    session: Annotated[str, typer.Option("--session", help="The visit, where it is known.")] = "",
    hot: Annotated[bool, typer.Option("--hot", help="The hot list instead.")] = False,
    size: Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")] = 10,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show what is suggested, e.g.: xunhuo suggest bao温, xunhuo suggest --hot, xunhuo suggest --user u1"""
    with clear_errors(), opened_mall(settings_of(config, overrides, data_dir)) as (_, _, suggester):
        from api.suggest_answers import hot_answer, shade_answer, suggest_answer
        from retrieval.suggest.answer import SuggestRequest

        suggester.refresh()
        asked, id = SuggestRequest(typed, user, session, size), uuid4().hex
        if hot:
            shown = hot_answer(suggester.hot(size), request_id=id)
            lines = [f"{one['query']}  ({one['trend']}, {one['score']:+.1f})" for one in shown["hot"]]
        elif typed.strip():
            shown = suggest_answer(suggester.suggest(asked), request_id=id)
            lines = [_line(one) for one in shown["suggestions"]]
        else:
            shown = shade_answer(suggester.shade(asked), request_id=id)
            lines = [f"{one['query']}  ({one['because']} {one['of'] or ''})" for one in shown["words"]]
        if as_json:
            print_json(shown)
            return
        for line in lines:
            typer.echo(line)


def _line(one: dict[str, object]) -> str:
    category, shop = one["category"], one["shop"]
    where = f"  在 {category[-1]} 里搜" if isinstance(category, list) else f"  进店搜 {one['query']}" if shop else ""
    return f"{one['score']:6.3f}  {one['text']}{where}  ({one['kind']}{', own' if one['own'] else ''})"
