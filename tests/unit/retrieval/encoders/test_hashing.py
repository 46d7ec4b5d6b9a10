"""Feature hashing of character n-grams.

1. The vector of `a` is the sum of the signed units of its six grams, divided by its norm.
2. Width and letter case do not matter; more shared grams mean a larger cosine.
3. The vector does not depend on the process.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zlib import crc32

import numpy as np

from retrieval.encoders.hashing import HashingEncoder, HashingOptions, load


def encoder(dim: int = 256) -> HashingEncoder:
    return HashingEncoder(HashingOptions(dim=dim))


def test_formula() -> None:
    expected = np.zeros(64)
    for gram in (b"\x02", b"a", b"\x03", b"\x02a", b"a\x03", b"\x02a\x03"):
        expected[crc32(gram) % 64] += -1 if crc32(gram) >= 2**31 else 1
    np.testing.assert_allclose(encoder(64).encode_documents(["a"])[0], expected / np.linalg.norm(expected), atol=1e-6)


def test_folding_and_closeness() -> None:
    plain, wide, near, far = encoder(4096).encode_documents(
        ["iphone15手机壳", "ＩＰｈｏｎｅ１５手机壳", "iphone14手机壳", "大米"]
    )
    np.testing.assert_array_equal(plain, wide)
    assert plain @ near > 0.6 > 0.2 > plain @ far


def test_same_in_another_process(tmp_path: Path) -> None:
    code = (
        "from retrieval.encoders.hashing import *;"
        "print(HashingEncoder(HashingOptions()).encode_queries(['红色连衣裙']).tobytes().hex())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = load({}, cache_dir=tmp_path, threads=1).encode_queries(["红色连衣裙"])
    assert done.stdout.strip() == here.tobytes().hex()
