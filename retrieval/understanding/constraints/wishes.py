"""Wishes said in set phrases: an order (销量最高), a service (包邮), stock (有货), an origin (进口), a support label
(国货), a liking (新款).

The phrases and what they mean are rows of the rules. A service is a filter on the values that shops write for it; the
phrase itself is also a boost, because many titles say it where the shop's fields do not. A support label is a filter
for what carries it, or says it.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from retrieval.analysis.labels import label_token
from retrieval.types import Filters, Sort
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, Rule, longest_first, once
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

KINDS = ("sort", "boost", "kept", "service", "stock", "origin", "label")
"""The kinds of rules read here, the first that fits a phrase counts."""

_SORT_LABELS = MappingProxyType(
    {
        Sort.SALES: "销量优先",
        Sort.PRICE_ASC: "价格从低到高",
        Sort.PRICE_DESC: "价格从高到低",
        Sort.NEWEST: "最新上架",
        Sort.RELEVANCE: "综合排序",
    }
)
_LED = frozenset({"service", "stock"})
_YEAR = re.compile(r"(?<!\d)20\d\d年?(?:最|春|夏|秋|冬|春季|夏季|秋季|冬季)?\Z")


class WishReader:
    """Finds the phrases of the rules."""

    def __init__(self, rules: ConstraintRules) -> None:
        self._rules: dict[str, list[tuple[str, Rule, re.Pattern[str]]]] = {}
        for kind in KINDS:
            for rule in rules.of(kind):
                self._rules.setdefault(rule.phrase, []).append((kind, rule, re.compile(rule.pattern)))
        phrases = [rule for kind in (*KINDS, "keep") for rule in rules.of(kind)]
        self._keep = rules.words("keep")
        self._phrases = re.compile(longest_first(phrases))
        self._lead = re.compile(once(rf"(?:{longest_first(rules.of('lead'))})+") + r"\Z")
        self._trail = re.compile(rf"(?: ?(?:{longest_first(rules.of('trail'))}))+")

    def read(self, text: str) -> list[Constraint]:
        """The wishes of normalised `text`, left to right without overlap."""
        found = []
        for match in self._phrases.finditer(text):
            if match.group() in self._keep and match.group() not in self._rules:
                continue
            kind, rule = next(
                (kind, rule) for kind, rule, pattern in self._rules[match.group()] if pattern.match(text, match.start())
            )
            found.append(self._constraint(text, match.start(), match.end(), kind, rule))
        return found

    def _constraint(self, text: str, start: int, end: int, kind: str, rule: Rule) -> Constraint:
        values = tuple(value.strip() for value in rule.value.split(","))
        if kind in ("kept", "origin"):
            year = _YEAR.search(text, 0, start) if kind == "kept" else None
            start = year.start() if year else start
            label = text[start:end]
            name = ConstraintKind.SORT if kind == "kept" else ConstraintKind.ORIGIN
            return Constraint(f"{name}:{start}-{end}", name, label, start, end, boosts=values, consumed=False)
        if kind in _LED and (lead := self._lead.search(text, 0, start)):
            start = lead.start()
        if trail := self._trail.match(text, end):
            end = trail.end()
        if kind == "sort":
            sort = Sort(rule.value)
            return Constraint(f"sort:{start}-{end}", ConstraintKind.SORT, _SORT_LABELS[sort], start, end, sort=sort)
        if kind == "boost":
            return Constraint(f"sort:{start}-{end}", ConstraintKind.SORT, values[0], start, end, boosts=values)
        if kind == "label":
            labels = tuple(token for value in values if (token := label_token(value)))
            met = Filters(having=((*labels, *values),))
            return Constraint(
                f"label:{start}-{end}", ConstraintKind.LABEL, values[0], start, end, met, boosts=values, labels=labels
            )
        boosts = (rule.phrase,)
        if kind == "stock":
            return Constraint(
                f"stock:{start}-{end}", ConstraintKind.STOCK, "有货", start, end, Filters(in_stock=True), boosts=boosts
            )
        filters = Filters(keywords={"services": values})
        return Constraint(
            f"service:{start}-{end}", ConstraintKind.SERVICE, values[0], start, end, filters, boosts=boosts
        )
