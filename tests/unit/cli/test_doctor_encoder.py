"""What `xunhuo doctor` says of the encoder: weights that read tokens need one that keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.doctor import examine
from configs.settings import RANKING, load_settings


@pytest.mark.parametrize(
    ("overrides", "ok"),
    [
        ((), True),
        (("ranking.enabled=false", f"ranking.weights={RANKING / 'e5.yaml'}"), True),
        ((f"ranking.weights={RANKING / 'e5.yaml'}",), False),
        (("encoder.name=none", f"ranking.weights={RANKING / 'e5.yaml'}"), False),
    ],
)
def test_weights_that_read_tokens(tmp_path: Path, overrides: tuple[str, ...], ok: bool) -> None:
    settings = load_settings(overrides=["encoder.name=hashing", *overrides], data_dir=tmp_path)
    finding = next(each for each in examine(settings) if each.what == "encoder")
    assert finding.ok is ok
    assert ("keeps no tokens" in finding.detail) is not ok
    assert ("ranking.weights" in finding.detail) is not ok
