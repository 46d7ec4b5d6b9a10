"""Settings:

1. Layers, the later the stronger: defaults, files in order, environment, overrides, the data folder.
2. `encoder.options` is replaced whole; other sections are merged key by key.
3. Every error is a ConfigError that names the key and the file, variable or override that set it: unknown keys, wrong
   types, values outside the range of every number, files that are missing, no YAML or no mapping.
4. So many searches run at once as are told, or as the backend says.
5. Variables of the tests are no settings. Settings cannot be changed, and come back from their own JSON.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cli.options import settings_of
from configs.settings import LEXICON, ConfigError, Settings, load_settings
from tests.unit.configs.test_defaults import KNOBS, bounds

NUMBERS = [(key, *bounds(field)) for key, field in KNOBS.items() if field.annotation in (int, float)]


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    return tmp_path / "shop.yaml"


def value_of(settings: Settings, key: str) -> Any:
    value: Any = settings
    for name in key.split("."):
        value = getattr(value, name)
    return value


def test_layers(overlay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay.write_text("search: {depth: 100, floor: 0.1, most: 0.5}\n", encoding="utf-8")
    later = tmp_path / "later.yaml"
    later.write_text("search:\n  depth: 200\n  most: 0.6\n", encoding="utf-8")
    monkeypatch.setenv("XUNHUO_SEARCH__DEPTH", "300")
    settings = load_settings([overlay, later], ["search.depth=400"], tmp_path)
    assert settings.search.depth == 400
    assert load_settings([overlay, later]).search.depth == 300
    monkeypatch.delenv("XUNHUO_SEARCH__DEPTH")
    assert load_settings([overlay, later]).search.depth == 200
    assert load_settings([later, overlay]).search.depth == 100
    assert (settings.search.floor, settings.search.most) == (0.1, 0.6)
    assert settings.search.enough == load_settings().search.enough
    assert settings.data_dir == tmp_path
    assert settings_of(None, None, None) == load_settings()
    assert settings_of([overlay, later], ["search.depth=400"], tmp_path) == settings


def test_the_last_override_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNHUO_DATA_DIR", "/srv/mall")
    assert load_settings().data_dir == Path("/srv/mall")
    assert load_settings(overrides=["api.port=1", "api.port=2"]).api.port == 2


def test_searches_at_once() -> None:
    at_once = [load_settings(overrides=given).searches_at_once for given in (
        [], ["backend.name=opensearch"], ["search.threads=3"], ["backend.name=opensearch", "search.threads=1"],
    )]  # fmt: skip
    assert at_once == [1, 2, 3, 1]


def test_encoder_options_are_replaced_whole(overlay: Path) -> None:
    overlay.write_text("encoder: {name: sentence-transformers, options: {model: a, device: cpu}}", encoding="utf-8")
    assert load_settings([overlay]).encoder.options == {"model": "a", "device": "cpu"}
    changed = load_settings([overlay], ["encoder.options={dim: 64}", "encoder.name=hashing"]).encoder
    assert (changed.options, changed.name) == ({"dim": 64}, "hashing")
    assert changed.threads == load_settings().encoder.threads
    fields = load_settings(overrides=["search.fields={brand: 2}"]).search.fields
    assert (fields.brand, fields.title) == (2, load_settings().search.fields.title)


def test_an_empty_file_changes_nothing(overlay: Path) -> None:
    overlay.write_text("# nothing yet\n", encoding="utf-8")
    assert load_settings([overlay]) == load_settings()
    overlay.write_bytes(b"\xef\xbb\xbfapi: {port: 9}\r\n")
    assert load_settings([overlay]).api.port == 9


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("search: {dept: 5}", "search.dept", "no such setting"),
        ("serch: {depth: 50}", "serch", "no such setting"),
        ("search: {fields: {titel: 1}}", "search.fields.titel", "no such setting"),
        ("search: {depth: 5}", "search.depth", "greater than or equal to 10 (given: 5)"),
        ("search: {depth: many}", "search.depth", "valid integer"),
        ("search: {depth: 50.5}", "search.depth", "valid integer"),
        ("search: {depth: null}", "search.depth", "valid integer"),
        ("search: {floor: .nan}", "search.floor", "given: nan"),
        ("search: {fusion: best}", "search.fusion", "'weighted' or 'rrf'"),
        ("search: 5", "search", "given: 5"),
        ("encoder: {options: 5}", "encoder.options", "valid dictionary"),
        ("data_dir: [a]", "data_dir", "path"),
    ],
)
def test_a_bad_value_names_key_and_file(text: str, key: str, problem: str, overlay: Path) -> None:
    overlay.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings([overlay])
    message = str(caught.value)
    assert message.startswith(f"{key}: ")
    assert problem in message
    assert message.endswith(f"in {overlay}")


def test_every_problem_is_told_with_its_own_origin(overlay: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay.write_text("search: {depth: 1}\n", encoding="utf-8")
    monkeypatch.setenv("XUNHUO_INDEX__KEEP", "0")
    with pytest.raises(ConfigError) as caught:
        load_settings([overlay], ["api.port=70000"])
    lines = str(caught.value).splitlines()
    assert {(line.split(":")[0], line.rsplit(", in ")[-1]) for line in lines} == {
        ("search.depth", str(overlay)),
        ("index.keep", "$XUNHUO_INDEX__KEEP"),
        ("api.port", "--set api.port=70000"),
    }


@pytest.mark.parametrize(("key", "low", "high"), NUMBERS)
def test_ranges(key: str, low: Any, high: Any) -> None:
    for bound, beyond in [(low, low - 1)] + ([] if high is None else [(high, high + 1)]):
        assert value_of(load_settings(overrides=[f"{key}={bound}"]), key) == bound
        with pytest.raises(ConfigError, match=rf"^{key}: .*--set {key}={beyond}$"):
            load_settings(overrides=[f"{key}={beyond}"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"search: [", "not YAML"),
        (b"search: {depth: 2026-99-99}", "not YAML"),
        (b"a: !!python/object:os.system x", "not YAML"),
        (b"a: \x00", "not YAML"),
        (b"- search", "not a mapping"),
        (b"search", "not a mapping"),
        ("名称: 寻货".encode("gb18030"), "cannot be read"),
    ],
)
def test_a_file_that_is_no_settings(content: bytes, problem: str, overlay: Path) -> None:
    overlay.write_bytes(content)
    with pytest.raises(ConfigError, match=problem) as caught:
        load_settings([overlay])
    assert str(overlay) in str(caught.value)


def test_a_file_that_is_not_there(overlay: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"no settings file {overlay}"):
        load_settings([overlay])
    with pytest.raises(ConfigError, match=f"{tmp_path} cannot be read"):
        load_settings([tmp_path])


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("XUNHUO_SEARCH__DEPTH", "1", "search.depth: "),
        ("XUNHUO_SEARCH__DEPT", "50", "search.dept: there is no such setting"),
        ("XUNHUO_SEARCH_DEPTH", "50", "search_depth: there is no such setting"),
        ("XUNHUO_SEARCH__DEPTH", "[", "is not YAML"),
        ("XUNHUO_SEARCH__DEPTH", "", "search.depth: "),
    ],
)
def test_a_bad_variable_is_named(name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert problem in str(caught.value)
    assert f"${name}" in str(caught.value)


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        ("search.depth", "write section.key=value"),
        ("=5", "write section.key=value"),
        ("search.depth=[", "not YAML"),
        ("search.depth=!!int x", "not YAML"),
        ("search.dept=50", "search.dept: there is no such setting"),
        ("search.depth.x=5", "search.depth: "),
        ("search={1: 2}", "search.1: "),
    ],
)
def test_a_bad_override_is_named(override: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(overrides=[override])
    assert problem in str(caught.value)
    assert f"--set {override.split('=')[0]}" in str(caught.value)


def test_variables_of_the_tests_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNHUO_TEST_DATA", "/nowhere")
    monkeypatch.setenv("xunhuo_search__depth", "1")
    assert load_settings().search.depth == load_settings(overrides=[]).search.depth


def test_settings_are_values(tmp_path: Path) -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.search.depth = 5
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
    assert settings.lexicon_dir == LEXICON
    assert load_settings(overrides=[f"analysis.lexicon_dir={tmp_path}"]).lexicon_dir == tmp_path
