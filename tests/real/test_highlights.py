"""Both normal forms of 2,000 real titles are one, and the fragments of each join to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.analysis.highlight import Highlighter
from retrieval.analysis.normalize import normalize, normalize_aligned
from tests.real.catalogue import drawn, real_titles
from tests.spans import random_spans
from tests.title_index import built_in_analyzer

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


def test_normal_forms_and_fragments(real_data: Path) -> None:
    titles = drawn(real_titles(real_data), 2_000, seed=4)
    analyzer = built_in_analyzer()
    for title in titles:
        assert normalize_aligned(title)[0] == normalize(title)
    for row, span in random_spans(titles, 2_000, seed=4):
        fragments = Highlighter(analyzer.query(span))(titles[row])
        assert "".join(fragment.text for fragment in fragments) == titles[row]
