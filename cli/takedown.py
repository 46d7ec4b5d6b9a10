"""`xunhuo takedown`: what may not be seen any more, as /v1/admin/takedowns offers it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import account, clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table

if TYPE_CHECKING:
    from retrieval.takedowns.desk import TakeDownDesk
    from retrieval.takedowns.takedown import TakeDown

app = typer.Typer(
    no_args_is_help=True, help="Take products, shops, videos, words … down at once, whatever serves; docs/takedowns.md."
)
KindName = Annotated[str, typer.Argument(help="product, spu, shop, brand, video, creator, query or word.")]
Values = Annotated[list[str], typer.Argument(help="Ids; of brands, queries and words their texts.")]
Key = Annotated[str, typer.Option("--key", help="Idempotency key: the same call again changes nothing.")]
Note = Annotated[str, typer.Option("--note", help="In your words; no shopper sees it.")]


@app.command("add")
def add_command(
    kind: KindName,
    values: Values,
    reason: Annotated[str, typer.Option("--reason", help="law, counterfeit, safety, recall, complaint …")] = "other",
    note: Note = "",
    until: Annotated[str | None, typer.Option("--until", help="ISO 8601; it expires by itself then.")] = None,
    silent: Annotated[bool, typer.Option("--silent", help="No answer says that a rule is the reason.")] = False,
    key: Key = "",
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Take down, in every running service too, e.g.: xunhuo takedown add shop s17 --reason counterfeit --note case8"""
    with clear_errors():
        asked = _asked(kind, values, reason=reason, note=note, until=until, show_notice=not silent)
        _print(_desk(config, overrides, data_dir).add(asked, account(), key), as_json)


@app.command("restore")
def restore_command(
    targets: Annotated[list[str], typer.Argument(help="kind:value, as they are listed.")],
    note: Note = "",
    key: Key = "",
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Take back, e.g.: xunhuo takedown restore shop:s17 --note cleared"""
    with clear_errors():
        restored = _desk(config, overrides, data_dir).restore(targets, account(), note, key)
        print_json({"restored": restored}) if as_json else _table([{"restored": each} for each in restored])


@app.command("list")
def list_command(
    kind: Annotated[str | None, typer.Option("--kind", help="Of this kind only.")] = None,
    value: Annotated[str, typer.Option("--value", help="What the value must contain.")] = "",
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What stands, the newest first, e.g.: xunhuo takedown list --kind shop --json"""
    with clear_errors():
        from retrieval.takedowns.takedown import kind_named

        kinds = [kind_named(kind)] if kind else []
        _print(_desk(config, overrides, data_dir).standing(kinds, containing=value), as_json)


@app.command("check")
def check_command(
    kind: KindName,
    values: Values,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What it would take down; nothing is kept, e.g.: xunhuo takedown check word 减肥药"""
    with clear_errors():
        effects = _desk(config, overrides, data_dir).check(_asked(kind, values))
        if as_json:
            print_json([asdict(each) for each in effects])
            return
        print_table([
            {"target": e.target, **e.hits, "stands": e.stands, "for example": "；".join(_titles(e.samples))}
            for e in effects
        ])  # fmt: skip


@app.command("history")
def history_command(
    target: Annotated[str, typer.Argument(help="kind:value; left out, of all.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="The newest so many.")] = 100,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Who did what, when and why, e.g.: xunhuo takedown history shop:s17"""
    with clear_errors():
        entries = _desk(config, overrides, data_dir).history(target, limit)
        names = ("action", "target", "operator", "reason", "note")
        rows = [{"at": _time(each["at"]), **{name: each[name] or "" for name in names}} for each in entries]
        print_json(entries) if as_json else _table(rows)


def _desk(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> TakeDownDesk:
    from retrieval.wiring.takedowns import lone_takedown_desk

    return lone_takedown_desk(settings_of(config, overrides, data_dir))


def _asked(kind: str, values: list[str], **more: Any) -> list[TakeDown]:
    from api.takedown_schema import takedown_of

    return [takedown_of({"kind": kind, "value": value, **more}) for value in values]


def _print(found: list[TakeDown], as_json: bool) -> None:
    from retrieval.takedowns.tell import shown

    rows = list(map(shown, found))
    if as_json:
        print_json(rows)
        return
    _table([
        {
            "target": row["target"], "reason": row["reason_name"], "note": row["note"], "by": row["operator"],
            "since": _time(row["since"]), "until": _time(row["until"]) if row["until"] else "",
        }
        for row in rows
    ])  # fmt: skip


def _table(rows: list[dict[str, Any]]) -> None:
    print_table(rows) if rows else typer.echo("nothing")


def _titles(samples: Any) -> list[str]:
    return [sample.title for of_kind in samples.values() for sample in of_kind][:3]


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
