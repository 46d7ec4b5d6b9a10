"""What is of a category of another department is believed as much as its category is likely beside the likeliest; all
else, and what has no category, is believed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from retrieval.ranking.department import belief
from retrieval.ranking.forward import ForwardRows
from retrieval.ranking.setting import Setting
from tests.unit.retrieval.ranking.shop import row

SETTING = Setting(categories={"羽绒服": 0.8, "收纳箱": 0.16}, elsewhere=frozenset({"收纳箱", "女包"}))
ROWS = ForwardRows.decode(
    [row("羽绒服", category=["x", leaf]) for leaf in ("羽绒服", "收纳箱", "女包", "棉服")] + [row("羽绒服")]
)


def test_belief() -> None:
    assert belief(ROWS, SETTING).tolist() == pytest.approx([1, 0.2, 0, 1, 1])
    assert belief(ROWS, replace(SETTING, elsewhere=frozenset())).tolist() == [1] * 5
    assert belief(ROWS, SETTING).dtype == np.float32
