"""The store of dictionaries:

1. What was never edited is the file of the settings, version 0; every edit is a new version and all are kept.
2. A text that the loader of its file cannot read is refused with file and line of all that cannot be read, and nothing
   is kept.
3. An edit of a version that is not in force any more is refused; of edits at once from one version one wins.
4. Going back changes which version is in force, loses none, and the next edit gets a number of its own.
5. The loaders see what is in force laid over the settings; where nothing was edited, the folder of the settings itself.
6. However a writer ends, readers see the version before or the version after, whole.
7. `state` changes with an edit, with going back and with a file of the settings that is written by hand.
8. Every dictionary of the project can be put as it is, and is found under its name; words of listings are none.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from configs.settings import LEXICON, RULES
from retrieval.analysis.lexicon import load_lexicon
from retrieval.dictionaries.files import FILES, Folders
from retrieval.dictionaries.ruleset import load_ruleset
from retrieval.dictionaries.versions import Dictionaries, Version
from retrieval.errors import LexiconError, NotFound, VersionConflict

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
BUILT_IN = Folders(LEXICON, LEXICON / "entities", RULES)


@pytest.fixture
def base(tmp_path: Path) -> Folders:
    """Settings with two synonyms, one stop word and no more."""
    for folder in ("lexicon", "entities", "rules"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lexicon" / "synonyms.tsv").write_text("番茄\t西红柿\n", encoding="utf-8")
    (tmp_path / "lexicon" / "stop_words.txt").write_text("的\n", encoding="utf-8")
    return Folders(tmp_path / "lexicon", tmp_path / "entities", tmp_path / "rules")


@pytest.fixture
def store(base: Folders, tmp_path: Path) -> Dictionaries:
    return Dictionaries(tmp_path / "shop", base)


def test_versions(store: Dictionaries) -> None:  # 1
    assert (store.current("synonyms"), store.text("synonyms")) == (0, "番茄\t西红柿\n")
    assert store.put("synonyms", "土豆\t马铃薯\n", now=NOW) == 1
    assert store.put("synonyms", "土豆\t洋芋\n", now=NOW + timedelta(seconds=5)) == 2
    assert store.put("synonyms", "土豆\t洋芋\n", now=NOW + timedelta(seconds=9)) == 2  # nothing new
    assert store.versions("synonyms") == (
        Version(0, None, len("番茄\t西红柿\n".encode())),
        Version(1, "2026-01-01T12:00:00+00:00", len("土豆\t马铃薯\n".encode())),
        Version(2, "2026-01-01T12:00:05+00:00", len("土豆\t洋芋\n".encode())),
    )
    assert [store.text("synonyms", n) for n in (0, 1, 2)] == ["番茄\t西红柿\n", "土豆\t马铃薯\n", "土豆\t洋芋\n"]
    assert store.diff("synonyms", "土豆\t洋芋\n茄子\t矮瓜\n") == ("+茄子\t矮瓜",)
    assert store.diff("synonyms", "土豆\t薯仔\n") == ("-土豆\t洋芋", "+土豆\t薯仔")
    assert store.text("rewrites") == ""


def test_unknown(store: Dictionaries) -> None:  # 1
    asks: list[Callable[[], object]] = [
        lambda: store.current("synonym"), lambda: store.text("../x"), lambda: store.versions(""),
        lambda: store.put("entities/none", "", now=NOW), lambda: store.rollback("x", 0), lambda: store.text("units", 7),
        lambda: store.rollback("synonyms", 7),
    ]  # fmt: skip
    for ask in asks:
        with pytest.raises(NotFound, match="there is no") as caught:
            ask()
        assert "there are: " in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [
        ("synonyms", "# 说明\n番茄\n", "synonyms.tsv:2"),
        ("user_words", "好\t0\n", "user_words.txt:1"),
        ("units", "ml\tml\tx\n", "units.tsv:1"),
        ("rewrites", "好\t好\n", "rewrites.tsv:1"),
        ("categories", "好\t\t1\n", "categories.tsv:1"),
        ("constraints", "what\t1\t好\n", "constraints.tsv:1"),
        ("spelling", "always\t好\n", "spelling.tsv:1"),
        ("entities/brands", "好\n，\n", "brands.txt:2"),
        ("stop_words", "好\n\udcff\n", "stop_words.txt:2"),
    ],
)
def test_refused(store: Dictionaries, tmp_path: Path, name: str, text: str, field: str) -> None:  # 2
    with pytest.raises(LexiconError) as caught:
        store.put(name, text, now=NOW)
    assert caught.value.field == field
    assert "xunhuo-" not in str(caught.value)  # no folder that is gone by now
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("synonyms", "番茄"), ("user_words", "长裙\t0"), ("units", "ml\t毫升\tx"), ("stop_words", "!!"),
        ("rewrites", "好"), ("categories", "一列"), ("constraints", "nothing"), ("spelling", "x"),
    ],
)  # fmt: skip
def test_all_that_cannot_be_read(store: Dictionaries, name: str, bad: str) -> None:  # 2
    good, file = "# a comment", FILES[name].file
    with pytest.raises(LexiconError) as caught:
        store.put(name, f"{bad}\n{good}\n{bad}\n\udcff\n{good}", now=NOW)
    assert caught.value.field == f"{file}:1"
    named = [line.split(": ")[0].strip() for line in caught.value.message.splitlines()[1:]]
    assert named == [f"{file}:1", f"{file}:3", f"{file}:4"]
    with pytest.raises(LexiconError) as caught:
        store.put(name, f"{bad}\n" * 100, now=NOW)
    assert len(caught.value.message.splitlines()) == 21
    assert store.current(name) == 0


def test_lost_updates(store: Dictionaries) -> None:  # 3
    store.put("stop_words", "的\n了\n", now=NOW, expected=0)
    for stale in (
        lambda: store.put("stop_words", "吗\n", now=NOW, expected=0),
        lambda: store.rollback("stop_words", 0, expected=0),
    ):
        with pytest.raises(VersionConflict, match="version 1 of stop_words is in force, not 0"):
            stale()

    def put(n: int) -> int | None:
        try:
            return store.put("stop_words", f"词{n}\n", now=NOW, expected=1)
        except VersionConflict:
            return None

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(put, range(8)))
    assert sorted(number for number in done if number) == [2]
    assert len(store.versions("stop_words")) == 3


def test_going_back(store: Dictionaries) -> None:  # 4
    for text in ("甲\t乙\n", "丙\t丁\n"):
        store.put("synonyms", text, now=NOW)
    store.rollback("synonyms", 1)
    assert (store.current("synonyms"), store.text("synonyms")) == (1, "甲\t乙\n")
    store.rollback("synonyms", 0)
    assert store.text("synonyms") == "番茄\t西红柿\n"
    assert store.put("synonyms", "戊\t己\n", now=NOW) == 3
    assert [version.number for version in store.versions("synonyms")] == [0, 1, 2, 3]


def test_laid_over(store: Dictionaries, base: Folders) -> None:  # 5
    with store.assembled() as folders:
        assert folders == base
    store.put("synonyms", "甲\t乙\n", now=NOW)
    with store.assembled({"rewrites": "丙\t丁\n"}) as folders:
        assert folders.entities == base.entities
        rules = load_ruleset(folders)
    assert (set(rules.lexicon.synonyms), set(rules.lexicon.stop_words)) == ({"甲"}, {"的"})
    assert rules.rewrites.apply("丙") is not None
    assert not folders.lexicon.exists()
    with store.assembled() as folders:
        assert folders.rules == base.rules


def ending(call: Callable[..., object], stop: int) -> Callable[..., object]:
    """`call`, whose `stop`-th use is the end of the process."""
    uses = iter(range(1, 10))

    def end(*given: object) -> object:
        if next(uses) == stop:
            raise KeyboardInterrupt
        return call(*given)

    return end


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_however_it_ends(store: Dictionaries, monkeypatch: pytest.MonkeyPatch, call: str) -> None:  # 6
    store.put("synonyms", "甲\t乙\n", now=NOW)
    seen = set()
    real = getattr(os, call)
    for stop in range(1, 5):  # a write is two of each: the version and the pointer; fsync also of the folder
        monkeypatch.setattr(os, call, ending(real, stop))
        with suppress(KeyboardInterrupt):
            store.put("synonyms", "丙\t丁\n", now=NOW)
        monkeypatch.setattr(os, call, real)
        seen.add(store.text("synonyms"))
        with store.assembled() as folders:
            assert set(load_lexicon(folders.lexicon).synonyms) in ({"甲"}, {"丙"})
        store.rollback("synonyms", 1)
    assert seen == {"甲\t乙\n", "丙\t丁\n"}


def test_state(store: Dictionaries, base: Folders) -> None:  # 7
    states = [store.state()]
    assert store.state() == states[0]
    store.put("entities/brands", "云杉\n", now=NOW)
    states.append(store.state())
    store.put("entities/brands", "青禾\n", now=NOW)
    states.append(store.state())
    store.rollback("entities/brands", 1)
    states.append(store.state())
    (base.rules / "rewrites.tsv").write_text("甲\t乙\n", encoding="utf-8")
    states.append(store.state())
    assert len(set(states)) == 5


def test_those_of_the_project(tmp_path: Path) -> None:  # 8
    store = Dictionaries(tmp_path, BUILT_IN)
    for name in FILES:
        assert store.put(name, store.text(name) + "\n# 末行\n", now=NOW) == 1
    files = {path.name for folder in (LEXICON, LEXICON / "entities", RULES) for path in folder.glob("*.t*")}
    assert {of.file for of in FILES.values()} >= {name for name in files if not name.startswith("listing_")}
    with store.assembled() as folders:
        edited = load_ruleset(folders)
    assert edited.lexicon == load_ruleset(BUILT_IN).lexicon
