"""The page at `/` as a browser gets it: how much it weighs, and how soon its first byte comes.

The weight is that of `/` and of every file that it names, and those that these import, each packed with gzip as it is
sent. The first byte is awaited on an open connection, again and again for the same address.

python -m benchmarks.page [--data-dir data/demo] [--query 保温杯] [--times 200]
"""

from __future__ import annotations

import argparse
import gzip
import re
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import numpy as np

from benchmarks.serving import serving
from benchmarks.table import print_rows

_NAMED = re.compile(r"""(?:src|href)="(web/[^"]+)"|from "\./([^"]+)\"""")
_PACKED = {"Accept-Encoding": "gzip"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data/demo"))
    parser.add_argument("--query", default="保温杯")
    parser.add_argument("--times", type=int, default=200)
    given = parser.parse_args()
    with (
        serving(given.data_dir, [], 1) as (there, _),
        httpx.Client(base_url=there.base_url, headers=_PACKED, timeout=60) as client,
    ):
        sizes = weights(client)
        print_rows([{"files": len(sizes), "KB packed": round(sum(sizes.values()) / 1000, 1)}])
        item = client.get("/v1/search", params={"q": given.query}).json()["hits"][0]["id"]
        etag, rows = client.get("/").headers["ETag"], []
        for name, asked, headers in (
            ("/", {}, {}), ("/, not changed", {}, {"If-None-Match": etag}), ("/?q=", {"q": given.query}, {}),
            ("/?item=", {"item": item}, {}),
        ):  # fmt: skip
            rows.append({"address": name, **first_byte(client, asked, headers, given.times)})
        print_rows(rows)


def weights(client: httpx.Client) -> dict[str, int]:
    """File → bytes that are sent."""
    found: dict[str, int] = {}
    todo = ["/"]
    while todo:
        name = todo.pop()
        if name not in found:
            with client.stream("GET", name) as answer:
                answer.raise_for_status()
                packed = b"".join(answer.iter_raw())
            assert answer.headers["Content-Encoding"] == "gzip"
            found[name], text = len(packed), gzip.decompress(packed).decode()
            todo += [f"/{named}" if named else f"/web/{imported}" for named, imported in _NAMED.findall(text)]
    return found


def first_byte(
    client: httpx.Client, asked: Mapping[str, str], headers: Mapping[str, str], times: int
) -> dict[str, float]:
    """Milliseconds until the head of an answer is there."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        with client.stream("GET", "/", params=asked, headers=headers) as answer:
            taken.append(1000 * (time.perf_counter() - started))
            answer.read()
    return {f"p{share}": round(float(np.percentile(taken, share)), 2) for share in (50, 95, 99)}


if __name__ == "__main__":
    main()
