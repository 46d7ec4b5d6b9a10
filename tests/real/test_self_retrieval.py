"""Every piece of a real title finds its title:

1. Of 5,000 random pieces (2–8 characters) of its titles, the channel's “all words” condition finds ≥ 99.5 %.
2. So it does of every model number in the catalogue, each asked for once, in one of its titles.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.real.catalogue import real_titles
from tests.spans import model_numbers, random_spans
from tests.title_index import built_in_analyzer, is_found, title_reader

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

SPANS, LEAST_SHARE = 5_000, 0.995


def missed(titles: Sequence[str], asked: Sequence[tuple[int, str]], folder: Path) -> list[str]:
    """Those queries of (row, query) that do not find their title. Only the titles asked about are indexed."""
    analyzer = built_in_analyzer()
    rows = {row: place for place, row in enumerate(sorted({row for row, _ in asked}))}
    reader = title_reader(folder, [titles[row] for row in rows], analyzer)
    return [query for row, query in asked if not is_found(reader, analyzer, rows[row], query)]


def test_random_pieces_find_their_title(real_data: Path, tmp_path: Path) -> None:
    titles = real_titles(real_data)
    lost = missed(titles, random_spans(titles, SPANS, seed=2), tmp_path)
    assert len(lost) <= (1 - LEAST_SHARE) * SPANS, lost


def test_model_numbers_find_their_title(real_data: Path, tmp_path: Path) -> None:
    titles = real_titles(real_data)
    numbers = list({number.lower(): (row, number) for row, number in model_numbers(titles)}.values())
    assert len(numbers) >= 10_000
    lost = missed(titles, numbers, tmp_path)
    assert len(lost) <= (1 - LEAST_SHARE) * len(numbers), lost
