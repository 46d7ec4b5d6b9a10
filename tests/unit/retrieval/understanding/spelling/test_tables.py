"""Tables of spelling:

1. Tables that were stored correct and expand every query as those that were learned; the same tables, the same bytes.
2. Of a generation that has only counts they are worked out, and correct alike.
3. Damaged bytes and those of another version are refused.
4. Look-alikes in the table are those that comparing characters gives.
5. Another process, which orders its sets otherwise, makes the same bytes.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.analysis.packed import pack, unpack
from retrieval.errors import GenerationError
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Correction
from retrieval.understanding.spelling.context import Context
from retrieval.understanding.spelling.counts import learn_context
from retrieval.understanding.spelling.shapes import LookAlikes
from retrieval.understanding.spelling.speller import Speller
from retrieval.understanding.spelling.tables import SpellingTables, candidates
from tests.unit.retrieval.understanding.spelling_shop import BRANDS, NOUNS, frequencies, titles

KNOWLEDGE = Knowledge(
    words=dict(frequencies()), brands=dict.fromkeys(BRANDS, 9), products={noun: frequencies()[noun] for noun in NOUNS},
    queries={"保温杯": 40, "保文杯": 1, "nike鞋子": 9},
)  # fmt: skip
QUERIES = (
    "保文杯", "新款遥控气", "不锈岗保温杯", "遥控器器", "保杯温", "bwb", "baowenbei", "lianyiqun", "lian衣裙",
    "adiads", "iphon", "保温杯", "大容量水湖", "螺死刀",
)  # fmt: skip


def answers(tables: SpellingTables) -> list[tuple[Correction | None, tuple[Correction, ...]]]:
    speller = Speller(tables, BRANDS)
    return [(speller.correct(query), speller.expand_latin(query)) for query in QUERIES]


def test_stored_tables() -> None:  # 1
    tables = SpellingTables.learned(KNOWLEDGE, learn_context(titles()))
    stored = tables.to_bytes()
    found = answers(SpellingTables.from_bytes(stored, Knowledge()))
    assert found == answers(tables)
    assert sum(correction is not None or bool(expanded) for correction, expanded in found) >= 9
    assert SpellingTables.learned(KNOWLEDGE, learn_context(titles())).to_bytes() == stored


def test_counts_alone() -> None:  # 2
    context = learn_context(titles())
    assert answers(SpellingTables.from_bytes(of_version_one(context), KNOWLEDGE)) == answers(
        SpellingTables.learned(KNOWLEDGE, context)
    )


def of_version_one(context: Context) -> bytes:
    seen = np.flatnonzero(context.ones)
    stored = io.BytesIO()
    np.savez_compressed(
        stored, version=np.array([1]), seen=seen, ones=context.ones[seen], pairs=np.stack(context.pairs),
        triples=np.stack(context.triples),
    )  # fmt: skip
    return stored.getvalue()


def test_damaged() -> None:  # 3
    stored = SpellingTables.learned(Knowledge(), learn_context(["保温杯"])).to_bytes()
    other = pack({**unpack(stored), "version": np.array([99])})
    for damaged in (stored[:100], stored[: len(stored) // 2], other):
        with pytest.raises(GenerationError, match="spelling tables"):
            SpellingTables.from_bytes(damaged, Knowledge())


def test_look_alikes() -> None:  # 4
    context = learn_context(titles())
    tables, looks = SpellingTables.learned(Knowledge(), context), LookAlikes(candidates(context))
    for char in {*"".join(titles()), *"裙群郡未末鸟a"}:
        assert tables.shapes.of(char) == looks.of(char)


def test_another_process() -> None:  # 5
    script = (
        "import sys; from tests.unit.retrieval.understanding.spelling.test_tables import *;"
        "sys.stdout.buffer.write(SpellingTables.learned(KNOWLEDGE, learn_context(titles())).to_bytes())"
    )
    root = str(Path(__file__).parents[5])
    made = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script], check=True, capture_output=True, cwd=root,
            env={**os.environ, "PYTHONPATH": root, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(made) == 1
    assert len(made.pop()) > 1000
