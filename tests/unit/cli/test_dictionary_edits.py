"""Which entries an edit lets go:

1. Those whose first piece does not come again, each as often as it goes; comments and blank lines are no entries.
"""

from __future__ import annotations

import pytest

from cli.dictionary_edits import dropped


@pytest.mark.parametrize(
    ("lines", "gone"),
    [
        ([], []),
        (["+番茄\t西红柿"], []),
        (["-番茄\t西红柿"], ["番茄\t西红柿"]),
        (["-番茄\t西红柿", "+番茄\t西红柿\t0.5"], []),
        (["-a\tb", "-a\tc", "+a\td"], ["a\tc"]),
        (["-华为=huawei", "+华为=hua_wei=hw"], []),
        (["-碎花裙\t20", "+碎花裙"], []),
        (["-碎花裙", "+碎花"], ["碎花裙"]),
        (["-# what it means", "-", "-  ", "-a\tb # why"], ["a\tb # why"]),
    ],
)
def test_dropped(lines: list[str], gone: list[str]) -> None:
    assert dropped(lines) == gone
