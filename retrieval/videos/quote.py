"""What of a moment is quoted: the lines that say most of the query, else the longest, and where they begin."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from retrieval.answer import Fragment
from retrieval.spoken.cards import Evidence
from retrieval.spoken.moment import Line, Moment

SPARE = 3
"""Times as many moments are read as are shown: those that say the same again are left out."""
_GAP = "，"

Key = TypeVar("Key", bound=Hashable)


def once(quotes: Mapping[Key, Evidence], most: int) -> tuple[Key, ...]:
    """The first `most` that say something else than those before them: hosts repeat themselves, and moments overlap."""
    first: dict[str, Key] = {}
    for key, one in quotes.items():
        first.setdefault("".join(fragment.text for fragment in one.quote), key)
    return tuple(first.values())[:most]


def evidence_of(
    moment: Moment, mark: Callable[[str], tuple[Fragment, ...]], most: int, confidence: float | None
) -> Evidence:  # fmt: skip
    """A moment as evidence, with a quote of at most `most` characters; `mark` marks the words of the query."""
    marked = [mark(line.text) for line in moment.lines]
    said = [_said(line) for line in marked]
    # Where none says a word of it, the longest says most: 来了 and 链接放左下角了 are short.
    first = max(range(len(marked)), key=lambda at: (said[at] or len(moment.lines[at].text) * (not any(said)), -at))
    quote = list(marked[first])
    for at in range(first + 1, len(marked)):
        if sum(len(f.text) for f in (*quote, *marked[at])) + 1 > most or not _joins(moment.lines[at - 1]):
            break
        quote += [Fragment(_GAP, False), *marked[at]]
    return Evidence(
        moment.id, moment.video_id, moment.title, moment.creator, moment.kind, moment.start, moment.end,
        moment.lines[first].start, _shortened(_from(quote, _start(quote, most)), most), confidence,
    )  # fmt: skip


def _said(fragments: tuple[Fragment, ...]) -> int:
    return sum(len(fragment.text) for fragment in fragments if fragment.match)


def _joins(line: Line) -> bool:
    """Whether what follows goes on with the sentence."""
    return not line.text.rstrip().endswith(("。", "！", "？", "!", "?"))


def _start(fragments: list[Fragment], most: int) -> int:
    """Where a quote begins in a line that says nothing of the query in its first `most` characters, from 0."""
    before = 0
    for fragment in fragments:
        if fragment.match:
            return 0 if before + len(fragment.text) <= most else max(0, before - max(0, most - len(fragment.text)) // 2)
        before += len(fragment.text)
    return 0


def _from(fragments: list[Fragment], start: int) -> list[Fragment]:
    kept = []
    for fragment in fragments:
        if start < len(fragment.text):
            kept.append(Fragment(fragment.text[start:], fragment.match))
        start = max(0, start - len(fragment.text))
    return kept


def _shortened(fragments: list[Fragment], most: int) -> tuple[Fragment, ...]:
    """The first `most` characters."""
    kept: list[Fragment] = []
    for fragment in fragments:
        if most <= 0:
            break
        kept.append(Fragment(fragment.text[:most], fragment.match))
        most -= len(fragment.text)
    return tuple(kept)
