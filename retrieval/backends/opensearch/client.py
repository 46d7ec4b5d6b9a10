"""The door to opensearch-py: one call, its retries, its time, and what its errors mean.

A call waits at most until its deadline. What may be sent twice is tried again, on another node where there is one,
after a pause drawn from [0, base · 2ⁿ] ("full jitter", M. Brooker, AWS Architecture Blog 2015), so that many clients do
not come back at the same moment. The library's own retries are off: they have no pause and no deadline.
"""

from __future__ import annotations

import gzip
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import opensearchpy
import orjson
from opensearchpy.serializer import JSONSerializer

from retrieval.backends.opensearch.breaker import Breaker
from retrieval.backends.opensearch.errors import ClusterRefused, ClusterUnavailable, Conflict, Missing
from retrieval.backends.opensearch.responses import reason_of
from retrieval.deadline import Deadline
from retrieval.errors import DeadlineExceeded

FOREVER = Deadline(None)
_AGAIN = frozenset({429, 502, 503, 504})
_PAUSE_SECONDS = 0.05
_SLOW_SECONDS = 0.5
"""A call that was given less time than this says nothing about the cluster's health by being late."""


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Where the cluster is and how it is talked to; credentials are never shown.

    Attributes:
        urls: ``http(s)://host:port`` of one or more nodes.
        user, password: basic authentication; api_key: instead of them, sent as ``Authorization: ApiKey …``.
        ca_file: certificates to trust; verify: False trusts any (for trying out only).
        timeout: seconds of a call without a deadline of its own.
        attempts: tries of a call that may be sent twice.
        connections: kept open to each node.
        compress: gzip bodies both ways.
        failures, rest_seconds: after so many failed calls in a row, calls are refused for so long.
    """

    urls: tuple[str, ...]
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    verify: bool = True
    timeout: float = 10.0
    attempts: int = 3
    connections: int = 16
    compress: bool = False
    failures: int = 5
    rest_seconds: float = 5.0


class Cluster:
    """Thread-safe. `jitter` gives numbers in [0, 1)."""

    def __init__(self, options: ClusterOptions, jitter: Callable[[], float] = random.random) -> None:
        self._options, self._jitter = options, jitter
        self._breaker = Breaker(options.failures, options.rest_seconds)
        # It warns of every try, with a traceback; what comes of a call is told once, by us.
        logging.getLogger("opensearch").setLevel(logging.ERROR)
        self._client = opensearchpy.OpenSearch(
            list(options.urls),
            http_auth=(options.user, options.password or "") if options.user else None,
            headers={"authorization": f"ApiKey {options.api_key}"} if options.api_key else None,
            serializer=_Orjson(),
            max_retries=0,
            retry_on_timeout=True,  # marks a node that is late, so that the next call goes to another
            dead_timeout=options.rest_seconds,
            pool_maxsize=options.connections,
            **_tls(options),
        )

    def call(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Any = None,
        deadline: Deadline = FOREVER, repeatable: bool = True, attempts: int | None = None,
        timeout: float | None = None,
    ) -> Any:  # fmt: skip
        """The decoded answer.

        Args:
            body: JSON values, or bytes that are sent as they are.
            deadline: nothing is waited for after it.
            repeatable: may be sent again when it is not known whether it arrived.
            attempts, timeout: instead of the options', for long work.

        Raises:
            Missing, Conflict: 404 and 409.
            DeadlineExceeded: the time is up.
            ClusterUnavailable: it could not be reached or would not answer.
            ClusterRefused: it will not do that, now or later.
        """
        tries = (attempts or self._options.attempts) if repeatable else 1
        limit = timeout or self._options.timeout
        for left in range(tries - 1, -1, -1):
            self._breaker.check()
            started, allowed = time.monotonic(), self._allowed(deadline, limit, left)
            try:
                answer = self._send(method, path, params, body, allowed)
            except opensearchpy.TransportError as error:
                failure = self._failure(error, method, path, allowed, started)
                if not left or not _worth_again(error):
                    raise failure from None
                self._pause(tries - 1 - left, deadline)
            else:
                self._breaker.succeeded()
                return answer
        raise AssertionError("a call has at least one try")

    def close(self) -> None:
        """Closes the connections; idempotent."""
        self._client.close()

    def _allowed(self, deadline: Deadline, limit: float, left: int) -> float:
        """Seconds for one try: with other nodes to turn to, the time is shared among the tries."""
        remaining = deadline.remaining()
        if remaining is None:
            return limit
        if remaining <= 0.001:
            raise DeadlineExceeded("the time of this request is up", field="timeout_ms", hint="allow more time")
        share = remaining / (left + 1) if len(self._options.urls) > 1 else remaining
        return min(limit, max(share, 0.001))

    def _send(self, method: str, path: str, params: Mapping[str, Any] | None, body: Any, seconds: float) -> Any:
        headers = {"content-type": "application/x-ndjson" if isinstance(body, bytes) else "application/json"}
        data = body if body is None or isinstance(body, bytes) else orjson.dumps(body)
        if self._options.compress:
            headers["accept-encoding"] = "gzip"
            if data is not None and len(data) > 1024:
                headers["content-encoding"] = "gzip"
                data = gzip.compress(data, 1, mtime=0)
        url = quote(path, safe="/,*-_.")
        return self._client.transport.perform_request(
            method, url, params=params, body=data, timeout=seconds, headers=headers
        )

    def _failure(
        self, error: opensearchpy.TransportError, method: str, path: str, allowed: float, started: float
    ) -> Exception:
        """What a library error means; the breaker is told of those that speak of the cluster's health."""
        status, what = error.status_code, f"{method} {path}"
        if isinstance(error, opensearchpy.ConnectionError):
            late = isinstance(error, opensearchpy.ConnectionTimeout)
            if not late or allowed >= _SLOW_SECONDS:
                self._breaker.failed(started)
            if late:
                spent = time.monotonic() - started
                return DeadlineExceeded(
                    f"the search cluster did not answer {what} in {spent:.2f} s", field="timeout_ms",
                    hint="allow more time; see the cluster's health",
                )  # fmt: skip
            secure = isinstance(error, opensearchpy.SSLError)
            return ClusterUnavailable(
                f"the search cluster cannot be reached: {type(error.info).__name__}",
                field="opensearch.ca_file" if secure else "opensearch.urls",
                hint="does ca_file hold the authority of its certificate?" if secure else "is it running? urls right?",
            )
        self._breaker.succeeded()  # whatever it says, it is there
        reason = reason_of(error.info.get("error", error.info) if isinstance(error.info, dict) else error.error)[:500]
        if status == 404:
            return Missing(reason)
        if status == 409:
            return Conflict(reason)
        if status == 401 or (status == 403 and "block" not in reason):
            return ClusterUnavailable(
                f"the search cluster refuses these credentials ({status})",
                hint="set XUNHUO_OPENSEARCH_USER and XUNHUO_OPENSEARCH_PASSWORD, or XUNHUO_OPENSEARCH_API_KEY",
            )
        if status in _AGAIN and "block" not in reason:
            self._breaker.failed(started) if status != 429 else None
            return ClusterUnavailable(
                f"the search cluster is busy ({status}): {reason}", hint="try again; see its health"
            )
        return ClusterRefused(f"the search cluster refuses {what} ({status}): {reason}", hint=_hint(reason))

    def _pause(self, attempt: int, deadline: Deadline) -> None:
        seconds = self._jitter() * _PAUSE_SECONDS * 2**attempt
        remaining = deadline.remaining()
        time.sleep(seconds if remaining is None else min(seconds, remaining))


class _Orjson(JSONSerializer):
    """Bodies are bytes already; answers are read with orjson."""

    def dumps(self, data: Any) -> Any:
        return data

    def loads(self, s: str) -> Any:
        return orjson.loads(s)


def _worth_again(error: opensearchpy.TransportError) -> bool:
    return isinstance(error, opensearchpy.ConnectionError) or error.status_code in _AGAIN


def _tls(options: ClusterOptions) -> dict[str, Any]:
    if not any(url.startswith("https://") for url in options.urls):
        return {}
    if not options.verify:
        return {"verify_certs": False, "ssl_show_warn": False, "ssl_assert_hostname": False}
    return {"verify_certs": True, "ca_certs": options.ca_file} if options.ca_file else {"verify_certs": True}


def _hint(reason: str) -> str:
    if "block" in reason:
        return "its disk may be full: free some, then lift the block (docs/opensearch.md, read-only indices)"
    return "see the cluster's log"
