"""A moment of a video → the texts that the indexes need: what is said, what may have been said, what the video is.

Three fields, since they are not equally telling: `said`, the words as they were understood; `heard`, what may have
been said instead of what was written down, and amounts in digits; `title`, which is of the whole video.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.videos.amounts import Amounts
from indexer.videos.clean import joined
from indexer.videos.nouns import Alternative, Cut, Said
from retrieval.analysis.analyzer import Analyzer
from retrieval.types import Document, IndexedDocument


@dataclass(frozen=True, slots=True)
class MomentText:
    """What is searched of a moment; "" where there is nothing.

    Attributes:
        embedded: what the encoder reads: what is said alone. A title in front of it is the same for all moments of a
            video, and makes its vector less like a question (149 queries inside 199 transcripts: by vectors alone the
            right video among the first ten of 0.62 instead of 0.75).
    """

    said: str
    heard: str
    title: str

    @property
    def embedded(self) -> str:
        return self.said


def moment_text(
    said: Sequence[Said], cut: Cut, alternatives: Sequence[Alternative], title: str = "", amounts: Amounts | None = None
) -> MomentText:
    """Of the segments `cut.first` to `cut.last` of `said`, the whole transcript, with all its alternatives.

    Args:
        amounts: what writes amounts that are said in digits.
        title: what the video says of itself: its title, its caption, its tags.
    """
    words = joined(said[cut.first : cut.last + 1])
    heard = dict.fromkeys(one.written for one in alternatives if cut.first <= one.segment <= cut.last)
    if amounts:
        heard |= dict.fromkeys(amounts.written(words))
    return MomentText(words, " ".join(heard), title)


def moment_document(
    moment_id: str,
    text: MomentText,
    analyzer: Analyzer,
    keywords: Mapping[str, tuple[str, ...]],
    numbers: Mapping[str, int],
    source: bytes,
    forward: bytes = b"",
) -> IndexedDocument:
    """Ready to be written; `source` is the record as JSON, `forward` its row (`retrieval.spoken.moment`)."""
    fields = {"said": text.said, "heard": text.heard, "title": text.title}
    written = {name: value for name, value in fields.items() if value}
    document = Document(moment_id, written, keywords, numbers, text.embedded, source)
    tokens = {name: analyzer.tokens(value) for name, value in written.items()}
    return IndexedDocument(document, tokens, forward)
