"""Labels of products (国货, 非遗) as tokens: who says one asks for what carries it, whatever its title says.

A label is written ``@国货``. The ``@`` cannot come from a text, since normalisation turns it into a space.
"""

from __future__ import annotations

from retrieval.analysis.normalize import normalize

MARK = "@"


def label_text(label: str) -> str:
    """A label as it is compared: normalised, without blanks; "" where no letter, digit or Han character is left."""
    written = "".join(normalize(label).split())
    return written if any(map(str.isalnum, written)) else ""


def label_token(label: str) -> str:
    """The same for every way to write a label; "" for one that says nothing."""
    return MARK + written if (written := label_text(label)) else ""
