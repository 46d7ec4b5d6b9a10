"""Real queries without conditions get no filter.

Of 2,000 queries drawn from the real ones, those without any word by which a condition can be said (a bound, money, a
negation, a service, stock) get no filter. Queries with such a word are few: at most 0.5 % of all have a filter.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.normalize import normalize
from retrieval.understanding.constraints.constraint_rules import load_constraint_rules
from retrieval.understanding.constraints.constraints import ConstraintReader
from tests.real.catalogue import drawn, real_queries

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

COUNT, MOST_WITH_FILTER = 2_000, 0.005
SAID = re.compile(
    r"以内|以下|以上|之内|左右|内|起|不|低于|高于|超|大于|小于|最多|最少|至少|预算|元|块|钱|毛|价|[千百几多]|[0-9]\s*(?:到|至|-)\s*[0-9]"
    r"|非|除|没有|邮|运费|到付|次日|达|顺丰|安装|无理由|退|赔|联保|正品|免息|试用|后付|发货|货"
)


def test_no_wrong_filter(real_data: Path) -> None:
    reader = ConstraintReader(load_constraint_rules(LEXICON.parent / "rules"), load_lexicon(LEXICON).units)
    queries = [" ".join(normalize(text).split()) for text in drawn(real_queries(real_data), COUNT, seed=5)]
    filtered = [query for query in queries if any(not c.filters.empty or c.amount for c in reader.read(query))]
    assert [query for query in filtered if not SAID.search(query)] == []
    assert len(filtered) <= MOST_WITH_FILTER * COUNT, filtered
