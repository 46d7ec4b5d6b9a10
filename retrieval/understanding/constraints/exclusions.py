"""Things excluded by a sign, as search engines take them: 「手机壳 -透明」, 「手机壳 NOT 透明」.

A minus excludes after a blank or at the start, where something else is said; it joins everywhere else: x-30, t-shirt,
5 - 8岁. A number is none (-20度, -第4集), nor are one or two letters, the rest of a code (usb -c).
"""

from __future__ import annotations

import re

from retrieval.analysis.normalize import HAN
from retrieval.types import Filters
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

_THING = rf"(?:[{HAN}]{{1,6}}|[a-z]{{3,}})(?!\S)"
_EXCLUDED = re.compile(rf"(?<!\S)-({_THING})|(?<=\S )not ({_THING})")


def exclusions(text: str) -> list[Constraint]:
    """The exclusions of normalised `text`, each of one thing; none where nothing else is said."""
    found = [_constraint(match) for match in _EXCLUDED.finditer(text)]
    return found if _EXCLUDED.sub("", text).strip() else []


def _constraint(match: re.Match[str]) -> Constraint:
    start, end, thing = *match.span(), match.group(1) or match.group(2)
    kind = ConstraintKind.NEGATION
    return Constraint(f"{kind}:{start}-{end}", kind, f"不要{thing}", start, end, Filters(without=(thing,)))
