"""A load that does not wait: requests leave when they are due, whether or not earlier ones were answered.

Clients that wait for an answer before they ask again slow down with the service, and so never see it overloaded. Here a
request's time counts from the moment when it was due. The client speaks HTTP/1.1 itself, on connections that it keeps:
a full client library would need more of the processor than the service that it asks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One request: when it was due (seconds from the start), its status (0: no answer), milliseconds from then to the
    last byte, and whether the answer says that it lacks something."""

    due: float
    status: int
    ms: float
    degraded: bool


class Client:
    """Connections to one service; one event loop uses it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str, due: float, started: float) -> Answered:
        """Asks once; `due` and `started` are on the clock of `time.perf_counter`."""
        try:
            status, body = await asyncio.wait_for(self._asked(path), _PATIENCE_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            status, body = 0, b""
        degraded = status == 200 and b'"degraded":[' in body and b'"degraded":[]' not in body
        return Answered(due - started, status, (time.perf_counter() - due) * 1000, degraded)

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _asked(self, path: str) -> tuple[int, bytes]:
        while self._idle:
            try:
                return await self._asked_on(*self._idle.pop(), path)
            except asyncio.IncompleteReadError as broken:
                if broken.partial:
                    raise  # else it was closed while nobody asked on it
            except ConnectionError:
                pass
        return await self._asked_on(*await asyncio.open_connection("127.0.0.1", self._port), path)

    async def _asked_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
    ) -> tuple[int, bytes]:
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:"))
            body = await reader.readexactly(length)
        except BaseException:
            writer.close()
            raise
        if b"connection: close" in lines:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(lines[0].split()[1]), body


def flooded(port: int, paths: Iterator[str], rate: float, seconds: float) -> list[Answered]:
    """Asks `rate` times a second, evenly, for so many seconds; all answers are waited for."""

    async def run() -> list[Answered]:
        client, asked = Client(port), []
        started = time.perf_counter()
        for due in started + np.arange(int(rate * seconds)) / rate:
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            asked.append(asyncio.create_task(client.get(next(paths), float(due), started)))
        answers = await asyncio.gather(*asked)
        client.close()
        return answers

    return asyncio.run(run())


def driven(port: int, paths: Iterator[str], clients: int, seconds: float) -> list[Answered]:
    """So many clients that ask again once they have their answer, for so many seconds."""

    async def run() -> list[Answered]:
        client, answers = Client(port), list[Answered]()
        started = time.perf_counter()

        async def one() -> None:
            while (now := time.perf_counter()) < started + seconds:
                answers.append(await client.get(next(paths), now, started))

        await asyncio.gather(*(one() for _ in range(clients)))
        client.close()
        return answers

    return asyncio.run(run())


def p(share: float, answers: Sequence[Answered], where: Callable[[Answered], bool]) -> float | None:
    """Milliseconds that this share (in [0, 100]) of those answers took at most; None where there is none."""
    chosen = [each.ms for each in answers if where(each)]
    return round(float(np.percentile(chosen, share)), 1) if chosen else None
