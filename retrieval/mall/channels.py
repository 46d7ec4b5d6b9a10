"""Channels: the categories of the mall, those of most demand first, and the page of each.

What is sold out is not in them, and what is sensitive only in a category that was chosen, as in a feed.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import accumulate

from retrieval.errors import NotFound
from retrieval.lists.facets import FacetBounds
from retrieval.mall.counting import FACETS, channels_in, count, counted
from retrieval.mall.kept import Kept
from retrieval.mall.pages import Channel, Counted
from retrieval.mall.place import Place
from retrieval.protocols import IndexReader
from retrieval.types import EVERYTHING, Filters

_KEPT = 64
"""Channels whose counts are kept: they are the same for all until something is sold out, comes, goes or is learned."""


@dataclass(frozen=True, slots=True)
class Hall:
    """What a channel has for everybody: the categories below it, and what is counted."""

    channels: tuple[Channel, ...]
    counted: Counted


class Channels:
    """Thread-safe. `bounds`: of facets."""

    def __init__(self, bounds: FacetBounds) -> None:
        self._bounds = bounds
        self._halls: Kept[Hall] = Kept(_KEPT)

    def hall(self, reader: IndexReader, place: Place, category: str) -> Hall:
        """The channel of a category, "" for all of them. Raises NotFound."""
        return self._halls.of(place, (reader.snapshot, category), lambda: self._made(reader, place, category))

    def _made(self, reader: IndexReader, place: Place, category: str) -> Hall:
        shelf = place.shelf
        of = Filters({"category": (category,)}) if category else EVERYTHING
        rows = reader.rows_passing(Filters(of.keywords, in_stock=True))
        if not category:
            rows = rows[~shelf.columns.sensitive[rows]]
            return Hall(channels_in(reader, shelf, rows), Counted(len(rows)))
        if not len(rows) and not len(reader.rows_passing(of)):
            raise _unknown(reader, place, category)
        return Hall(channels_in(reader, shelf, rows, category), count(reader, FACETS, rows, self._bounds))


def tidy(category: str) -> str:
    """A path as somebody wrote it, without spaces and slashes around its names."""
    return "/".join(filter(None, map(str.strip, category.split("/"))))


def path_of(category: str) -> tuple[str, ...]:
    """The categories from the root down to it: ``a``, ``a/b``."""
    return tuple(accumulate(category.split("/"), "{}/{}".format)) if category else ()


def name_of(category: str) -> str:
    """The last of its path."""
    return category.rsplit("/", 1)[-1]


def _unknown(reader: IndexReader, place: Place, category: str) -> NotFound:
    rows = reader.rows_passing(EVERYTHING)
    rows = rows[~place.shelf.columns.sensitive[rows]]
    paths = [each.value for each in counted(reader, ("category",), rows)["category"]]
    near = [each for each in paths if name_of(each) == name_of(category)] or get_close_matches(category, paths, 1)
    hint = f"Did you mean {near[0]}?" if near else "GET /v1/mall/channels has all of them."
    return NotFound(f"there is no category {category}", field="category", hint=hint)
