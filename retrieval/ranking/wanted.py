"""What a query wants, weighed: its words, its characters and its codes, each with what missing it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from retrieval.analysis import alphanumerics, whole
from retrieval.analysis.analyzer import QueryText, Term
from retrieval.ranking.forward import word_hash
from retrieval.ranking.texts import squeezed
from retrieval.ranking.word_space import Indices, WordSpace
from retrieval.types import FloatArray
from retrieval.understanding.kinds import Kind

_WHOLE = (whole.NUMBER, whole.BEGINS)
UNKNOWN_WEIGHT = 0.5
"""What a term counts that the plan says nothing of."""
MIN_RUN = 5
"""A shorter run may stand in a squeezed text by chance."""
_LEAST_RARITY = 0.1
"""A word that every title has still counts a little; so does any word of an empty catalogue."""
AMOUNT = "="
"""First character of tokens that are amounts (`retrieval.analysis.quantities`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query as ranking sees it. Weights are not negative.

    Attributes:
        terms: one entry a term: the ways to satisfy it, each a tuple of texts that must all stand in a document.
        amounts: one entry a term: hashes of the amounts any of which satisfies it.
        grams: one entry a term: pieces of its own text, for a document that has only some of them.
        term_weights: (terms,), rarity times the square root of what missing the term costs.
        costs: one entry a term: what missing it costs, in [0, 1].
        kinds: one entry a term: the kind of the entity it stands in, None for a term in none.
        term_words: (terms,), index in the word space, -1 for an unknown word.
        characters: distinct Han characters; character_weights: (characters,), their rarity.
        codes: hashes of letter and digit runs, their variants and amounts; code_weights: their rarity.
        known: the titles have one of its words (of two characters or more).
        runs: run of at least `MIN_RUN` letters and digits, squeezed → the codes (indices) that come from it.
    """

    terms: tuple[tuple[tuple[str, ...], ...], ...]
    amounts: tuple[tuple[int, ...], ...]
    grams: tuple[tuple[str, ...], ...]
    term_weights: FloatArray
    costs: tuple[float, ...]
    kinds: tuple[Kind | None, ...]
    term_words: Indices
    characters: str
    character_weights: FloatArray
    codes: tuple[int, ...]
    code_weights: FloatArray
    known: bool
    runs: Mapping[str, tuple[int, ...]]


def wanted(
    text: QueryText, costs: Mapping[str, float], space: WordSpace, kinds: Mapping[str, Kind] = MappingProxyType({})
) -> Wanted:
    """Reads an analysed query.

    Args:
        costs: text of a term → what missing it costs, in [0, 1] (`Plan.term_weights`).
        kinds: text of a term → what it is (`Plan.term_kinds`).
    """
    terms = (*text.required, *text.wishes)
    cost = np.array([costs.get(term.text, UNKNOWN_WEIGHT) for term in terms], np.float32)
    characters = "".join(c for c in dict.fromkeys(text.normalized) if c.isalnum() and not _is_code(c))
    codes, runs = _codes(text)
    hashes = [word_hash(term.text) for term in terms] + codes
    places = space.find(np.array(hashes, np.uint32))
    rarity = np.maximum(space.rarity(places), _LEAST_RARITY)
    places = places[: len(terms)]
    return Wanted(
        terms=tuple(_ways(term) for term in terms),
        amounts=tuple(
            tuple(word_hash(way[0]) for way in term.alternatives if way and way[0].startswith(AMOUNT)) for term in terms
        ),
        grams=tuple(_texts(term.alternatives[0]) if term.alternatives else () for term in terms),
        term_weights=rarity[: len(terms)] * np.sqrt(cost),
        costs=tuple(cost.tolist()),
        kinds=tuple(kinds.get(term.text) for term in terms),
        term_words=places,
        characters=characters,
        character_weights=np.maximum(space.character_rarity(characters), _LEAST_RARITY),
        codes=tuple(codes),
        code_weights=rarity[len(terms) :],
        known=any(place >= 0 and len(term.text) > 1 for term, place in zip(terms, places, strict=True)),
        runs=runs,
    )


def _ways(term: Term) -> tuple[tuple[str, ...], ...]:
    """The term itself, then its alternatives but the one that its own pieces are."""
    others = (_texts(way) for way in term.alternatives[1:] if not any(token.startswith(_WHOLE) for token in way))
    return ((term.text,), *(way for way in others if way))


def _texts(way: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens of a way as texts; an amount has none and is looked up among the words of a document."""
    texts = (token.removeprefix(whole.ENDS) for token in way)
    return tuple(text for text in texts if not text.startswith((AMOUNT, whole.MARK)))


def _codes(text: QueryText) -> tuple[list[int], dict[str, tuple[int, ...]]]:
    places: dict[str, int] = {}
    runs: dict[str, tuple[int, ...]] = {}
    for match in alphanumerics.RUN.finditer(text.normalized):
        variants = alphanumerics.variants(match.group())
        indices = tuple(places.setdefault(variant, len(places)) for variant in variants)
        if len(run := squeezed(match.group())) >= MIN_RUN:
            runs[run] = indices
    for token in text.weights:
        if token.startswith(AMOUNT):
            places.setdefault(token, len(places))
    return [word_hash(token) for token in places], runs


def _is_code(character: str) -> bool:
    return alphanumerics.RUN.fullmatch(character) is not None
