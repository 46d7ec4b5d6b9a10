"""The file of weights:

1. The built-in one has a weight for every feature and sane bounds.
2. A feature that is not named counts nothing; one that there is not, a missing file and a pattern that is none are
   refused, naming the file.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from configs.settings import LINKS, ConfigError
from indexer.videos.links.features import NAMES
from indexer.videos.links.weights import load_weights


def changed(tmp_path: Path, **parts: object) -> Path:
    file = tmp_path / "links.yaml"
    file.write_text(yaml.safe_dump(yaml.safe_load(LINKS.read_text(encoding="utf-8")) | parts), encoding="utf-8")
    return file


def test_the_built_in_file_names_every_feature() -> None:
    named = yaml.safe_load(LINKS.read_text(encoding="utf-8"))["chain"]
    assert {group: tuple(weights) for group, weights in named.items()} == dict(NAMES)
    assert 0.5 < load_weights().shown < 1


def test_what_is_not_named_counts_nothing(tmp_path: Path) -> None:
    weights = load_weights(changed(tmp_path, chain={"switch": {"next": 2.0}}))
    assert weights.chain["switch"].tolist() == [0.0, 2.0, 0.0]
    assert not weights.chain["enter"].any()


@pytest.mark.parametrize(
    "parts",
    [{"chain": {"enter": {"surprise": 1.0}}}, {"chain": {"surprise": {"bias": 1.0}}}, {"shown": 2.0}, {"more": 1}],
)
def test_what_there_is_not_is_refused(tmp_path: Path, parts: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"links\.yaml"):
        load_weights(changed(tmp_path, **parts))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load_weights(tmp_path / "nowhere.yaml")
