"""From an exception to an answer.

1. Every error a request may meet has its status and code, and the same body shape.
2. What is not expected is a 500 that tells nothing of the inside, is logged with its request id, and the next
   request is served.
3. Unknown routes and methods are errors of the same shape; 405 names every method of the route.
4. A service that is not ready or busy says when to come back.
5. No error is kept by a cache; a kind of an error has the status of that error.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest

from api.errors import (
    ERRORS,
    BodyTooLarge,
    Forbidden,
    MethodNotAllowed,
    Overloaded,
    PreconditionRequired,
    RateLimited,
    Unauthorized,
    UnsupportedMediaType,
    status_of,
)
from retrieval.errors import (
    CursorExpired,
    DeadlineExceeded,
    GenerationError,
    InvalidRequest,
    LexiconError,
    NotFound,
    NotReady,
    RuleError,
    StateConflict,
    StorageError,
    VersionConflict,
    XunhuoError,
)
from tests.unit.api.tiny_engine import TinyEngine, serving

TABLE = {
    InvalidRequest: (400, "invalid_request"),
    LexiconError: (400, "lexicon"),
    RuleError: (400, "rules"),
    Unauthorized: (401, "unauthorized"),
    Forbidden: (403, "forbidden"),
    NotFound: (404, "not_found"),
    MethodNotAllowed: (405, "method_not_allowed"),
    StateConflict: (409, "state_conflict"),
    CursorExpired: (410, "cursor_expired"),
    VersionConflict: (412, "version_conflict"),
    BodyTooLarge: (413, "body_too_large"),
    UnsupportedMediaType: (415, "unsupported_media_type"),
    PreconditionRequired: (428, "precondition_required"),
    RateLimited: (429, "rate_limited"),
    NotReady: (503, "not_ready"),
    Overloaded: (503, "overloaded"),
    StorageError: (503, "storage"),
    DeadlineExceeded: (504, "deadline_exceeded"),
}


def raising(error: Exception) -> Callable[[], None]:
    def search() -> None:
        raise error

    return search


def test_the_table_is_complete() -> None:
    assert dict(ERRORS) == TABLE


@pytest.mark.parametrize("cls", TABLE)
def test_an_error_of_the_engine_becomes_its_answer(cls: type[XunhuoError]) -> None:
    engine = TinyEngine(before=raising(cls("a message", field="cursor", hint="a hint")))
    with serving(engine) as client:
        answer = client.post("/v1/search", json={"query": "杯"}, headers={"X-Request-ID": "r1"})
    status, code = TABLE[cls]
    body = {"code": code, "message": "a message", "field": "cursor", "hint": "a hint", "request_id": "r1"}
    assert (answer.status_code, answer.json()) == (status, {"error": body})
    assert ("Retry-After" in answer.headers) == (status in (429, 503))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("cls", TABLE)
def test_a_kind_of_an_error_is_answered_as_that_error(cls: type[XunhuoError]) -> None:
    class Special(cls):  # type: ignore[misc, valid-type]
        pass

    assert status_of(Special("a message")) == TABLE[cls]
    assert status_of(XunhuoError("of no kind that is told")) == (500, "internal")


@pytest.mark.parametrize("error", [RuntimeError("password=1234"), GenerationError("/secret/path is damaged")])
def test_the_unexpected_is_hidden_and_logged(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    failing = [raising(error)]
    engine = TinyEngine(before=lambda: failing.pop()() if failing else None)
    with serving(engine) as client, caplog.at_level(logging.ERROR, "xunhuo.error"):
        answer = client.get("/v1/search?q=杯", headers={"X-Request-ID": "r2"})
        assert client.get("/v1/search?q=杯").status_code == 200
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert str(error) not in answer.text
    assert answer.headers["X-Request-ID"] == answer.json()["error"]["request_id"] == "r2"
    [record] = caplog.records
    assert "r2" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is error


@pytest.mark.parametrize("path", ["/v2/search", "/v1/search/", "/docs", "/v1"])
def test_an_unknown_route_is_not_found(path: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "path")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "/v1/search", "GET, HEAD, POST"), ("DELETE", "/v1/products/p1", "GET, HEAD"), ("POST", "/", "GET, HEAD")],
)
def test_an_unknown_method_is_told_which_there_are(method: str, path: str, allowed: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["field"]) == (405, "method")
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/v2/search", "/?q=%FF", "/v1/search?size=x"])
def test_no_error_is_kept_by_a_cache(path: str) -> None:
    with serving(TinyEngine()) as client:
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_search_that_gets_no_thread_in_time_is_refused() -> None:
    running, release = threading.Event(), threading.Event()

    def wait() -> None:
        running.set()
        release.wait(10)

    with serving(TinyEngine(before=wait), max_concurrency=1) as client:
        first = threading.Thread(target=client.get, args=("/v1/search?q=杯",))
        first.start()
        running.wait(10)
        try:
            answer = client.get("/v1/search?q=杯&timeout_ms=30")
        finally:
            release.set()
            first.join()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "overloaded")
    assert answer.headers["Retry-After"] == "1"
