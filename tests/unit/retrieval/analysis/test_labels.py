"""Labels as tokens:

1. One label has one token, however it is written; no text has it.
2. A label of which nothing is left has none.
"""

from __future__ import annotations

import pytest

from retrieval.analysis.labels import label_token
from tests.title_index import built_in_analyzer


@pytest.mark.parametrize("label", ["国货", " 國貨 ", "国 货", "国货！"])
def test_one_token(label: str) -> None:  # 1
    assert label_token(label) == "@国货"
    assert not any(token.startswith("@") for token in built_in_analyzer().tokens("@国货 国货@"))


@pytest.mark.parametrize("label", ["", " ", "★", "--"])
def test_none(label: str) -> None:  # 2
    assert label_token(label) == ""
