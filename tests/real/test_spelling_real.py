"""Spelling over the real catalogue and a real query log, of which 5,000 queries are kept back:

1. 400 pieces of titles and 400 frequent queries with one planted error find in their first ten at least 90 % of what
   the clean ones find: the title itself, or the first hit of the clean query. Look-alikes come from a published table.
2. Of the queries kept back ≤ 1 % are replaced and ≤ 3 % are searched in another spelling at all; a good part of these
   are misspelt.
3. Full pinyin of frequent nouns and queries, joined, apart or mixed with characters, and the initials of nouns of three
   characters or more are read as what they stand for in ≥ 95 %.
4. No known word is corrected to another of the same sound, and no single character to anything.
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import orjson
import pytest
from pypinyin import Style, lazy_pinyin, pinyin

from configs.settings import LEXICON
from eval.planted import Planted, plant, title_queries
from indexer.learning.learner import Learner
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import HAN, normalize
from retrieval.analysis.quantities import Quantities
from retrieval.analysis.segment import open_segmenter
from retrieval.types import Filters, LexicalQuery
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.reading.entity_lexicon import load_entity_lexicon
from retrieval.understanding.spelling.counts import ContextLearner
from retrieval.understanding.spelling.pinyin import spellings
from retrieval.understanding.spelling.speller import Speller
from retrieval.understanding.spelling.tables import SpellingTables
from tests.real.catalogue import real_titles
from tests.title_index import built_in_analyzer, title_reader

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

KEPT_BACK, PLANTED, INDEXED, DRAWN = 5_000, 400, 15_000, 200
SEED = 21
HAN_CHAR = re.compile(rf"[{HAN}]")


def plain(text: str) -> str:
    return " ".join(normalize(text).split())


@cache
def asked(folder: Path) -> Counter[str]:
    """Real queries; one that is in both files counts twice: it is a frequent one."""
    counts: Counter[str] = Counter()
    for name in ("ecom_train", "wentian_train"):
        with gzip.open(folder / "queries" / f"{name}.txt.gz", "rt", encoding="utf-8") as file:
            counts.update({plain(line) for line in file})
    return counts


@cache
def kept_back(folder: Path) -> tuple[str, ...]:
    once = [query for query, count in asked(folder).items() if count == 1]
    return tuple(random.Random(SEED).sample(once, KEPT_BACK))


@cache
def frequent(folder: Path) -> tuple[str, ...]:
    return tuple(q for q, count in asked(folder).items() if count > 1 and len(HAN_CHAR.findall(q)) >= 3)


@cache
def knowledge(folder: Path) -> Knowledge:
    lexicon = load_lexicon(LEXICON)
    segmenter = open_segmenter("auto", lexicon.user_words)
    learner = Learner(segmenter, Quantities(lexicon.units), load_entity_lexicon(LEXICON / "entities"))
    with gzip.open(folder / "catalog" / "products.jsonl.gz") as file:
        for line in file:
            learner.add(orjson.loads(line))
    hidden = set(kept_back(folder))
    for query, count in asked(folder).items():
        if query not in hidden:
            learner.add_query(query, count)
    return learner.finish()


@cache
def speller(folder: Path) -> Speller:
    known = knowledge(folder)
    context = ContextLearner()
    for title in real_titles(folder):
        context.add(plain(title))
    for query, count in known.queries.items():
        context.add(query, count)
    frequencies = {**known.words, **known.brands, **known.products}
    tables = SpellingTables.of(frequencies, known.queries, known.products, context.finish())
    return Speller(tables, known.brands)


@cache
def alike(folder: Path) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What characters are mistaken for: the same usual reading, or one line of a table of same-stroke characters."""
    counts = Counter(char for title in real_titles(folder) for char in plain(title) if HAN_CHAR.match(char))
    by_sound = defaultdict(list)
    for char in sorted(char for char, count in counts.items() if count >= 50):
        by_sound[pinyin(char, style=Style.NORMAL)[0][0]].append(char)
    sounds = {char: [o for o in group if o != char] for group in by_sound.values() for char in group}
    shapes = defaultdict(set)
    for line in (folder / "lexicons" / "pycorrector" / "same_stroke.txt").read_text(encoding="utf-8").splitlines():
        first, *others = line.split() or [""]
        for other in others:
            if counts[first] >= 5 and counts[other] >= 5 and first != other:
                shapes[first].add(other)
                shapes[other].add(first)
    return {"pinyin": sounds, "shape": {char: sorted(others) for char, others in shapes.items()}}


def interleaved(lists: Sequence[Sequence[int]]) -> list[int]:
    rows = (row for rank in range(10) for found in lists for row in found[rank : rank + 1])
    return list(dict.fromkeys(rows))[:10]


def test_planted_errors(real_data: Path, tmp_path: Path) -> None:
    titles = random.Random(SEED).sample(real_titles(real_data), INDEXED)
    analyzer, known = built_in_analyzer(), speller(real_data)
    reader = title_reader(tmp_path, titles, analyzer)

    def top(query: str) -> list[int]:
        weights = analyzer.query(query).weights
        rows: list[int] = reader.lexical(LexicalQuery(weights, {"title": 1.0}, (), 0), Filters(), 10).rows.tolist()
        return rows

    def found(planted: Planted) -> tuple[bool, bool]:
        clean = top(planted.clean)
        meant = int(planted.document) if planted.document else next(iter(clean), -1)
        other = known.correct(planted.typed)
        texts = {"replace": [other.text], "both": [planted.typed, other.text]}.get(other.action) if other else None
        return meant in clean, meant in interleaved([top(text) for text in texts or [planted.typed]])

    cut = open_segmenter("auto", load_lexicon(LEXICON).user_words).cut
    rows = [(str(row), title) for row, title in enumerate(titles)]
    queries: list[tuple[str | None, str]] = [*title_queries(rows, cut, 2 * PLANTED, SEED)]
    for source in (queries, [(None, query) for query in frequent(real_data)]):
        results = [found(planted) for planted in plant(source, alike(real_data), PLANTED, SEED)]
        clean, typed = sum(c for c, _ in results), sum(t for _, t in results)
        assert clean >= 0.85 * PLANTED
        assert typed >= 0.9 * clean, (typed, clean)


def test_false_corrections(real_data: Path) -> None:
    known = speller(real_data)
    found = [(query, other) for query in kept_back(real_data) if (other := known.correct(query))]
    replaced = [(query, other.text) for query, other in found if other.action == "replace"]
    searched = [(query, other.text) for query, other in found if other.action != "suggest"]
    assert len(replaced) <= 0.01 * KEPT_BACK, replaced
    assert len(searched) <= 0.03 * KEPT_BACK, searched


def test_letters(real_data: Path) -> None:
    known, rng = knowledge(real_data), random.Random(SEED)
    nouns = [word for word, count in known.products.items() if count >= 30 and re.fullmatch(rf"[{HAN}]{{2,8}}", word)]
    queries = [query for query in frequent(real_data) if re.fullmatch(rf"[{HAN}]{{3,8}}", query)]
    long = [noun for noun in nouns if len(noun) > 2]
    typed = [(word, "".join(lazy_pinyin(word))) for word in rng.sample(nouns, DRAWN) + rng.sample(queries, DRAWN)]
    typed += [(word, " ".join(lazy_pinyin(word))) for word in rng.sample(nouns, DRAWN)]
    typed += [(word, word[0] + "".join(lazy_pinyin(word[1:]))) for word in rng.sample(long, DRAWN)]
    typed += [(word, "".join(s[0] for s in lazy_pinyin(word))) for word in rng.sample(long, DRAWN)]
    expand = speller(real_data).expand_latin
    missed = [(word, letters) for word, letters in typed if word not in {found.text for found in expand(letters)}]
    assert len(missed) <= 0.05 * len(typed), missed


def test_homophones(real_data: Path) -> None:
    known = speller(real_data)
    by_sound = defaultdict(set)
    for word, count in knowledge(real_data).words.items():
        if count >= 20 and re.fullmatch(rf"[{HAN}]{{2,4}}", word):
            by_sound[spellings(word)[:1]].add(word)
    words = [word for group in by_sound.values() if len(group) > 1 for word in group]
    assert len(words) >= 300
    assert not [word for word in words if known.correct(word)]
    characters = {char for word in words for char in word}
    assert not [char for char in characters if known.correct(char) or known.expand_latin(char)]
