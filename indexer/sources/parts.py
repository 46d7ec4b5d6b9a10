"""One bad segment, or one bad product of a basket, sinks no video: it is left out, and the rest is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from indexer.sources.problems import Problem, problems
from indexer.sources.recognised import with_segments
from indexer.sources.rejects import excerpt_of_fields

PARTS = ("segments", "products")

Bad = tuple[Problem, str]
"""What is wrong with a part, and its excerpt."""


def without_bad_parts(fields: Mapping[str, Any], errors: ValidationError) -> tuple[dict[str, Any], list[Bad]] | None:
    """The fields without the parts at fault, and these; None where something else is wrong, or no part is left."""
    found: dict[str, dict[int, Problem]] = {name: {} for name in PARTS}
    for where, problem in problems(errors):
        match where:
            case (str(name), int(place), *_) if name in found:
                found[name].setdefault(place, problem)
            case _:
                return None
    kept, bad = dict(with_segments(fields)), []
    for name, places in found.items():
        if places:
            items = kept[name]
            kept[name] = [item for place, item in enumerate(items) if place not in places]
            bad += [(problem, excerpt_of_fields({name: items[place]})) for place, problem in sorted(places.items())]
            if not kept[name]:
                return None
    return kept, bad
