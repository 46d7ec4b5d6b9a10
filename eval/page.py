"""The parts both HTML reports are put together from. All text that comes from outside is escaped here, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template

from eval.measures import PRIMARY
from eval.slices import TINY
from eval.types import Outcome, ShownDocument

SLICE_PLOTS = (PRIMARY, "R@100")
"""Measures drawn by kind of query: is it on the first page, was it recalled at all."""

TINY_NOTE = f"Pale bars stand on fewer than {TINY} queries."

SHOWN = 5
"""Results listed per query."""

GOLD_SHOWN = 3
"""Relevant documents listed per query."""


def page(title: str, *parts: str) -> str:
    """A whole page: everything in one file, nothing to load, no scripts."""
    template = Template(files("eval").joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(title=escape(title), body="\n".join(part for part in parts if part))


def heading(title: str, about: dict[str, str], *lines: str) -> str:
    """The top of a page."""
    said = [" · ".join(f"{key}: {value}" for key, value in about.items()), *lines]
    return f"<h1>{escape(title)}</h1>" + "".join(f'<p class="soft">{escape(line)}</p>' for line in said if line)


def section(title: str, *parts: str, note: str = "") -> str:
    """A headed part of the page."""
    noted = f'<p class="soft">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{noted}{''.join(parts)}</section>"


def folded(title: str, *parts: str) -> str:
    """A part that is closed until it is asked for."""
    return f"<details><summary>{escape(title)}</summary>{''.join(parts)}</details>"


def figures(*named: tuple[str, str, str]) -> str:
    """Plots side by side; each is (title, what to see in it, svg)."""
    inner = (
        f"<figure><figcaption><b>{escape(title)}</b><br>{escape(caption)}</figcaption>{svg}</figure>"
        for title, caption, svg in named
    )
    return f'<div class="figures">{"".join(inner)}</div>'


def tiles(values: Iterable[tuple[str, str, str]]) -> str:
    """Large numbers; each is (name, value, what stands below)."""
    inner = (
        f'<div class="tile"><span class="soft">{escape(name)}</span><b>{escape(value)}</b>'
        f'<span class="soft">{escape(below)}</span></div>'
        for name, value, below in values
    )
    return f'<div class="tiles">{"".join(inner)}</div>'


def table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], *, text_columns: int = 1, long_column: int = -1
) -> str:
    """A table that scrolls sideways; the first columns are text, the long one holds queries and may be wrapped."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(f"<{tag}{kind(place)}>{escape(cell)}</{tag}>" for place, cell in enumerate(row))

    def kind(place: int) -> str:
        if place == long_column:
            return ' class="long" lang="zh-Hans"'
        return ' class="text"' if place < text_columns else ""

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{cells("th", headers)}</tr></thead><tbody>{body}</tbody></table></div>'


def cards(inner: Iterable[str]) -> str:
    """Queries side by side."""
    return f'<div class="cards">{"".join(inner)}</div>'


def card(query: str, meta: str, *parts: str) -> str:
    """One query with what there is to see of it."""
    top = f'<h3 lang="zh-Hans">{escape(query)}</h3><p class="meta">{escape(meta)}</p>'
    return f'<article class="card">{top}{"".join(parts)}</article>'


def gold(outcome: Outcome) -> str:
    """The relevant documents of a query, the best graded first, with the rank each was found at."""
    lines = [
        f'<div lang="zh-Hans">{escape(name(document))} <span class="soft">{rank_text(document.rank)}</span></div>'
        for document in outcome.relevant[:GOLD_SHOWN]
    ]
    more = len(outcome.relevant) - GOLD_SHOWN
    lines += [f'<div class="soft">and {more} more</div>'] if more > 0 else []
    return f'<div class="gold">{"".join(lines)}</div>' if lines else '<p class="soft">no relevant document</p>'


def results(outcome: Outcome) -> str:
    """The first results of a query, relevant ones marked."""
    if not outcome.top:
        return '<p class="soft">no result</p>'
    lines = (
        f'<li lang="zh-Hans"{" class=hit" if (document.grade or 0) >= 1 else ""}>{escape(name(document))}</li>'
        for document in outcome.top[:SHOWN]
    )
    return f"<ol>{''.join(lines)}</ol>"


def name(document: ShownDocument) -> str:
    """The title, or the id where no title is known."""
    return document.title or document.id


def rank_text(rank: int | None) -> str:
    """``rank 7`` or ``not found``."""
    return f"rank {rank}" if rank else "not found"
