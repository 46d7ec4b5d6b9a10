"""The client that waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TypeVar

import httpx

from xunhuo.client.attempts import Attempts, read
from xunhuo.client.call import Call
from xunhuo.client.errors import ServiceError
from xunhuo.client.options import Paged, headers_of, unreachable

T = TypeVar("T")
P = TypeVar("P", bound=Paged)


class Client:
    """Sends questions to one service over kept connections; threads may share it."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        shopper_token: str | None = None,
        timeout: float = 5.0,
        attempts: int = 3,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """
        Args:
            url: of the service, ``https://search.example.com``.
            key: as `xunhuo keys create` printed it; not needed on the machine of a service without keys.
            shopper_token: JWT of the shopper for whom is asked.
            timeout: seconds for a question, all attempts and waits together.
            attempts: how often it is sent at most.
            transport: another way to the service (httpx), such as one with certificates of its own.
        """
        self._timeout, self._attempts = timeout, attempts
        self._http = httpx.Client(base_url=url, headers=headers_of(key, shopper_token), transport=transport)

    def send(self, call: Call[T], *, timeout: float | None = None) -> T:
        """The answer.

        Raises:
            Refused: the service said no; `code` says why.
            Unreachable, DeadlineExceeded: nobody answered, or not in time.
            Unreadable: what answered is not this API.
        """
        attempts = Attempts(call, timeout or self._timeout, self._attempts)
        while True:
            try:
                return self._once(call, attempts.remaining())
            except ServiceError as failure:
                wait = attempts.pause(failure)
            time.sleep(wait)

    def pages(self, call: Call[P]) -> Iterator[P]:
        """The answer, and those that follow it, to the last page."""
        while True:
            page = self.send(call)
            yield page
            if page.next_cursor is None:
                return
            call = call.after(page.next_cursor)

    def close(self) -> None:
        """Ends its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _once(self, call: Call[T], seconds: float) -> T:
        try:
            answer = self._http.request(
                call.method, call.path, params=call.params, json=call.body, headers=call.headers, timeout=seconds
            )
        except httpx.TransportError as error:
            raise unreachable(call, error) from error
        return read(call, answer.status_code, answer.content, answer.headers.get("Retry-After"))
