"""What of a query makes a document a match by itself: no number alone, no single character of a name.

「车厘子 5斤」 where nothing is called 车厘子 is answered like 「车厘子」: with nothing, not with whatever weighs 5斤. A
segmenter cuts a name that no dictionary knows into characters (森|鑫|缘, 手机|壳, 染|眉毛|剂): these are one name with
what they touch, and of a name that no dictionary has two neighbouring characters tell as well (银泰卡, 染眉膏). A word
of the dictionary that is all that is named is there or it is not: 自行车 is no matter of 行车.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.analysis.analyzer import Term, grams
from retrieval.analysis.normalize import HAN

Ways = tuple[tuple[str, ...], ...]
"""`retrieval.analysis.analyzer.Term.alternatives`."""

_HAN_ONLY = re.compile(rf"[{HAN}]+\Z")


def telling(terms: Sequence[Term]) -> tuple[Ways, ...]:
    """The ways to satisfy each of the telling names of `terms`; of all terms, where they are nothing but numbers."""
    names = [*_names([*_named(terms)])]
    told = tuple(_ways(name, alone=len(names) == 1) for name in names)
    return told or tuple(term.alternatives for term in terms)


def _named(terms: Sequence[Term]) -> Iterator[Term]:
    """`terms` without numbers and the characters that measure them: 42|码, 30|枚."""
    number: Term | None = None
    for term in terms:
        if term.is_number:
            number = term
        elif len(term.text) > 1 or number is None or number.end != term.start:
            yield term


def _names(terms: Sequence[Term]) -> Iterator[Sequence[Term]]:
    """`terms`, a single Han character together with the Han terms it touches."""
    start = 0
    for at, (one, other) in enumerate(pairwise(terms), start=1):
        touching = one.end == other.start and _is_han(one) and _is_han(other)
        if not (touching and (len(one.text) == 1 or len(other.text) == 1)):
            yield terms[start:at]
            start = at
    if terms:
        yield terms[start:]


def _ways(name: Sequence[Term], *, alone: bool) -> Ways:
    """How a name is satisfied, which may be all that is named."""
    if len(name) > 1:
        return _pieces("".join(term.text for term in name))
    (term,) = name
    in_pieces = _is_han(term) and len(term.text) > 1 and (term.coined or not alone)
    return (*_pieces(term.text), *term.alternatives[1:]) if in_pieces else term.alternatives


def _pieces(text: str) -> Ways:
    return tuple((gram,) for gram in grams(text))


def _is_han(term: Term) -> bool:
    return bool(_HAN_ONLY.match(term.text))
