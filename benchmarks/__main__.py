"""All benchmarks, one after the other, on one catalogue.

python -m benchmarks                                     # on the demo mall, made first where it is missing
python -m benchmarks --products F --queries F --qrels F  # on your own
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

DEMO = Path("data/demo")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=Path)
    parser.add_argument("--queries", type=Path, help="lines qid<TAB>query")
    parser.add_argument("--qrels", type=Path)
    parser.add_argument("--data-dir", type=Path, default=Path("data/bench"))
    given = parser.parse_args()
    chosen = [given.products, given.queries, given.qrels]
    if any(chosen) and not all(chosen):
        parser.error("--products, --queries and --qrels come together")
    if not given.products:
        if not (DEMO / "mall" / "qrels").is_file():
            _run("xunhuo", "demo", "--build-only", "--data-dir", str(DEMO))
        chosen = [DEMO / "mall" / name for name in ("products.jsonl", "queries.tsv", "qrels")]
    products, queries, qrels = map(str, chosen)
    _run("benchmarks.encoders", "--catalog", products, "--queries", queries, "--qrels", qrels)
    _run("benchmarks.rebuild", "--products", products, "--data-dir", str(given.data_dir))
    _run("benchmarks.search", "--queries", queries, "--data-dir", str(given.data_dir), "--count", "50")


def _run(module: str, *arguments: str) -> None:
    print(f"\n{module} {' '.join(arguments)}\n", flush=True)
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


if __name__ == "__main__":
    main()
