"""Things not wanted: 「不要塑料」「除了小米」「非真皮」「不带帽子的」.

What follows the word of negation is excluded, up to 的, a blank, the end or a word that starts something else. Where a
product follows without a mark (「不要塑料水杯」), only a thing that is known is taken, the longest one.

A word of negation is read the more carefully the more products are called by it: after 不要 everything is excluded,
after 不带 a short thing, after 没有 one that 的 follows, after 非 and 不是 only what is known. 无糖, 不粘, 不锈钢 and
非油炸 are properties.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator

from retrieval.types import Filters
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, longest_first, once
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

LONGEST = 6
"""Han characters of an excluded thing; names in Latin letters may be longer."""
_LONGEST_LATIN = 20
_LONGEST_KNOWN = 24
"""Characters of a brand that is looked for."""
_LONGEST_WEAK = 4
_CAREFUL = frozenset({"weak", "marked", "known"})
_AND = re.compile(r"和|或者|或|跟|与|以及|还有")
_OTHER = r"(?: ?(?:其他|其它|别)的?)"
_OUTSIDE = re.compile(rf" ?(?:之外|以外|外(?=的|\Z| |其))的?{_OTHER}?")
_OTHERS = re.compile(_OTHER)


class NegationReader:
    """Finds what a query excludes. `known`: things such as brands that a shop knows beside those of the rules."""

    def __init__(self, rules: ConstraintRules, known: Container[str] = ()) -> None:
        self._strength = rules.value("not")
        self._keep = rules.words("keep")
        self._words = re.compile(longest_first([*rules.of("not"), *rules.of("keep")]))
        self._things = rules.value("thing")
        self._known = known
        self._head = re.compile(rf"(?: ?(?:{longest_first(rules.of('not_head'))}))+")
        self._tail = re.compile(once(rf"(?:{longest_first(rules.of('not_tail'))})+") + r"\Z")
        self._stop = re.compile(rf"的| |\Z|外(?=的|\Z| |其)|{longest_first(rules.of('not_stop'))}")
        self._besides = re.compile(longest_first(rules.of("besides")))
        self._degree = re.compile(longest_first(rules.of("degree")))
        self._trail = re.compile(rf"(?: ?(?:{longest_first(rules.of('trail'))}))+")

    def read(self, text: str, others: Collection[int] = ()) -> list[Constraint]:
        """The negations of normalised `text`; `others` are the places where other constraints start."""
        found, at = [], 0
        while match := self._words.search(text, at):
            at = match.end()
            if match.group() in self._keep:
                continue
            strength = self._strength[match.group()]
            if strength == "behind":
                constraint = self._behind(text, match.start(), match.end())
            else:
                constraint = self._ahead(text, match.start(), match.end(), strength, others)
            if constraint is not None:
                found.append(constraint)
                at = max(at, constraint.end)
        return found

    def _ahead(self, text: str, start: int, end: int, strength: str, others: Collection[int]) -> Constraint | None:
        begin = end + (text[end : end + 1] == " ")
        if head := self._head.match(text, begin):
            begin = head.end()
        first = self._prefix(text, begin)
        stop = self._stop.search(text, begin + len(first) if "的" in first else begin)
        close = min([stop.start() if stop else len(text), *(place for place in others if place > begin)])
        if self._degree.match(text, begin) or (strength != "strong" and self._besides.match(text, close)):
            return None
        after = close
        if strength in ("except", "outside"):
            if outside := _OUTSIDE.match(text, close):
                after = outside.end()
            elif strength == "outside":
                return None
            elif rest := _OTHERS.match(text, close):
                after = rest.end()
        if strength == "marked" and (text[after : after + 1] != "的" or text[begin] == "不"):
            return None
        things = self._whole(text[begin:close], strength) if start or after < len(text) else []
        if not things:
            things, after = self._known_things(text, begin, close, 1 if strength == "weak" else 2)
        elif text[after : after + 1] == " " and (more := self._continued(text, after + 1, things[-1])):
            things, after = [*things, more], after + 1 + len(more)
        return self._constraint(text, start, after, things) if things else None

    def _behind(self, text: str, start: int, end: int) -> Constraint | None:
        """小米以外的: the thing stands before, at the start or after a blank."""
        begin = text.rfind(" ", 0, start) + 1
        things = [self._bare(piece) for piece in _pieces(text[begin:start])]
        if not all(map(self._is_known, things)):
            return None
        others = _OTHERS.match(text, end)
        return self._constraint(text, begin, others.end() if others else end, things)

    def _constraint(self, text: str, start: int, end: int, things: list[str]) -> Constraint:
        if trail := self._trail.match(text, end):
            end = trail.end()
        label = "不要" + "、".join(things)
        return Constraint(
            f"negation:{start}-{end}", ConstraintKind.NEGATION, label, start, end, Filters(without=tuple(things))
        )

    def _whole(self, said: str, strength: str) -> list[str]:
        """The things of a piece that was said of nothing else; none where one of them may not be excluded."""
        things = [thing for piece in _pieces(said) for thing in self._parts(self._bare(piece))]
        longest = _LONGEST_WEAK if strength in _CAREFUL else LONGEST
        plain = all(2 <= len(thing) <= (_LONGEST_LATIN if thing.isascii() else longest) for thing in things)
        if all(map(self._is_known, things)) or (plain and strength != "known"):
            return things
        return []

    def _known_things(self, text: str, begin: int, close: int, shortest: int) -> tuple[list[str], int]:
        """The known things at `begin` where a product follows: 不要塑料和玻璃水杯. Also where they end."""
        things: list[str] = []
        at = begin
        while thing := self._prefix(text, at, shortest):
            if at + len(thing) >= close:
                break
            things, at = [*things, thing], at + len(thing)
            conjunction = _AND.match(text, at)
            if conjunction is None or not self._prefix(text, conjunction.end()):
                break
            at = conjunction.end()
        return things, at

    def _continued(self, text: str, begin: int, last: str) -> str:
        """不要华为 小米的: a mark became a blank, so a thing of the same sort before 的 is excluded too."""
        thing = self._prefix(text, begin)
        same = thing and self._is_known(last) and self._group(thing) == self._group(last)
        return thing if same and text.startswith("的", begin + len(thing)) else ""

    def _bare(self, piece: str) -> str:
        piece = piece.strip()
        if head := self._head.match(piece):
            piece = piece[head.end() :].strip()
        return piece if self._is_known(piece) else self._tail.sub("", piece)

    def _parts(self, piece: str) -> list[str]:
        """耐克阿迪 is two known things."""
        parts: list[str] = []
        at = 0
        while at < len(piece) and (part := self._prefix(piece, at)):
            parts, at = [*parts, part], at + len(part)
        return parts if at == len(piece) else [piece] if piece else []

    def _prefix(self, text: str, begin: int, shortest: int = 2) -> str:
        """The longest known thing of at least `shortest` characters at `begin`; empty where there is none."""
        lengths = range(min(_LONGEST_KNOWN, len(text) - begin), shortest - 1, -1)
        return next((text[begin : begin + n] for n in lengths if self._is_known(text[begin : begin + n])), "")

    def _is_known(self, thing: str) -> bool:
        return thing in self._things or (len(thing) > 1 and thing in self._known)

    def _group(self, thing: str) -> str:
        """The sort of a known thing; brands are one sort."""
        return self._things.get(thing, "")


def _pieces(text: str) -> Iterator[str]:
    """小米和华为 is two things; 和田玉 is one: a conjunction has something on both sides."""
    at = 0
    for match in _AND.finditer(text):
        if match.start() > at and match.end() < len(text):
            yield text[at : match.start()]
            at = match.end()
    yield text[at:]
