"""What a service writes into its log:

1. Each entry is one line in the form that was chosen; as JSON with its time, level, logger and message.
2. Of an exception that nobody expected, and of those that it came from, the kind and the place are written; what it
   says only where queries may be logged.
3. In the log of a run (searches, refusals, shoppers, keys and tokens, right and wrong, failures of every kind) stands
   no key, no token, no shopper and no query; where queries may be logged they stand, and no key or token does.
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from api.auth.told import holds_secret
from api.logs import JsonFormatter, TextFormatter, logging_of, moment_of
from retrieval.answer import SearchResponse
from retrieval.errors import StorageError
from retrieval.keys.key import Role
from retrieval.request import SearchRequest
from tests.unit.api.auth.keyed import keyed, token
from tests.unit.api.tiny_engine import TinyEngine

ROLES = (Role.SEARCH, Role.ADMIN)
QUERY, SHOPPER = "保温杯送妈妈", "shopper-7f3a"


@contextmanager
def written(form: str, *, queries: bool) -> Iterator[io.StringIO]:
    """What all loggers write meanwhile, each as a service has it."""
    stream, chosen = io.StringIO(), logging_of(form, queries=queries)
    loggers = [logging.getLogger(name) for name in chosen["loggers"]]
    before = [(logger, logger.handlers[:], logger.propagate, logger.level) for logger in loggers]
    logging.config.dictConfig(chosen)
    for logger in loggers:
        for handler in logger.handlers:
            assert isinstance(handler, logging.StreamHandler)
            handler.setStream(stream)
    try:
        yield stream
    finally:
        for logger, handlers, propagate, level in before:
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)


def raised(formatter: logging.Formatter) -> str:
    try:
        try:
            raise KeyError(QUERY)
        except KeyError as first:
            raise ValueError(QUERY) from first
    except ValueError as error:
        exc_info = (type(error), error, error.__traceback__)
        record = logging.LogRecord("xunhuo.x", logging.ERROR, "f", 1, "it %s", ("failed",), exc_info)
        return formatter.format(record)


def test_a_line_of_json() -> None:  # 1
    record = logging.LogRecord("xunhuo.x", logging.WARNING, "f", 1, "so %d", (3,), None)
    record.created = 1_767_225_600.25
    assert json.loads(JsonFormatter().format(record)) == {
        "time": "2026-01-01T00:00:00.250Z", "level": "WARNING", "logger": "xunhuo.x", "message": "so 3",
    }  # fmt: skip
    assert moment_of(0.0006) == "1970-01-01T00:00:00.000Z"


@pytest.mark.parametrize("told", [False, True])
def test_an_exception(told: bool) -> None:  # 2
    for line in (raised(TextFormatter("%(message)s", told=told)), raised(JsonFormatter(told=told))):
        assert "KeyError" in line
        assert "ValueError" in line
        assert "in raised" in line
        assert (QUERY in line) is told
    assert "\n" not in raised(JsonFormatter())


def moody(engine: TinyEngine, request: SearchRequest) -> SearchResponse:
    """Fails in the way that the query asks for."""
    if "坏" in request.query:
        raise RuntimeError(f"{request.query} {request.user_id}")
    if "满" in request.query:
        raise StorageError("the disk is full", field="data_dir")
    return _search(engine, request)


_search = TinyEngine.search


@pytest.mark.parametrize(("form", "queries"), [("text", False), ("json", False), ("json", True)])
def test_nothing_private_in_the_log_of_a_run(
    form: str, queries: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # 3
    monkeypatch.setattr(TinyEngine, "search", moody)
    statuses: set[int] = set()
    with written(form, queries=queries) as log, keyed(tmp_path, roles=ROLES, log_queries=queries) as shop:
        keys, tokens = [*shop.told.values()], [token(SHOPPER), token(SHOPPER, b"another secret of some 32 bytes!")]
        for key, shown in itertools.product((*keys, keys[0][:-2] + "xx", ""), tokens):
            headers = {"Authorization": f"Bearer {key}", "X-Shopper-Token": shown, "X-Request-ID": key or shown}
            for query in (QUERY, QUERY + "坏", QUERY + "满"):
                asked = {"query": query, "user_id": SHOPPER, "session_id": SHOPPER}
                for answer in (
                    shop.client.get("/v1/search", params={"q": query, "user_id": SHOPPER}, headers=headers),
                    shop.client.post("/v1/search", json=asked, headers=headers),
                    shop.client.get(f"/v1/users/{SHOPPER}/profile", headers=headers),
                    shop.client.get(f"/{query}/{SHOPPER}/{key}", headers=headers),
                ):
                    statuses.add(answer.status_code)
    text = log.getvalue()
    assert {200, 400, 401, 500, 503} <= statuses
    assert text.count('"method":') == 4 * 2 * 3 * 4
    assert not holds_secret(text)
    assert not any(secret in text for secret in (*keys, *tokens, *(() if queries else (SHOPPER,))))
    assert (QUERY in text or quote(QUERY) in text) is queries
