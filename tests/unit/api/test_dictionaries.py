"""Dictionaries over HTTP:

1. All are listed; one is shown with its versions, and its version is the entity tag.
2. Where edits are not allowed, they are 403 with a way out, and nothing changes.
3. A new version needs If-Match: none is 428, one that is no version 400, an older one 412; the tag or * is taken.
4. A text that cannot be read is 400 and names file and line; an unknown name is 404; a text that is too long 413.
5. A preview is answered in the described shape and keeps nothing.
6. Neither a list nor a preview opens a generation, or a second way to where they lie, beside the engine.
7. An app without a desk has no such routes; the description of one with a desk names them and every error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer
from api.app import create_app
from api.dictionary_schema import DictionariesAnswer, DictionaryAnswer, PreviewAnswer
from api.options import ApiOptions
from api.server import SETTINGS, worker_app
from configs.settings import Settings
from indexer.dictionary.desk import Desk
from indexer.dictionary.preview import Bounds
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.dictionaries.files import FILES
from retrieval.engine import Engine
from retrieval.wiring import make_understanding, open_engine
from retrieval.wiring.places import dictionaries_of
from tests import world
from tests.unit.api.tiny_engine import TinyEngine, serving

REWRITES = "/v1/dictionaries/rewrites"
TEXT = "暖水瓶\t保温杯\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Engine]]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "queries.txt").write_text("暖水瓶\t30\n", encoding="utf-8")
    settings = world.settings(folder / "data")
    world.publish(settings.data_dir, world.products(60), queries=[folder / "queries.txt"])
    engine = open_engine(settings)
    yield settings, engine
    engine.close()


@contextmanager
def shop(built: tuple[Settings, Engine], **options: Any) -> Iterator[TestClient]:
    settings, engine = built
    desk = Desk(
        dictionaries_of(settings), lambda: nullcontext(engine.serving.reader),
        lambda changes: make_understanding(settings, changes), lambda: engine,
        Bounds(),
    )  # fmt: skip
    app = create_app(engine, options=ApiOptions(**options), desk=desk)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def failure(answer: Any) -> tuple[int, str, str | None]:
    error = ErrorAnswer.model_validate(answer.json()).error
    return answer.status_code, error.code, error.field


def test_reading(built: tuple[Settings, Engine]) -> None:  # 1
    with shop(built) as client:
        listed = DictionariesAnswer.model_validate(client.get("/v1/dictionaries").json())
        one = client.get("/v1/dictionaries/entities/brands")
        unknown = client.get("/v1/dictionaries/entities/brand")
    assert {entry.name for entry in listed.dictionaries} == set(FILES)
    assert not listed.editable
    shown = DictionaryAnswer.model_validate(one.json())
    assert (shown.name, shown.version, one.headers["etag"]) == ("entities/brands", 0, '"0"')
    assert "华为" in shown.text
    assert failure(unknown) == (404, "not_found", "name")


def test_not_allowed(built: tuple[Settings, Engine]) -> None:  # 2
    with shop(built) as client:
        answers = [
            client.put(REWRITES, content=TEXT, headers={"If-Match": "*"}),
            client.post(f"{REWRITES}/preview", content=TEXT),
        ]
        after = client.get(REWRITES).json()["version"]
    assert [failure(answer)[:2] for answer in answers] == [(403, "forbidden")] * 2
    assert "api.edit_dictionaries" in answers[0].json()["error"]["hint"]
    assert after == 0


def test_writing(built: tuple[Settings, Engine]) -> None:  # 3
    with shop(built, edit_dictionaries=True) as client:
        tag = client.get(REWRITES).headers["etag"]
        assert failure(client.put(REWRITES, content=TEXT)) == (428, "precondition_required", "if-match")
        assert failure(client.put(REWRITES, content=TEXT, headers={"If-Match": '"x"'})) == (
            400,
            "invalid_request",
            "if-match",
        )
        first = client.put(REWRITES, content=TEXT, headers={"If-Match": tag})
        stale = client.put(REWRITES, content="a\tb\n", headers={"If-Match": tag})
        second = client.put(REWRITES, content="a\tb\n", headers={"If-Match": "*"})
    assert DictionaryAnswer.model_validate(first.json()).text == TEXT
    assert (first.status_code, first.headers["etag"]) == (200, '"1"')
    assert failure(stale) == (412, "version_conflict", "rewrites")
    assert [version["number"] for version in second.json()["versions"]] == [0, 1, 2]


def test_what_cannot_be_read(built: tuple[Settings, Engine]) -> None:  # 4
    anyway = {"If-Match": "*"}
    with shop(built, edit_dictionaries=True, max_body_bytes=2000) as client:
        assert failure(client.put(REWRITES, content="好\n", headers=anyway)) == (400, "lexicon", "rewrites.tsv:1")
        assert failure(client.put(REWRITES, content=b"a\tb\n\xff", headers=anyway)) == (
            400,
            "lexicon",
            "rewrites.tsv:2",
        )
        assert failure(client.post(f"{REWRITES}/preview", content="好\n")) == (400, "lexicon", "rewrites.tsv:1")
        assert failure(client.put("/v1/dictionaries/..%2Fx", content="", headers=anyway)) == (404, "not_found", "name")
        assert failure(client.put(REWRITES, content="#" * 2001, headers=anyway))[:2] == (413, "body_too_large")


def test_preview(built: tuple[Settings, Engine]) -> None:  # 5
    with shop(built, edit_dictionaries=True) as client:
        before = client.get(REWRITES).json()["version"]
        answer = client.post(f"{REWRITES}/preview", content="暖水瓶\t炒锅\n")
        assert client.get(REWRITES).json()["version"] == before
    found = PreviewAnswer.model_validate(answer.json())
    assert [(change.query, change.after["rewrite"]) for change in found.queries] == [("暖水瓶", "炒锅")]


def test_nothing_is_opened_again(built: tuple[Settings, Engine], monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    settings, _ = built
    backends: list[EmbeddedBackend] = []
    opened: list[str] = []
    begin, open_ = EmbeddedBackend.__init__, EmbeddedBackend.open

    def count_backends(self: EmbeddedBackend, *args: Any, **options: Any) -> None:
        backends.append(self)
        begin(self, *args, **options)

    def count_generations(self: EmbeddedBackend, name: str, *args: Any) -> Any:
        opened.append(name)
        return open_(self, name, *args)

    monkeypatch.setattr(EmbeddedBackend, "__init__", count_backends)
    monkeypatch.setattr(EmbeddedBackend, "open", count_generations)
    allowed = settings.model_copy(update={"api": settings.api.model_copy(update={"edit_dictionaries": True})})
    monkeypatch.setenv(SETTINGS, allowed.model_dump_json())
    with TestClient(worker_app(), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        made = len(backends)
        for _ in range(3):
            assert client.get("/v1/dictionaries").status_code == 200
            assert client.post(f"{REWRITES}/preview", content=TEXT).status_code == 200
    assert (len(backends), len(opened)) == (made, 1)


def test_description(built: tuple[Settings, Engine], tmp_path: Path) -> None:  # 7
    with serving(TinyEngine()) as client:
        assert failure(client.get(REWRITES))[:2] == (404, "not_found")
    with shop(built) as client:
        paths = client.get("/openapi.json").json()["paths"]
        refused = client.delete(REWRITES)
    assert set(paths["/v1/dictionaries/{name}"]) == {"get", "put"}
    assert {"403", "412", "428"} <= set(paths["/v1/dictionaries/{name}"]["put"]["responses"])
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, PUT")
