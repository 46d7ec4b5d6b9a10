"""The client that is awaited; it does what the one that waits does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self, TypeVar

import httpx

from xunhuo.client.attempts import Attempts, read
from xunhuo.client.call import Call
from xunhuo.client.errors import ServiceError
from xunhuo.client.options import Paged, headers_of, unreachable

T = TypeVar("T")
P = TypeVar("P", bound=Paged)


class AsyncClient:
    """`xunhuo.client.Client` for an event loop."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        shopper_token: str | None = None,
        timeout: float = 5.0,
        attempts: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """As of `Client`."""
        self._timeout, self._attempts = timeout, attempts
        self._http = httpx.AsyncClient(base_url=url, headers=headers_of(key, shopper_token), transport=transport)

    async def send(self, call: Call[T], *, timeout: float | None = None) -> T:
        """The answer. Raises as `Client.send`."""
        attempts = Attempts(call, timeout or self._timeout, self._attempts)
        while True:
            try:
                return await self._once(call, attempts.remaining())
            except ServiceError as failure:
                wait = attempts.pause(failure)
            await asyncio.sleep(wait)

    async def pages(self, call: Call[P]) -> AsyncIterator[P]:
        """The answer, and those that follow it, to the last page."""
        while True:
            page = await self.send(call)
            yield page
            if page.next_cursor is None:
                return
            call = call.after(page.next_cursor)

    async def close(self) -> None:
        """Ends its connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def _once(self, call: Call[T], seconds: float) -> T:
        try:
            answer = await self._http.request(
                call.method, call.path, params=call.params, json=call.body, headers=call.headers, timeout=seconds
            )
        except httpx.TransportError as error:
            raise unreachable(call, error) from error
        return read(call, answer.status_code, answer.content, answer.headers.get("Retry-After"))
