"""The section `campaigns` of a file of rules → campaigns, and all that is wrong with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from retrieval.rules.campaign import Campaign, Order
from retrieval.rules.compared import normalized
from retrieval.rules.problems import Problem, problem_of
from retrieval.rules.products import named_ids

SECTION = "campaigns"
_CAMPAIGN = TypeAdapter(Campaign)
Sets = Mapping[str, tuple[str, ...]]


def read_campaigns(given: Any, zone: ZoneInfo, sets: Sets) -> tuple[tuple[Campaign, ...], list[Problem]]:
    """Those that can be read, in the order of the file.

    Args:
        given: what stands in the section; zone: of times without one.
        sets: name → ids.
    """
    if not isinstance(given, (list, tuple)):
        return (), [Problem("", SECTION, "it is no list", "write a - for each campaign")]
    found: list[Campaign] = []
    problems: list[Problem] = []
    for place, each in enumerate(given):
        id = each.get("id") if isinstance(each, Mapping) else None
        name = id if isinstance(id, str) and id else f"{SECTION}[{place}]"
        try:
            campaign = _CAMPAIGN.validate_python(each)
        except ValidationError as why:
            problems += [problem_of(name, error) for error in why.errors(include_url=False)]
            continue
        campaign = replace(campaign, start=in_zone(campaign.start, zone), until=in_zone(campaign.until, zone))
        wrong = list(_wrong(campaign, sets))
        problems += wrong
        if not any(problem.fatal for problem in wrong):
            written = (replace(one, ids=named_ids(one, sets), set=()) for one in campaign.products)
            found.append(replace(campaign, products=tuple(written)))
    return tuple(found), [*problems, *_twice(found)]


def _wrong(campaign: Campaign, sets: Sets) -> Iterator[Problem]:
    """What cannot be seen in one field alone."""

    def problem(field: str, message: str, hint: str) -> Problem:
        return Problem(campaign.id, field, message, hint)

    if campaign.start and campaign.until and campaign.start >= campaign.until:
        yield problem("until", "it ends before it begins", "until must be later than from")
    for word in campaign.words:
        if not normalized(word):
            yield problem("words", f"{word!r} has no letter, digit or Han character", "leave it out")
    for products in campaign.products:
        if products.empty:
            yield problem("products", "it names no products", "give it ids, set, brand, category, shop, labels …")
        for name in products.set:
            if name not in sets:
                yield problem("products.set", f"there is no set {name}", "write it under sets")
    if campaign.order is Order.IDS and not any(products.named for products in campaign.products):
        yield problem(
            "order", "no ids are named that it could stand in order of", "name ids or a set, or order by sales"
        )


def _twice(campaigns: Sequence[Campaign]) -> Iterator[Problem]:
    for id, times in Counter(campaign.id for campaign in campaigns).items():
        if times > 1:
            yield Problem(id, "id", f"{times} campaigns have this id", "give each its own")
    meant: dict[str, str] = {}
    for campaign in campaigns:
        for word in map(normalized, campaign.words):
            first = meant.setdefault(word, campaign.id)
            if first != campaign.id:
                message = f"{word} means {first}, too"
                yield Problem(
                    campaign.id, "words", message, "while both run the first of the file is said", fatal=False
                )


def in_zone(time: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A time; one that was written without a zone is of this one."""
    return time.replace(tzinfo=zone) if time and time.tzinfo is None else time
