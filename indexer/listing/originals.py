"""Who listed a title or a picture first, so that copies by other shops are seen.

Two short hashes a product; titles are compared as near-duplicates are (`retrieval.ranking.collapse`): whatever their
marks, spaces and case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from retrieval.ranking.collapse import plain_title

_SHORT = 8
"""Characters, below which two shops may well hit upon the same title."""


@dataclass(slots=True)
class Originals:
    """Title, and picture → who was the first: hash of the shop, and hash of the product."""

    titles: dict[int, tuple[int, int]] = field(default_factory=dict)
    pictures: dict[str, tuple[int, int]] = field(default_factory=dict)

    def note(self, id: str, shop: str, title: str, picture: str) -> None:
        """Remembers a listing, where nobody had its title or picture before."""
        owner = (hash(shop), hash(id))
        if len(plain := plain_title(title)) >= _SHORT:
            self.titles.setdefault(hash(plain), owner)
        if picture:
            self.pictures.setdefault(picture, owner)

    def copied(self, id: str, shop: str, title: str, picture: str) -> tuple[bool, bool]:
        """Whether another shop listed the title, and the picture, before."""
        owner = (hash(shop), hash(id))
        firsts = self.titles.get(hash(plain_title(title)), owner), self.pictures.get(picture, owner)
        same_title, same_picture = (first[0] != owner[0] and first[1] != owner[1] for first in firsts)
        return same_title, same_picture
