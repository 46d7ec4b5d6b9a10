"""What all tests share: an environment of their own, the real catalogue where there is one, and the demo mall."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from retrieval.engine import Engine
from tests.log_scan import SCAN, begin
from tests.once import built_once

REAL_DATA = "XUNHUO_TEST_DATA"
DEMO_SEED, DEMO_SCALE = 7, 0.5


def pytest_configure() -> None:
    # The same examples every time, and no clock: a shared machine may be slow.
    hypothesis.settings.register_profile("xunhuo", derandomize=True, deadline=None, database=None, print_blob=True)
    hypothesis.settings.load_profile("xunhuo")
    begin(SCAN)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Where one test may log queries, the next may not."""
    SCAN.queries = False
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """A test is red where something was logged that is nobody's business, by it or by what its fixtures started."""
    yield
    assert SCAN.taken() == []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file stay with one worker, so that what they share is made once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(item.config.rootpath).as_posix()))


@pytest.fixture(scope="session", autouse=True)
def plain_environment() -> Iterator[None]:
    """No setting of this machine reaches a test, nor anything that is built for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("XUNHUO_") and not n.startswith("XUNHUO_TEST_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def unsettled() -> Iterator[None]:
    """A service walks through all that its process holds when it starts; here that is what every test has left.
    `settle` itself is shown in tests/unit/api/test_memory.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.refresh.settle", lambda: None)
        yield


@pytest.fixture(scope="session")
def real_data(pytestconfig: pytest.Config) -> Path:
    """The folder of the real catalogue; a test that asks for it is skipped where it is absent."""
    folder = Path(os.environ.get(REAL_DATA) or pytestconfig.rootpath.parent / "shared" / "data")
    if not (folder / "catalog" / "products.jsonl.gz").is_file():
        pytest.skip(f"no real catalogue in {folder}; {REAL_DATA} names its folder")
    return folder


@pytest.fixture(scope="session")
def demo_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over the demo mall, built with the hashing encoder, which needs no model."""
    from cli.rebuild import run_rebuild
    from configs.settings import Settings, load_settings
    from demo.generate import generate
    from retrieval.wiring import open_engine

    def of(folder: Path) -> Settings:
        return load_settings(overrides=["encoder.name=hashing"], data_dir=folder / "data")

    def build(folder: Path) -> None:
        generate(folder / "mall", seed=DEMO_SEED, scale=DEMO_SCALE)
        run_rebuild(of(folder), [folder / "mall" / "products.jsonl"])

    engine = open_engine(of(built_once(tmp_path_factory, "demo", build)))
    yield engine
    engine.close()
