"""The page that shows the first ten of every query under two runs side by side, the most different queries first."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from eval.compare import TIE, Comparison, Pair
from eval.compare_report import about_of, values_of
from eval.graded.shares import has_answer
from eval.measures import primary_of
from eval.page import render
from eval.types import Outcome, ShownDocument

KINDS = (
    (
        "B",
        {"better": "better", "worse": "worse", "even": "as good, other hits or places", "same": "the same first ten"},
    ),
    ("answer", {"answered": "there is one", "unanswered": "there is none"}),
)
"""What the page can be narrowed to, one of each: of what, kind → its name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hit, and what became of its place: ``new``, ``↑2``, ``↓1``, or nothing. `divided`: the divider is above it."""

    document: ShownDocument
    move: str
    divided: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One query under both runs."""

    query: str
    meta: str
    search: str
    kinds: str
    a: tuple[Row, ...]
    b: tuple[Row, ...]


def sides_page(comparison: Comparison, answer: int = 1) -> str:
    """One self-contained HTML page; its only script is its own filter. `answer`: the lowest grade that is one."""
    s = comparison.summary
    primary = primary_of(one.measure for one in s.measures)
    script = files("eval").joinpath("templates", "sides.js").read_text(encoding="utf-8")
    return render(
        "sides.html",
        title=f"Side by side: {s.name_b} against {s.name_a}",
        about=[f"A: {about_of(s.name_a, s.about_a)}", f"B: {about_of(s.name_b, s.about_b)}"],
        cards=[_card(pair, primary, answer) for pair in most_different_first(comparison.pairs, primary)],
        kinds=KINDS,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def most_different_first(pairs: Sequence[Pair], primary: str) -> list[Pair]:
    """By the difference in the primary measure, up or down; then by how many places differ; then by qid."""
    return sorted(pairs, key=lambda pair: (-round(abs(pair.delta(primary)), 9), -different_places(pair), pair.a.qid))


def different_places(pair: Pair) -> int:
    """Of the first ten, how many hold another document, or hold it on the other side of the divider."""
    a, b = ([(one.id, one.near) for one in side.top] for side in (pair.a, pair.b))
    return sum(one != other for one, other in zip(a, b, strict=False)) + abs(len(a) - len(b))


def kinds_of(pair: Pair, primary: str, answer: int) -> tuple[str, str]:
    """How B compares, and whether there is an answer to be found."""
    delta = pair.delta(primary)
    even = "even" if different_places(pair) else "same"
    how = even if abs(delta) < TIE else "better" if delta > 0 else "worse"
    return how, "answered" if has_answer(pair.a, answer) else "unanswered"


def rows_of(side: Outcome, other: Outcome) -> tuple[Row, ...]:
    """The first ten of a side, each with how it moved against the other."""
    before = {document.id: document.rank for document in other.top}
    near = [False, *(document.near for document in side.top)]
    return tuple(
        Row(document, _move(before.get(document.id), document.rank), document.near and not last)
        for document, last in zip(side.top, near, strict=False)
    )


def _card(pair: Pair, primary: str, answer: int) -> Card:
    return Card(
        query=pair.a.query,
        meta=values_of(pair, primary),
        search=f"{pair.a.qid} {pair.a.query}".lower(),
        kinds=" ".join(kinds_of(pair, primary, answer)),
        a=rows_of(pair.a, pair.a),
        b=rows_of(pair.b, pair.a),
    )


def _move(before: int | None, now: int | None) -> str:
    if before is None or now is None:
        return "new"
    return "" if before == now else f"↑{before - now}" if before > now else f"↓{now - before}"
