"""Every piece of a title finds its title:

1. Of 5,000 random pieces (2–8 characters) of the text list, the channel's “all words” condition finds ≥ 99.5 %.
2. So does it every model number in it.
3. A title is not found by what it does not have.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.spans import model_numbers, random_spans
from tests.title_index import built_in_analyzer, is_found, read_texts, title_reader

Found = Callable[[int, str], bool]
LEAST_SHARE = 0.995


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    analyzer = built_in_analyzer()
    reader = title_reader(tmp_path_factory.mktemp("titles"), read_texts(), analyzer)
    return lambda row, query: is_found(reader, analyzer, row, query)


def test_random_pieces_find_their_title(found: Found) -> None:
    spans = random_spans(read_texts(), 5_000, seed=1)
    missed = [(row, span) for row, span in spans if not found(row, span)]
    assert len(missed) <= (1 - LEAST_SHARE) * len(spans), missed


def test_model_numbers_find_their_title(found: Found) -> None:
    models = list(model_numbers(read_texts()))
    assert len(models) >= 300
    assert [(row, model) for row, model in models if not found(row, model)] == []


def test_other_words_do_not_find_a_title(found: Found) -> None:
    spans = random_spans(read_texts(), 300, seed=2)
    assert [row for row, span in spans if found(row, f"{span} 鼍黾")] == []
