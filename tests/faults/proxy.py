"""TLS and users in front of a cluster that has neither: a small reverse proxy with a certificate of its own."""

from __future__ import annotations

import http.client
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to make a certificate with")


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    pem = folder / "proxy.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
               "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
               "-out", str(pem)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return pem


@contextmanager
def guarding(url: str, certificate: Path, accepted: set[str]) -> Iterator[str]:
    """The https address of the proxy; `accepted` are the values of ``Authorization`` that it lets through."""
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") not in accepted:
                self._send(401, b'{"error":"Unauthorized"}', "application/json")
                return
            behind = http.client.HTTPConnection(str(target.hostname), target.port or 80, timeout=30)
            kept = {name: value for name, value in self.headers.items() if name.lower() in ("content-type",)}
            behind.request(self.command, self.path, body, kept)
            answer = behind.getresponse()
            self._send(answer.status, answer.read(), answer.getheader("content-type", "application/json"))
            behind.close()

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the names that the library calls

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
