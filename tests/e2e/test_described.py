"""The description of the service (OpenAPI) is true for everybody who may call it.

1. Schemathesis asks every operation, with what the description allows and with what it does not, by a key of each role
   and by none: no answer is a 5xx, and none has a status, a content type or a body that is not described.
2. What a role may not do is refused before anything of it is looked at, so most of its answers are 401 or 403: those
   are described, too.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from retrieval.keys.key import Role
from tests.e2e.command import HASHING, PATIENCE_S, invoke, start
from tests.log_scan import SCAN

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("described")]

NOBODY = "nobody"
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
SET = (
    "auth.key_per_minute=0", "auth.address_per_minute=0", "auth.failed_per_minute=0", "live.accept_states=true",
    "api.edit_dictionaries=true", "api.max_wait_ms=60000", "api.hurry_ms=60000", "search.timeout_ms=20000",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(built_mall: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_mall / "data", tmp_path_factory.mktemp("described") / "data"))


@pytest.fixture(scope="module")
def keys(data: Path) -> dict[str, str]:
    """One of each role."""
    made = {role: invoke("keys", "create", f"for {role}", "--role", role, "--data-dir", data) for role in Role}
    return {role: ended.out.strip() for role, ended in made.items()}


@pytest.fixture(scope="module")
def address(data: Path, keys: dict[str, str]) -> Iterator[str]:
    """Of a service that lets in nobody without one of them."""
    given = [word for each in SET for word in ("--set", each)]
    with start("serve", "--port", "0", "--data-dir", data, *HASHING, *given) as process:
        try:
            written = ""
            assert process.stderr
            while not (found := re.search(r"listening on (http://127\.0\.0\.1:\d+)", written)):
                line = process.stderr.readline()
                assert line, written
                written += line
            rest, stream = list[str](), process.stderr
            reading = Thread(target=lambda: rest.append(stream.read()))  # a full pipe would hold the service up
            reading.start()
            yield found[1]
            process.terminate()
            reading.join(PATIENCE_S)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
    # Dictionaries are edited there, too: a line that cannot be read is said, whatever characters it has.
    SCAN.look_at(written + rest[0], queries=True)


@pytest.mark.parametrize("role", [NOBODY, *Role])
def test_described(data: Path, keys: dict[str, str], address: str, role: str) -> None:  # 1, 2
    shown = ("--header", f"Authorization: Bearer {keys[role]}") if role in keys else ()
    asked = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json", *shown,
            "--phases", "examples,coverage,fuzzing", "--checks", ",".join(CHECKS), "--max-examples", "5", "--seed", "1",
            "--no-shrink", "--suppress-health-check", "all", "--generation-database", "none",
        ],
        capture_output=True, text=True, cwd=data, timeout=600, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stdout[-20_000:]
