"""Rebuild: the whole way from a file to a published generation, against the bare encoder on both cores.

    python -m benchmarks.rebuild --products products.jsonl.gz [--copies 14]

bare encoder   titles a second of encoder.encode_documents alone, on a sample, before and after the full rebuild
words only     encoder.name=none
full           with the encoder, nothing cached; `bound` is documents ÷ bare rate, `ratio` is seconds ÷ bound
again          after a change of 1 % of the titles: only these are encoded again

Each rebuild is a process of its own, so that its peak memory is its own. `--copies N` repeats the catalogue N times
with other ids, for a large one without more encoding.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

from benchmarks.table import print_rows
from configs.settings import load_settings
from retrieval.wiring import make_encoder

_SAMPLE = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--data-dir", type=Path, help="keep indexes and caches here; else a temporary folder")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--only", choices=["words only", "full", "again"], action="append")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = given.data_dir or Path(folder) / "data"
        rows = measure(given.products, given.copies, data_dir, Path(folder), given.overrides, given.only)
    print(json.dumps(rows, ensure_ascii=False, indent=2)) if given.json else print_rows(rows)


def measure(
    products: Path, copies: int, data_dir: Path, scratch: Path, overrides: list[str], only: list[str] | None
) -> list[dict[str, Any]]:
    """One row a rebuild."""
    catalogue, changed = scratch / "products.jsonl", scratch / "changed.jsonl"
    titles = copy_catalogue(products, catalogue, copies, changed_every=0)
    copy_catalogue(products, changed, copies, changed_every=100)
    wanted = only or ["words only", "full", "again"]
    rows: list[dict[str, Any]] = []
    if "words only" in wanted:
        rows.append(
            run_rebuild("words only", catalogue, data_dir.with_name("words"), [*overrides, "encoder.name=none"])
        )
    if "full" in wanted:
        before = _bare_rate(titles, data_dir, overrides)
        row = run_rebuild("full", catalogue, data_dir, overrides)
        rate = (before + _bare_rate(titles, data_dir, overrides)) / 2
        rows.append({"what": "bare encoder", "titles/s": round(rate, 1)})
        row["bound"] = round(row["encoded"] / rate, 1)
        row["ratio"] = round(row["seconds"] / row["bound"], 2)
        rows.append(row)
    if "again" in wanted:
        rows.append(run_rebuild("again", changed, data_dir, overrides))
    return rows


def copy_catalogue(products: Path, target: Path, copies: int, changed_every: int) -> list[str]:
    """Writes the catalogue `copies` times with other ids; every so many titles get a word more."""
    opener = gzip.open if products.suffix == ".gz" else open
    with opener(products, "rb") as lines:
        records = [orjson.loads(line) for line in lines]
    with target.open("wb") as file:
        for copy in range(copies):
            for i, record in enumerate(records):
                row = record | {"id": f"{record['id']}-{copy}" if copy else record["id"]}
                if changed_every and i % changed_every == 0:
                    row["title"] = f"{record['title']} 新款"
                file.write(orjson.dumps(row) + b"\n")
    return [record["title"] for record in records]


def _bare_rate(titles: list[str], data_dir: Path, overrides: list[str]) -> float:
    settings = load_settings((), overrides, data_dir)
    encoder = make_encoder(settings, threads=settings.encoder.threads)
    if encoder is None:
        raise SystemExit("a full rebuild needs an encoder")
    sample = titles[:: max(1, len(titles) // _SAMPLE)][:_SAMPLE]
    encoder.encode_documents(sample[:64])
    started = time.perf_counter()
    encoder.encode_documents(sample)
    return len(sample) / (time.perf_counter() - started)


def run_rebuild(
    what: str, catalogue: Path, data_dir: Path, overrides: list[str], videos: Path | None = None
) -> dict[str, Any]:
    """A rebuild in a process of its own, as a row."""
    command = [sys.executable, "-m", "xunhuo", "rebuild", "--products", str(catalogue), "--json"]
    command += ["--videos", str(videos)] if videos else []
    command += ["--data-dir", str(data_dir), *(part for o in overrides for part in ("--set", o))]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        out, why = process.stdout.read(), process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {why.decode()[-2000:]}")
    report = orjson.loads(out)
    return {
        "what": what,
        "documents": report["documents"],
        "encoded": report["encoded"],
        "seconds": round(time.perf_counter() - started, 1),
        "CPU s": round(usage.ru_utime + usage.ru_stime, 1),
        "peak MB": round(usage.ru_maxrss / 1024),
        "stages": " ".join(f"{stage} {seconds:.0f}" for stage, seconds in report["seconds"].items()),
    }


if __name__ == "__main__":
    main()
