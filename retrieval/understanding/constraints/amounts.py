"""Amounts said with a bound: 「27寸以上」「大于1升」「10-20l」「1米8以上」.

A bare amount (500ml, 5斤装) is no bound: it stays a searched term, which the analyzer already finds however it is
written. Bounds are inclusive, in base units (`retrieval.analysis.quantities`); 左右 is ±10 %.

What is said of a body is no property of the goods (「90-120cm童装」「200斤以上大码」 are found as written), and ranges
of some units joined by a dash name a specification (「12-24v」). The rules list both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from retrieval.analysis.numerals import plain
from retrieval.analysis.quantities import Unit
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, longest_first
from retrieval.understanding.constraints.expressions import Expression
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

NEAR = Decimal("0.1")
"""What 左右 allows on either side: a screen of about 27 inches is not one of 22."""
_LEAST_BODY = 2000
"""Grams; less is no body weight."""
_MARKS = frozenset("-一")


class AmountReader:
    """Turns bounded numbers into amount constraints."""

    def __init__(self, rules: ConstraintRules, units: Mapping[str, Unit]) -> None:
        self._units = units
        self._measured = re.compile(rf"(?:{longest_first(rules.of('measured'))})[是为在要约 ]?\Z")
        self._specifications = rules.words("spec_range")
        self._memory = re.compile(longest_first(rules.of("memory")))
        self._bodies = {
            base: re.compile(longest_first(rule for rule in rules.of("body") if rule.value == base))
            for base in {rule.value for rule in rules.of("body")}
        }

    def read(self, text: str, expressions: Iterable[Expression]) -> list[Constraint]:
        """The amount constraints among the bounded numbers of `text`."""
        return [c for said in expressions if (c := self._constraint(text, said)) is not None]

    def _constraint(self, text: str, said: Expression) -> Constraint | None:
        name = said.unit or (said.scale if said.scale == "w" and not said.cued else "")
        unit = self._units.get("gb" if name == "g" and self._memory.search(text) else name)
        bound = said.bound or ("between" if said.join is not None or said.vague else None)
        if (
            unit is None
            or bound in (None, "level")
            or text[said.number] == "几"
            or (said.join in _MARKS and name in self._specifications)
        ):
            return None
        # A w right after a number was read as 万; here it is watts.
        factor = unit.factor if said.unit else unit.factor / 10_000
        low, high = said.low * factor, said.high * factor
        body = self._bodies.get(unit.base)
        if low <= 0 or (body and body.search(text) and not (unit.base == "g" and high < _LEAST_BODY)):
            return None
        if bound == "about" and low == high:
            low, high = low * (1 - NEAR), high * (1 + NEAR)
        start, end = self._start(text, said), said.end + said.of
        amount = (unit.base, None if bound == "most" else float(low), None if bound == "least" else float(high))
        label = _label(said, bound, name, Decimal(1) if said.unit else Decimal(10_000))
        return Constraint(f"amount:{start}-{end}", ConstraintKind.AMOUNT, label, start, end, amount=amount)

    def _start(self, text: str, said: Expression) -> int:
        """Where the expression starts, with what is measured: 深度不超过20cm."""
        match = self._measured.search(text, 0, said.start)
        return match.start() if match else said.start


def _label(said: Expression, bound: str | None, unit: str, scale: Decimal) -> str:
    low, high = plain(said.low / scale), plain(said.high / scale)
    ends = {"most": f"{high} {unit}以内", "least": f"{low} {unit}以上"}
    near = f"{low} {unit}左右" if said.low == said.high else f"{low}–{high} {unit}"
    return ends.get(bound or "", near)
