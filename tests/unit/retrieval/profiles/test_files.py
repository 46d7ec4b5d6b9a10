"""The files of interests:

1. Those of the repository can be read; every word that is sensitive is normalised as titles are.
2. An unknown name, a number out of range, a missing one and a missing file are said with the place.
3. A word that is a brand or an audience and no product has its name; noise says nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from configs.settings import load_settings
from retrieval.analysis.normalize import normalize
from retrieval.errors import LexiconError, SettingsError
from retrieval.interest.profile import Dimension
from retrieval.profiles.vocabulary import Vocabulary, load_sensitive
from retrieval.profiles.weights import load_interest
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entity_lexicon import EntityLexicon

SETTINGS = load_settings()


def test_of_the_repository() -> None:  # 1
    weights = load_interest(SETTINGS.interest_weights)
    assert weights.signals.refund < 0 < weights.signals.order
    words = load_sensitive(SETTINGS.sensitive_file)
    assert {"避孕", "佛像"} <= words
    assert all(word == normalize(word) for word in words)


@pytest.mark.parametrize(
    ("part", "name", "value"), [("signals", "clik", 1.0), ("learn", "gift", 2.0), ("score", "word", None)]
)
def test_mistakes(tmp_path: Path, part: str, name: str, value: float | None) -> None:  # 2
    given = yaml.safe_load(SETTINGS.interest_weights.read_text(encoding="utf-8"))
    given[part] = {key: v for key, v in given[part].items() if key != name}
    if value is not None:
        given[part][name] = value
    file = tmp_path / "weights.yaml"
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{part}.{name}"):
        load_interest(file)


def test_no_file(tmp_path: Path) -> None:  # 2
    with pytest.raises(SettingsError, match="cannot be read"):
        load_interest(tmp_path / "no.yaml")
    with pytest.raises(LexiconError, match="cannot be read"):
        load_sensitive(tmp_path / "no.txt")


def test_words() -> None:  # 3
    lexicon = EntityLexicon(
        {"希禾": {Kind.BRAND: "希禾"}, "xihe": {Kind.BRAND: "希禾"}, "苹果": {Kind.BRAND: "苹果", Kind.PRODUCT: "苹果"},
         "女士": {Kind.AUDIENCE: "女"}, "包邮": {Kind.NOISE: "包邮"}}
    )  # fmt: skip
    found = Vocabulary.of(lexicon, {"毒"})
    assert found.key("xihe") == (Dimension.BRAND, "希禾")
    assert found.words_of((Dimension.BRAND, "希禾")) == ["希禾", "xihe"]
    assert found.key("苹果") == (Dimension.WORD, "苹果")
    assert found.key("女士") == (Dimension.AUDIENCE, "女")
    assert found.idle == {"包邮"}
    assert found.forbids("有毒") > found.forbids("无害")
