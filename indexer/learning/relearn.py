"""Knowledge after some titles are cut into other words, without reading the rest of the catalogue again.

Numbers of titles add up, so with B and A what the documents that contain an edited word teach when they are cut as
before and as they are now, K' = K - B + A. For words and their categories that is what a rebuild would count; a product
noun is judged by the documents at hand, which for an edited word are all that have it. What else is known stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from indexer.learning.learner import CATEGORIES_A_WORD, CATEGORY_WORDS, WORDS, Learner
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.nouns import NOUNS, most_frequent


def teach_queries(learner: Learner, known: Knowledge, words: Iterable[str]) -> None:
    """Tells a learner of the known queries and clicks in which one of `words` stands."""
    for query in [query for query in known.queries.keys() | known.clicks.keys() if any(w in query for w in words)]:
        if count := known.queries.get(query):
            learner.add_query(query, count)
        for category, count in known.clicks.get(query, {}).items():
            learner.add_click(query, category, count)


def relearned(known: Knowledge, before: Knowledge, after: Knowledge) -> Knowledge:
    """`known` with what `before` taught replaced by what `after` teaches."""
    grouped = known.category_words
    touched = before.category_words.keys() | after.category_words.keys()
    categories = {
        word: _moved(grouped.get(word, {}), before.category_words.get(word, {}), after.category_words.get(word, {}))
        for word in touched
    }
    merged = {word: most_frequent(counts, CATEGORIES_A_WORD) for word, counts in {**grouped, **categories}.items()}
    totals = {word: sum(counts.values()) for word, counts in merged.items() if counts}
    return replace(
        known,
        words=most_frequent(_moved(known.words, before.words, after.words), WORDS),
        products=most_frequent(_moved(known.products, before.products, after.products), NOUNS),
        category_words={word: merged[word] for word in most_frequent(totals, CATEGORY_WORDS)},
    )


def _moved(counts: Mapping[str, int], before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    moved = dict(counts)
    for key in before.keys() | after.keys():
        moved[key] = counts.get(key, 0) - before.get(key, 0) + after.get(key, 0)
    return {key: count for key, count in moved.items() if count > 0}
