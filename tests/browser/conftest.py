"""A real browser and real servers for it: over the demo mall, and over a small one that knows its shoppers."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.options import ApiOptions
from api.server import SETTINGS, bind, worker_app
from retrieval.engine import Engine
from tests.log_scan import SCAN
from tests.once import built_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

BROWSER = os.environ.get("XUNHUO_TEST_BROWSER") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 375, "height": 812}
PATIENCE_MS = 60_000
"""How long a step may take on a machine that does much else: a page is fifty files."""
SCALE = 0.3
QUICK = ["encoder.name=hashing", "search.timeout_ms=60000", "live.accept_states=true", "ranking.divider=0"]
"""Without a divider, since what stands above it in a small mall is not what these tests are about: test_divider.py."""


@pytest.fixture(scope="module")
def address(demo_engine: Engine) -> Iterator[str]:
    yield from served(create_app(demo_engine, options=ApiOptions(request_timeout_ms=60_000)))


@pytest.fixture(scope="session")
def small_mall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a small demo mall with videos, as `xunhuo demo` makes it; its events end today."""
    from cli.rebuild import run_rebuild
    from configs.settings import load_settings
    from demo.generate import generate, midnight

    def build(folder: Path) -> None:
        mall = folder / "mall"
        generate(mall, scale=SCALE, until=midnight())
        settings = load_settings(overrides=QUICK, data_dir=folder)
        run_rebuild(settings, [mall / "products.jsonl"], [mall / "videos.jsonl"], [mall / "events.jsonl"])

    folder = tmp_path_factory.mktemp("small")
    return shutil.copytree(built_once(tmp_path_factory, "small", build), folder, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def shoppers(small_mall: Path) -> Iterator[str]:
    """The address of a service that knows the shoppers of the small mall."""
    from configs.settings import load_settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS, load_settings(overrides=QUICK, data_dir=small_mall).model_dump_json())
        app = worker_app()
    yield from served(app)


def served(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    with bind("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
    if BROWSER is None:
        pytest.skip("there is no Chromium on this machine; XUNHUO_TEST_BROWSER names one")
    sync_api.expect.set_options(timeout=PATIENCE_MS)
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield running
        running.close()


def open_page(browser: Browser, address: str, viewport: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport=viewport)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    problems: list[str] = []
    requested: set[str] = set()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda request: requested.add(request.url))
    page.on("request", lambda request: SCAN.sent(request.url, request.post_data_buffer or b""))
    page.goto("/")
    yield page
    page.unroute_all(behavior="ignoreErrors")  # a request may be in the hands of a test that is done with it
    context.close()
    assert problems == []
    assert [url for url in requested if not url.startswith((address, "data:"))] == []


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    yield from open_page(browser, address, DESKTOP)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    yield from open_page(browser, address, PHONE)
