"""A file of rules → the rules, and all that is wrong with it: each rule is read by itself, so none hides another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import yaml
from pydantic import TypeAdapter, ValidationError

from retrieval.rules.compared import normalized
from retrieval.rules.model import Action, Rule, RuleSet, When
from retrieval.rules.problems import Problem, problem_of
from retrieval.rules.products import Products
from retrieval.rules.read_campaigns import SECTION, in_zone, read_campaigns

TIME_ZONE = "Asia/Shanghai"
"""Of times that are written without one, where the file names none."""
_DEEPEST = 32
_TOP = ("time_zone", "sets", "rules", SECTION)
_OF_ALL = frozenset({Action.HIDE, Action.FILTER, Action.REWRITE})
"""What decides which products are in a list: that is the same for all shoppers, so no segment may ask for it."""
_RULE = TypeAdapter(Rule)
_SET = TypeAdapter(tuple[str, ...])
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says.

    Attributes:
        rules: those that can be read, in the order in which they count.
        document: what is kept of it, as JSON values; the same text again.
        problems: in the order of the file.
    """

    rules: RuleSet
    document: Mapping[str, Any]
    problems: tuple[Problem, ...]

    @property
    def publishable(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


def read_text(text: str) -> Read:
    """Rules of a YAML or JSON file."""
    try:
        document = orjson.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except (orjson.JSONDecodeError, yaml.YAMLError, ValueError) as why:
        said = " ".join(str(why).split())
        return Read(RuleSet(), {}, (Problem("", "", f"this is neither YAML nor JSON: {said}", "correct that place"),))
    return read_document(document)


def read_document(document: Any) -> Read:
    """Rules of what stands in a file."""
    if not isinstance(document, Mapping) or not isinstance(document.get("rules", ()), (list, tuple)):
        said = Problem(
            "", "rules", "a file of rules is a mapping with a list of rules", "write rules: and a - for each"
        )
        return Read(RuleSet(), {}, (said,))
    problems = [
        Problem("", str(name), "there is no such section", f"one of {', '.join(_TOP)}")
        for name in document
        if name not in _TOP
    ]
    zone = _zone(document.get("time_zone", TIME_ZONE), problems)
    sets = _sets(document.get("sets") or {}, problems)
    rules: list[Rule] = []
    names = [_one(each, place, zone, sets, problems, rules) for place, each in enumerate(document.get("rules", ()))]
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            problems.append(Problem(name, "id", f"{times} rules have this id", "give each its own"))
    campaigns, wrong = read_campaigns(document.get(SECTION) or (), zone, sets)
    problems += wrong
    rules.sort(key=lambda rule: (-rule.priority, rule.id))
    kept = {name: document[name] for name in _TOP if name in document}
    try:
        written = orjson.loads(orjson.dumps(kept, default=str, option=orjson.OPT_NON_STR_KEYS))
    except (TypeError, ValueError, RecursionError) as why:
        problems.append(Problem("", "", f"this cannot be kept as JSON: {why}", "write plain texts, numbers and lists"))
        written = {}
    return Read(RuleSet(tuple(rules), sets, campaigns), written, tuple(problems))


def _yaml(text: str) -> Any:
    """What a YAML text says. Raises YAMLError, too, where it refers to itself, which could grow without end."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"line {line} refers to another place (*): write it out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"line {line} is nested too deep")
    return yaml.load(text, _Loader)


def _one(
    given: Any, place: int, zone: ZoneInfo, sets: Mapping[str, tuple[str, ...]], problems: list[Problem],
    rules: list[Rule],
) -> str | None:  # fmt: skip
    """Reads a rule into `rules`, what is wrong with it into `problems`; its id."""
    id = given.get("id") if isinstance(given, Mapping) else None
    name = id if isinstance(id, str) and id else f"rules[{place}]"
    try:
        rule = _RULE.validate_python(given)
    except ValidationError as why:
        problems += [problem_of(name, error) for error in why.errors(include_url=False)]
        return id if isinstance(id, str) else None
    rule = replace(rule, start=in_zone(rule.start, zone), until=in_zone(rule.until, zone))
    found = list(_wrong(rule, sets))
    problems += found
    if not any(problem.fatal for problem in found):
        rules.append(rule)
    return name


def _wrong(rule: Rule, sets: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """What cannot be seen in one field alone."""

    def problem(field: str, message: str, hint: str, *, fatal: bool = True) -> Problem:
        return Problem(rule.id, field, message, hint, fatal)

    if not rule.actions:
        yield problem("", "it does nothing", f"give it one of {', '.join(Action)}")
    if rule.start and rule.until and rule.start >= rule.until:
        yield problem("until", "it ends before it begins", "until must be later than from")
    if rule.when.segment and (wrong := _OF_ALL.intersection(rule.actions)):
        yield problem(
            "when.segment", f"{', '.join(sorted(wrong))} decides what is in a list, which is the same for all",
            "leave out the segment, or use pin, boost, bury, redirect or banner",
        )  # fmt: skip
    if rule.rewrite and not (rule.when.query or rule.when.phrase):
        yield problem("rewrite", "it would rewrite queries that nobody named", "say which: when.query or when.phrase")
    if rule.redirect and not (rule.redirect.url or rule.redirect.channel):
        yield problem("redirect", "it leads nowhere", "give it url or channel")
    if rule.redirect and rule.when.always:
        yield problem("redirect", "it would lead every search away", "give it a condition")
    for field, query in (
        *(("when.query", q) for q in rule.when.query),
        *(("when.phrase", q) for q in rule.when.phrase),
    ):
        if not normalized(query):
            yield problem(field, f"{query!r} has no letter, digit or Han character", "leave it out")
    for action, products in rule.selectors:
        if products.empty:
            yield problem(action, "it names no products", "give it ids, set, brand, category, shop, labels …")
        for name in products.set:
            if name not in sets:
                yield problem(f"{action}.set", f"there is no set {name}", "write it under sets")
    if rule.when == When() and rule.actions:
        yield problem("when", "it holds for every search", "give it a condition, if that is not meant", fatal=False)
    if len({pin.id for pin in rule.pin}) < len(rule.pin) or len({pin.at for pin in rule.pin}) < len(rule.pin):
        yield problem("pin", "a product or a place stands twice", "each product has one place, and each place one")


def _zone(name: Any, problems: list[Problem]) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(Problem("", "time_zone", f"there is no time zone {name}", f"write it as {TIME_ZONE}"))
        return ZoneInfo(TIME_ZONE)


def _sets(given: Any, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    if not isinstance(given, Mapping):
        problems.append(Problem("", "sets", "it is no mapping", "write a name, and its ids as a list"))
        return {}
    sets: dict[str, tuple[str, ...]] = {}
    for name, ids in given.items():
        try:
            sets[str(name)] = tuple(dict.fromkeys(_SET.validate_python(ids)))
        except ValidationError:
            problems.append(Problem("", f"sets.{name}", "it is no list of ids", "write ids in quotes, as a list"))
            sets[str(name)] = ()
    return sets


def products_named(rule: Rule, rules: RuleSet) -> frozenset[str]:
    """All ids that a rule names."""
    named: list[Products] = [products for _, products in rule.selectors]
    return frozenset(pin.id for pin in rule.pin).union(*(rules.ids_of(products) for products in named))
