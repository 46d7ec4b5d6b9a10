"""The tree of a catalogue's categories, read from its leaf paths: what lies below a name, and what it is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from retrieval.analysis.normalize import normalize
from retrieval.understanding.counted import Counts
from retrieval.understanding.knowledge import Knowledge

_LEAST = 2
"""Characters of a name or noun that says something."""


class CategoryTree:
    """Immutable and safe to share between threads.

    Attributes:
        names: normalised names of inner categories that say something.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._products, self._words = Counts.of(knowledge.products).texts, knowledge.words
        self._sizes = dict(knowledge.categories)
        self._names = {path: tuple(normalize(path).strip().split("/")) for path in knowledge.categories}
        self._below: dict[str, list[str]] = {}
        for path, names in self._names.items():
            for name in names[:-1]:
                self._below.setdefault(name, []).append(path)
        self.names = frozenset(name for name in self._below if len(name) >= _LEAST)

    def below(self, name: str) -> tuple[str, ...]:
        """The leaf paths below the inner category of a normalised name; empty where there is none.

        What more titles say than lie below it is no word for a department, but what these titles sell: 耳机.
        """
        if name not in self.names:
            return ()
        leaves = tuple(self._below[name])
        products = sum(self._sizes[path] for path in leaves)
        return leaves if products > self._words.get(name, 0) else ()

    def of(self, called: Collection[str], things: Collection[str]) -> tuple[str, ...]:
        """Leaf paths that are called so, themselves or a parent below the top, or whose last name holds a thing.

        The top is left out, since shops join departments there: 家电数码 is more than 家电.
        """
        return tuple(
            path
            for path, names in self._names.items()
            if any(one in name for one in called if len(one) >= _LEAST for name in names[1:] or names)
            or any(thing in names[-1] for thing in things if len(thing) >= _LEAST)
        )

    def kinds_of(self, thing: str) -> tuple[str, ...]:
        """Leaf paths whose last name ends with the thing: 男士羽绒服 is a 羽绒服, 手机壳 is no 手机."""
        if len(thing) < _LEAST:
            return ()
        return tuple(path for path, names in self._names.items() if names[-1].endswith(thing))

    def nouns(self, leaves: Iterable[str]) -> tuple[str, ...]:
        """The product nouns in the last names of leaf paths, the longest of those that overlap."""
        found: dict[str, None] = {}
        for path in leaves:
            name, at = self._names[path][-1], 0
            inside = sorted(self._products.inside(name), key=lambda piece: (piece[0], -piece[1]))
            for start, end, _ in inside:
                if start >= at and end - start >= _LEAST:
                    found[name[start:end]] = None
                    at = end
        return tuple(found)
