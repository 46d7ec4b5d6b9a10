"""How rules, their versions and a preview of them look in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from cli.dictionary_edits import SHOWN

if TYPE_CHECKING:
    from indexer.rules.preview import Preview, Side
    from retrieval.rules.book import Version
    from retrieval.rules.edition import Edition
    from retrieval.rules.problems import Problem


def rule_rows(edition: Edition) -> list[dict[str, Any]]:
    """The rules in force, what counts first before, and behind them the campaigns."""
    now = datetime.now(UTC).timestamp()
    campaigns = [
        {
            "id": campaign.id,
            "name": campaign.name,
            "priority": None,
            "holds": campaign.runs_at(now),
            "from": campaign.start and campaign.start.isoformat(),
            "until": campaign.until and campaign.until.isoformat(),
            "does": "campaign",
        }
        for campaign in edition.rules.campaigns
    ]
    rules = [
        {
            "id": rule.id,
            "name": rule.name,
            "priority": rule.priority,
            "holds": rule.holds_at(now),
            "from": rule.start and rule.start.isoformat(),
            "until": rule.until and rule.until.isoformat(),
            "does": " ".join(rule.actions),
        }
        for rule in edition.rules.rules
    ]
    return rules + campaigns


def version_rows(versions: Sequence[Version]) -> list[dict[str, Any]]:
    """All versions, each with what it changed."""
    return [_row(version, before) for version, before in zip(versions, (None, *versions), strict=False)]


def _row(version: Version, before: Version | None) -> dict[str, Any]:
    from indexer.rules.publish import changes

    return {
        "version": version.number,
        "at": datetime.fromtimestamp(version.at, UTC).isoformat(timespec="seconds"),
        "by": version.by,
        "note": version.note,
        "restored": version.restored,
        "rules": version.rules,
        **changes(before.document if before else {}, version.document),
    }


def print_yaml(value: Any) -> None:
    """As a file writes it."""
    from indexer.rules.desk import as_yaml

    sys.stdout.write(as_yaml(value))


def say_notes(problems: Sequence[Problem]) -> None:
    """What is worth a look, and stops nothing."""
    for problem in [each for each in problems if not each.fatal][:SHOWN]:
        typer.echo(f"note: {problem}" + (f" → {problem.hint}" if problem.hint else ""), err=True)


def print_preview(found: Preview) -> None:
    """The queries that change, and what moves."""
    changed = [each for each in found.queries if each.changed]
    typer.echo(f"{len(changed):,} of {len(found.queries):,} queries change ({found.seconds:.2f} s)")
    for each in changed:
        typer.echo(f"{each.query}: {_side(each.before)} → {_side(each.after)}")
        for one in each.moved[:SHOWN]:
            typer.echo(f"  {one.before or '–'} → {one.after or '–'}  {one.id}  {one.title}")
    if found.silent:
        typer.echo(f"held for none of them: {', '.join(found.silent)}")
    for campaign in found.campaigns:
        typer.echo(f"campaign {campaign.id}: {campaign.total:,} goods{'' if campaign.runs else ', not running then'}")


def _side(side: Side) -> str:
    beside = {
        "searches": side.rewritten,
        "leads to": side.redirect,
        "shows": " ".join(side.banners),
        "means": side.campaign,
    }
    said = "".join(f", {what} {value}" for what, value in beside.items() if value)
    return f"{side.total:,} hits ({', '.join(side.held) or 'no rule'}{said})"
