"""For every text and query:

1. Words join to their text, and both segmenters cut it alike.
2. Analysing never raises; no token has a space in it, and none is empty.
3. Terms have places in the normal form, in order and apart; each can be satisfied; weights are in (0, 1].
4. What stands literally in a title satisfies every term, and something of it scores.
5. Fragments join to the text, and are marked and plain in turn.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from hypothesis import given

from configs.settings import LEXICON
from retrieval.analysis.highlight import Highlighter
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import HAN, normalize
from retrieval.analysis.segment import PythonSegmenter, RustSegmenter, Segmenter
from tests.property.strategies import any_text, shop_text
from tests.title_index import built_in_analyzer


@cache
def both_segmenters() -> tuple[Segmenter, Segmenter]:
    words = load_lexicon(LEXICON).user_words
    return RustSegmenter(words), PythonSegmenter(words)


@given(any_text)
def test_words_join_to_their_text(text: str) -> None:
    normalized = normalize(text)
    rust, python = both_segmenters()
    words = rust.cut(normalized)
    assert "".join(words) == normalized
    assert words == python.cut(normalized)


@given(any_text)
def test_tokens_are_whole(text: str) -> None:
    assert all(token and token.split() == [token] for token in built_in_analyzer().tokens(text))


@given(any_text)
def test_terms_of_any_query(query: str) -> None:
    text = built_in_analyzer().query(query)
    places = [0, *(place for term in text.terms for place in (term.start, term.end))]
    assert all(left <= right for left, right in pairwise(places))
    assert all(term.start < term.end and all(term.alternatives) for term in text.terms)
    assert all(0 < weight <= 1 for weight in text.weights.values())
    assert bool(text.weights) == bool(text.terms)


def beside(left: str, right: str) -> str:
    joins = re.search(rf"[^{HAN}\s]\Z", normalize(left)) and re.match(rf"[^{HAN}\s]", normalize(right))
    return f"{left} {right}" if joins else left + right


@given(shop_text, shop_text, shop_text)
def test_what_stands_in_a_title_is_found(before: str, query: str, after: str) -> None:
    """Numbers and Latin words are matched whole, so a blank is left where they would grow together."""
    analyzer = built_in_analyzer()
    tokens = set(analyzer.tokens(beside(beside(before, query), after)))
    text = analyzer.query(query)
    for term in text.terms:
        assert any(tokens.issuperset(way) for way in term.alternatives), term
    assert not text.terms or not tokens.isdisjoint(text.weights)


@given(any_text, any_text)
def test_fragments_join_to_the_text(text: str, query: str) -> None:
    for asked in (query, text[1:4]):
        fragments = Highlighter(built_in_analyzer().query(asked))(text)
        assert "".join(fragment.text for fragment in fragments) == text
        assert all(fragment.text for fragment in fragments)
        assert all(left.match != right.match for left, right in pairwise(fragments))
