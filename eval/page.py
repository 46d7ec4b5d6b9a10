"""The door to the pages in templates/: values are escaped there, plots come as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined

from eval.slices import TINY

RECALLED = "R@100"
"""Drawn by kind of query beside the primary measure: was it recalled at all."""

Figure: TypeAlias = tuple[str, str, str]
"""Title, what to see in it, SVG."""

Table: TypeAlias = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Headers and rows."""


def render(template: str, **values: object) -> str:
    """A whole page: everything in one file, nothing to load, and no script but one that the page names by its hash."""
    tiny_note = f"Pale bars stand on fewer than {TINY} queries."
    return _environment().get_template(template).render(tiny_note=tiny_note, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("eval"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["rank"] = lambda rank: f"rank {rank}" if rank else "not found"
    return environment
