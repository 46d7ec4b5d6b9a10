"""A small HTTP server that answers what a test tells it to, in order: for what a healthy cluster does not answer."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived, its body unpacked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Script:
    """`answer` gets the number of the request (from 0) and the request; it gives (status, body, seconds to wait)."""

    answer: Callable[[int, Seen], tuple[int, bytes, float]]
    seen: list[Seen] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(answer: Callable[[int, Seen], tuple[int, bytes, float]]) -> Iterator[Script]:
    """A server on loopback for as long as the block runs."""
    script, lock = Script(answer), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            with lock:
                seen, number = Seen(self.command, self.path, headers, body), len(script.seen)
                script.seen.append(seen)
            status, text, seconds = script.answer(number, seen)
            time.sleep(seconds)
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
            except OSError:  # the client did not wait
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the names that the library calls

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
