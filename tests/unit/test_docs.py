"""The documentation runs.

1. Every path that ARCHITECTURE.md and the READMEs name exists.
2. Every `xunhuo` command line in the READMEs and guides parses: command, subcommand and options exist.
3. Both READMEs name the same commands and link to the same files.
4. README gives the make targets for users, and they exist; CI calls only targets of the Makefile; no test is left out.
5. Every knob of configs/default.yaml that a guide names exists.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from configs.settings import DEFAULTS
from xunhuo.__main__ import app

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
GUIDES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", *READMES, *GUIDES])
def test_paths_exist(name: str) -> None:
    base = (ROOT / name).parent
    links = [link for link in LINK.findall(read(name)) if "://" not in link]
    assert [link for link in links if not (base / link).exists()] == []


def test_architecture_map() -> None:
    paths = [code for code in CODE.findall(read("ARCHITECTURE.md")) if "/" in code or code.endswith((".py", ".toml"))]
    assert len(paths) > 25
    assert [path for path in paths if not (ROOT / path).exists()] == []


def command_lines(name: str) -> list[list[str]]:
    lines = [line for line in read(name).splitlines() if re.match(r"    (\.venv/bin/)?xunhuo \w", line)]
    return [shlex.split(line.split("#")[0]) for line in lines]


@pytest.mark.parametrize("name", [*READMES, *GUIDES])
def test_command_lines_parse(name: str) -> None:
    tree = typer.main.get_command(app)
    for _, *words in command_lines(name):
        command = tree
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        asked = [word.strip("[]") for word in words if word.strip("[").startswith("--")]
        assert [option for option in asked if option not in known] == [], words


def test_readmes_say_the_same() -> None:
    english, chinese = (command_lines(name) for name in READMES)
    assert english == chinese
    assert english
    others = {"README.md", "README.zh.md"}
    assert set(LINK.findall(read("README.md"))) - others == set(LINK.findall(read("README.zh.md"))) - others


def test_make_targets() -> None:
    targets = set(re.findall(r"^([\w-]+):", read("Makefile"), re.MULTILINE))
    for name in READMES:
        assert {"demo", "test", "test-slow"} == set(re.findall(r"^    make (\S+)", read(name), re.MULTILINE)) & targets
    called = re.findall(r"^make (\S+)", read(".ci/run"), re.MULTILINE)
    assert {"lint", "test", "test-slow"} <= {*called}
    assert set(called) <= targets


def test_named_settings_exist() -> None:
    knobs = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    sections = {name for name, value in knobs.items() if isinstance(value, dict)}
    named = {code for name in GUIDES for code in CODE.findall(read(name)) if re.fullmatch(r"[a-z]+\.[a-z_]+", code)}
    asked = {tuple(code.split(".")) for code in named if code.split(".")[0] in sections}
    assert len(asked) >= 5
    assert [f"{section}.{key}" for section, key in sorted(asked) if key not in knobs[section]] == []
