"""What every encoder does to a text before its own tokenizer sees it, so that no input can make one fail."""

from __future__ import annotations


def readable(text: str, max_chars: int) -> str:
    """The first `max_chars` characters without surrounding blanks; lone surrogates and NUL become blanks.

    Tokenizers written in other languages take UTF-8, which has no lone surrogates, and some stop at NUL.
    """
    cut = text.strip()[:max_chars].replace("\x00", " ")
    return cut.encode("utf-8", "replace").decode() if not cut.isascii() else cut
