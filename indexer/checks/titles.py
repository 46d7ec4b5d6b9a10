"""Titles that nobody can read: empty ones, those of another column, and text that was decoded with the wrong table.

UTF-8 read as Latin-1 becomes accented letters (è¿žè¡£), read as GBK rare characters (杩炶。); both were Chinese.
"""

from __future__ import annotations

import re

from indexer.checks.context import ENOUGH, CheckContext, reaches

_WORD = re.compile(r"[^\W_]")
_ACCENTED = re.compile("[\N{REPLACEMENT CHARACTER}\x80-\xff]{2}|\N{REPLACEMENT CHARACTER}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FIRST, _LAST = 0xB0, 0xD7
"""Lead bytes of the 3,755 commonest characters in GB 2312 (level 1), ordered by their reading."""
_RARE = 0.4
"""Share of the characters of a title that lie outside of them: real titles have 2 %, the wrong table makes most so."""


def titles(context: CheckContext) -> list[str]:
    """Few titles are without a word, garbled, or shorter than the brand of their product."""
    records = context.sample.records
    if len(records) < ENOUGH:
        return []
    given = [(str(record["title"]), str(record.get("brand") or "")) for record in records]
    kinds = {
        "without a word": [title for title, _ in given if not _WORD.search(title)],
        "garbled, as if read in another encoding": [title for title, _ in given if garbled(title)],
        "shorter than their brand": [title for title, brand in given if 0 < len(title) < len(brand)],
    }
    most = context.gates.unreadable
    return [
        f"{len(found):,} of {len(given):,} sampled titles are {what}, e.g. {found[0]!r}; at most {most:.0%} may be "
        "(gates.unreadable)"
        for what, found in kinds.items()
        if not reaches(len(given) - len(found), 1 - most, len(given))
    ]


def garbled(title: str) -> bool:
    """Whether a title looks like text that was decoded with the wrong table."""
    if len(_ACCENTED.findall(title)) >= 2 and not _HAN.search(title):
        return True
    han = _HAN.findall(title)
    return len(han) >= 2 and sum(not _common(char) for char in han) > _RARE * len(han)


def _common(char: str) -> bool:
    code = char.encode("gb2312", "ignore")
    return len(code) == 2 and _FIRST <= code[0] <= _LAST
