"""What is said by set words and means more than them: what is not wanted (不辣, 无糖), and days (520, 年货).

The words and what they mean are rows of `reading.expansion_rules`. They are taken out of the searched text: titles
that answer the wish in their own words (原味, 0糖) are preferred, and titles that say the opposite are left out.
Names are none of these: 不粘锅 and 无线 stand in no row, and 去核器 is a thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from retrieval.types import Filters
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, longest_first
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint
from retrieval.understanding.reading.expansion_rules import Expansion, ExpansionKind

_DENIALS = re.compile("不含|不带|不加|没有|无")
"""Said before a thing: 无香味 is about 香味, whatever the row is called."""
_LEAD, _TRAIL = r"(?:一点(?:儿)?(?:都|也)?|完全|最好)?", r"(?:味|型|款|口味)?的?"
_NO_TOOL = r"(?![器机刀锅煲夹钳剂烟尿雨刷钩]|电饭)"
"""去核器, 无骨雨刷 and 控糖电饭煲 are called so; 少油烟 and 无糖尿病 are other words."""
_DAY_ENDS = r"(?=\Z|[ 的礼送必用给]|活动|大促|福利)"
_AFTER_DAY = r"(?:必备|期间|当天|活动|大促|狂欢|购物|节|用)*的?"
_GIFT = re.compile("[礼送]|情人|优惠|活动|大促")


class MeaningReader:
    """Finds what the rows mean. Immutable."""

    def __init__(self, rows: Iterable[Expansion], rules: ConstraintRules) -> None:
        known = tuple(rows)
        self._rows = {(row.kind, phrase): row for row in known for phrase in row.said}
        self._things = {
            thing: row
            for row in known
            if row.kind is ExpansionKind.WITHOUT
            for thing in (row.name, *(_DENIALS.sub("", phrase, count=1) for phrase in row.said if _denies(phrase)))
        }
        counters = longest_first(rules.of("counter"))
        self._patterns = {
            ExpansionKind.WITHOUT: self._pattern(ExpansionKind.WITHOUT, _LEAD, _NO_TOOL + _TRAIL),
            ExpansionKind.OCCASION: self._pattern(ExpansionKind.OCCASION, "", _DAY_ENDS + _AFTER_DAY),
        }
        self._keep = re.compile("|".join(map(re.escape, rules.words("keep"))) or "(?!)")
        self._counted = re.compile(rf"{counters}|[元块]| ?[a-z0-9]")

    def read(self, text: str) -> list[Constraint]:
        """The meanings in normalised `text`; they may overlap others, of which the longest counts."""
        kept = [match.span() for match in self._keep.finditer(text)]
        return [
            self._constraint(text, match, self._rows[kind, match["said"]])
            for kind, pattern in self._patterns.items()
            for match in pattern.finditer(text)
            if not any(_inside(match.span("said"), span) for span in kept)
            and not (match["said"].isdigit() and self._is_number(text, match))
        ]

    def refined(self, text: str, negation: Constraint) -> Constraint:
        """A negation that was read otherwise (不要辣, 不含酒精), with what titles write for what is not wanted."""
        rows = {thing: self._things.get(thing) for thing in negation.filters.without}
        if not any(rows.values()):
            return negation
        without = [
            word
            for thing, row in rows.items()
            for word in (_opposed(text, negation.start, negation.end, row) if row and row.against else (thing,))
        ]
        answers = dict.fromkeys(answer for row in rows.values() if row for answer in row.answers)
        boosts = _said_first(answers, text[negation.start : negation.end])
        return replace(negation, filters=Filters(without=tuple(dict.fromkeys(without))), boosts=boosts)

    def _pattern(self, kind: ExpansionKind, lead: str, behind: str) -> re.Pattern[str]:
        phrases = sorted((phrase for of, phrase in self._rows if of is kind), key=lambda phrase: (-len(phrase), phrase))
        return re.compile(rf"{lead}(?P<said>{'|'.join(map(_edged, phrases)) or '(?!)'}){behind}")

    def _is_number(self, text: str, match: re.Match[str]) -> bool:
        """Whether 520 counts, measures or numbers something: it is a day at the start, or where gifts are spoken of."""
        if self._counted.match(text, match.end("said")):
            return True
        alone = match.start() == 0 or text[match.start() - 1] == " "
        return not alone or (match.start() > 0 and not _GIFT.search(text))

    def _constraint(self, text: str, match: re.Match[str], row: Expansion) -> Constraint:
        start, end = match.span()
        answers = _said_first(row.answers, match["said"])
        if row.kind is not ExpansionKind.WITHOUT:
            kind = ConstraintKind.OCCASION
            return Constraint(f"{kind}:{start}-{end}", kind, match["said"], start, end, boosts=answers)
        kind, without = ConstraintKind.NEGATION, Filters(without=_opposed(text, start, end, row))
        return Constraint(f"{kind}:{start}-{end}", kind, f"不要{row.name}", start, end, without, boosts=answers)


def _opposed(text: str, start: int, end: int, row: Expansion) -> tuple[str, ...]:
    """What says the opposite, but not what is asked for itself: 不酸的酸奶."""
    asked = f"{text[:start]} {text[end:]}"
    return tuple(word for word in row.against if word not in asked)


def _said_first(answers: Iterable[str], said: str) -> tuple[str, ...]:
    return tuple(sorted(answers, key=lambda answer: answer not in said))


def _inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the span is a part of another one."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _denies(phrase: str) -> bool:
    return _DENIALS.match(phrase) is not None


def _edged(phrase: str) -> str:
    """The phrase where it is no part of a longer run of letters and digits."""
    before = "(?<![a-z0-9.])" if phrase[0].isascii() else ""
    return before + re.escape(phrase) + ("(?![a-z0-9])" if phrase[-1].isascii() else "")
