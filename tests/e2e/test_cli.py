"""The command line: what each command and option does, how it ends, and what it says when it cannot.

1. Every command has a help text, and so has every option; `--help` ends with 0, wrong usage with 2.
2. rebuild publishes, and tells what it did in words or as JSON; --dry-run, --videos, --events, --config, --set and the
   environment do what they say.
3. Input that cannot be used ends with 2, a check that fails with 3, what is not there with 4, a machine that refuses
   with 5: always one clear message, never a traceback, and the old generation serves.
4. search shows hits, orders them and explains their scores, whatever is in their titles; its JSON is that of the API,
   and what stands around the hits is in the language of the query.
5. The same as a process of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import typer

from api.answer_schema import SearchAnswer
from retrieval.backends.embedded.backend import EmbeddedBackend
from tests import world
from tests.e2e.command import HASHING, Xunhuo, invoke, run
from xunhuo.__main__ import app

MALL = world.products(200)


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


def test_help() -> None:  # 1
    found = dict(commands(typer.main.get_command(app)))
    assert {" ".join(path) for path in found} >= {
        "", "demo", "rebuild", "serve", "search", "eval", "doctor", "generations list", "generations verify",
        "generations rollback", "generations prune", "encoder build", "encoder info", "encoder bench",
    }  # fmt: skip
    for path, command in found.items():
        shown = invoke(*path, "--help")
        assert shown.code == 0
        assert command.help, path
        for parameter in command.params:
            assert getattr(parameter, "help", None), (path, parameter.name)
            for name in parameter.opts if parameter.param_type_name == "option" else ():
                assert name in shown.out, (path, name)
    assert "Exit codes" in invoke("--help").out


@pytest.mark.parametrize(
    "arguments",
    [(), ("nonsense",), ("rebuild",), ("search",), ("search", "杯", "--size", "0"), ("search", "杯", "--sort", "up"),
     ("generations",), ("generations", "prune", "--keep", "0"), ("rebuild", "--products"), ("search", "杯", "--no")],
)  # fmt: skip
def test_usage(arguments: tuple[str, ...]) -> None:  # 1
    ended = invoke(*arguments)
    assert ended.code == 2
    assert "Usage: " in ended.out + ended.err or "requires an argument" in ended.err
    assert "Traceback" not in ended.err


def test_rebuild(xunhuo: Xunhuo, shop: Path, backend: EmbeddedBackend, tmp_path: Path) -> None:  # 2
    dry = xunhuo("rebuild", "--products", shop, "--dry-run")
    assert dry.code == 0
    assert dry.out.startswith("dry run")
    assert (backend.current(), backend.manifests()) == (None, [])
    videos = world.write(tmp_path / "videos.jsonl", [{"id": "v1"}])
    events = world.write(tmp_path / "events.jsonl", [{"ts": 1_714_521_600, "type": "click"}, {"type": "no time"}])
    more = world.write(tmp_path / "more.jsonl", [{"id": "extra", "title": "第二个文件"}])
    told = xunhuo(
        "rebuild", "--products", shop, "--products", more, "--videos", videos, "--events", events, "--json"
    ).json
    assert told["generation"] == backend.current()
    assert told["documents"] == len(MALL) + 1
    assert told["accepted"] == {"products": len(MALL) + 1, "videos": 1, "events": 1}
    assert told["reasons"] == {"missing_field": 1}
    words = xunhuo("rebuild", "--products", shop)
    assert words.code == 0
    assert f"published {backend.current()}: 200 documents" in words.out
    assert "encoded 0, reused 200 vectors" in words.out


def test_settings_reach_a_command(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("encoder: {name: none}\nindex: {batch: 10}\n", encoding="utf-8")
    at = ("--data-dir", tmp_path / "data", "--json", "--config", overlay)
    assert invoke("rebuild", "--products", shop, *at).json["encoded"] == 0
    assert invoke("rebuild", "--products", shop, *at, *HASHING).json["encoded"] > 0
    monkeypatch.setenv("XUNHUO_DATA_DIR", str(tmp_path / "elsewhere"))
    assert invoke("generations", "list", "--json").json == []
    assert len(invoke("generations", "list", *at).json) == 2


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("missing.jsonl", None, 2, "missing.jsonl cannot be read: No such file"),
        ("empty.jsonl", b"", 2, "empty.jsonl is empty"),
        ("binary.bin", bytes(range(256)), 2, "unknown format"),
        ("binary.jsonl", bytes(range(256)) * 100, 2, "rows were rejected"),
        ("binary.parquet", bytes(range(256)), 2, "binary.parquet"),
        ("binary.jsonl.gz", bytes(range(256)), 2, "binary.jsonl.gz"),
        ("one.jsonl", b'{"id": "a", "title": "x"}\n', 3, "check counts: 1 documents"),
        ("off.jsonl", b'{"id": "a", "title": "x", "status": "off"}\n', 3, "check counts: the generation is empty"),
    ],
)  # fmt: skip
def test_input_that_cannot_be_used(
    published: Xunhuo, shop: Path, backend: EmbeddedBackend, name: str, content: bytes | None, code: int, said: str
) -> None:  # 3
    serving = backend.current()
    path = shop.parent / name
    if content is not None:
        path.write_bytes(content)
    assert said in published("rebuild", "--products", path).failed_clearly(code)
    assert backend.current() == serving
    assert [manifest.generation for manifest in backend.manifests()] == [serving]
    assert backend.verify(str(serving)) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("rebuild", "--products", "."), 2, ". is a folder"),
        (("rebuild", "--products", "{shop}", "--set", "nonsense"), 2, "write section.key=value"),
        (("rebuild", "--products", "{shop}", "--set", "index.bach=3"), 2, "index.bach: there is no such setting"),
        (("rebuild", "--products", "{shop}", "--set", "index.batch=0"), 2, "index.batch: "),
        (("rebuild", "--products", "{shop}", "--config", "none.yaml"), 2, "there is no settings file none.yaml"),
        (("rebuild", "--products", "{shop}", "--set", "analysis.lexicon_dir=none"), 2, "no lexicon folder"),
        (("rebuild", "--products", "{shop}", "--set", "encoder.options={dim: 3}"), 4, "Option 'dim'"),
        (("search", "杯"), 4, "no generation is published yet"),
        (("generations", "verify"), 4, "no generation is published yet"),
        (("generations", "verify", "g1"), 4, "there is no generation g1"),
        (("generations", "rollback"), 4, "no generation is published yet"),
        (("encoder", "info", "--set", "encoder.name=none"), 4, "encoder.name is none"),
        (("encoder", "bench"), 4, "no generation is published yet"),
        (("encoder", "bench", "--texts", "none.txt"), 5, "No such file"),
        (("rebuild", "--products", "{shop}", "--data-dir", "{shop}"), 5, "{shop}"),
    ],
)
def test_clear_errors(
    tmp_path: Path, shop: Path, arguments: tuple[str, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XUNHUO_ENCODER__NAME", "hashing")
    given = [argument.replace("{shop}", str(shop)) for argument in arguments]
    assert said.replace("{shop}", str(shop)) in invoke(*given).failed_clearly(code)


def test_search(published: Xunhuo) -> None:  # 4
    found = published("search", "白色 保温杯", "--size", "3", "--json").json
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert all(hit["explain"] is None for hit in found["hits"])
    SearchAnswer.model_validate(found)
    assert all("".join(f["text"] for f in h["highlights"]["title"]) == h["title"] for h in found["hits"])
    shown = published("search", "白色 保温杯", "--size", "3")
    assert all(hit["id"] in shown.out and hit["title"] in shown.out for hit in found["hits"])
    assert "件, " in shown.out
    assert "documents" not in shown.out
    assert "documents, matching" in published("search", "XL").out
    by_price = ("search", "白色 保温杯", "--sort", "price_asc", "--size", "1000", "--json")
    cheap = published(*by_price).json["hits"]
    for near in (False, True):
        prices = [hit["price"] for hit in cheap if hit["near"] is near and hit["price"] is not None]
        assert prices == sorted(prices)
    assert len(cheap) > 3
    above = [hit["id"] for hit in cheap if not hit["near"]]
    assert [hit["id"] for hit in published(*by_price, "--no-near").json["hits"]] == above
    explained = published("search", "白色 保温杯", "--explain", "--json").json["hits"][0]
    parts = explained["explain"]
    every = [part["contribution"] for part in parts["channels"].values()] + list(parts["features"].values())
    assert explained["score"] == pytest.approx(sum(every), abs=1e-4)
    assert "lexical" in published("search", "白色 保温杯", "--explain").out
    assert "0 documents, matching none" in published("search", "").out


TITLES = ("[特价]保温杯", "[/]保温杯[bold]", "保温杯\\", "白色\\保温杯", "\\[red]红色保温杯", "保温杯🎁 :smile:")


def test_titles_are_shown_as_they_are(xunhuo: Xunhuo, tmp_path: Path) -> None:  # 4
    rows = [{"id": f"[/b]{n}", "title": title} for n, title in enumerate(TITLES)]
    xunhuo("rebuild", "--products", world.write(tmp_path / "odd.jsonl", rows))
    shown = xunhuo("search", "保温杯", "--explain")
    assert shown.code == 0
    for row in rows:
        assert row["id"] in shown.out
        assert row["title"] in shown.out


def test_as_a_process(tmp_path: Path, shop: Path) -> None:  # 5
    at = ("--data-dir", tmp_path / "data", *HASHING)
    assert "no generation is published yet" in run("search", "保温杯", *at).failed_clearly(4)
    assert run("rebuild", "--products", shop, "--json", *at).json["documents"] == len(MALL)
    found = run("search", "保温杯", "--json", *at)
    assert (found.code, found.err) == (0, "")
    assert orjson.loads(found.out)["hits"]
    assert "cannot be read" in run("rebuild", "--products", tmp_path / "none.jsonl", *at).failed_clearly(2)
