"""The file of what a second look weighs:

1. Both files that come with Xunhuo can be read, and so can what they say.
2. A file that is missing, misses a number, or has one that is unknown or out of range is refused by its name.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import RANKING
from retrieval.errors import SettingsError
from retrieval.ranking.second_weights import SecondWeights, load_second_weights

GOOD = "order: 2\ncentre: -1\nrelevance: {bias: 0.5, first: 1, read: 0.25}\n"


@pytest.mark.parametrize("name", ["e5", "cross-encoder"])
def test_built_in_files(name: str) -> None:  # 1
    assert load_second_weights(RANKING / "second" / f"{name}.yaml").order > 0


def test_what_is_read(tmp_path: Path) -> None:  # 1
    file = tmp_path / "w.yaml"
    file.write_text(GOOD)
    assert load_second_weights(file) == SecondWeights(2, -1, 0.5, 1, 0.25)


@pytest.mark.parametrize(
    "text",
    [GOOD.replace("order: 2", "order: -2"), GOOD.replace("centre: -1\n", ""), GOOD + "more: 1\n", "[", "order: x\n"],
)
def test_what_is_refused(tmp_path: Path, text: str) -> None:  # 2
    file = tmp_path / "w.yaml"
    file.write_text(text)
    with pytest.raises(SettingsError) as error:
        load_second_weights(file)
    assert error.value.field == str(file)


def test_a_missing_file(tmp_path: Path) -> None:  # 2
    with pytest.raises(SettingsError, match="cannot be read"):
        load_second_weights(tmp_path / "none.yaml")
