"""What every encoder promises (`retrieval.protocols.Encoder`), asked of each one that needs no extra.

1. Vectors have shape (n, dim), are float32, finite and of unit norm; no texts give shape (0, dim).
2. They come in the order of the texts; equal texts give equal vectors.
3. A text gives the same vector alone and in any company (cosine at least 0.999).
4. Empty texts, emoji, NUL, lone surrogates and a megabyte of text are encoded like any other.
5. Several threads at once get what one gets.
6. The fingerprint is the same when the encoder is opened again, and another when an option changes the vectors.
7. With their tokens (`retrieval.late.encoder`) texts have the same vectors, in the same order, alone and from several
   threads, and all titles and queries that say something have tokens, or none has.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders import open_encoder
from retrieval.late.encoder import encode_titles, read_queries
from retrieval.protocols import Encoder
from tests.encoder_cache import encoder_cache_dir

ENCODERS = ("hashing", "use", "e5")
CHANGED_OPTION = {"hashing": {"dim": 64}, "use": {"max_chars": 64}, "e5": {"max_tokens": 64}}
TEXTS = (
    "红色连衣裙",
    "无线蓝牙耳机 入耳式",
    "男鞋",
    "iPhone 15 Pro Max 256GB",
    "儿童积木玩具 3-6岁 益智拼装 大颗粒",
    "a",
    "正宗东北五常大米10斤装新米真空包装，稻花香2号，农家自产，煮粥煮饭都好吃",
)
STRANGE = ("", " ", "\n\t", "😀🎉🛒", "红\x00裙", "\ud800", "é́́́", "\u202e翻转", "长" * 350_000)


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    return encoder_cache_dir(pytestconfig, tmp_path_factory)


@pytest.fixture(scope="module", params=ENCODERS)
def encoder(request: pytest.FixtureRequest, cache_dir: Path) -> Encoder:
    return open_encoder(request.param, options={}, cache_dir=cache_dir, threads=2)


def assert_unit_vectors(vectors: np.ndarray, count: int, dim: int) -> None:
    assert vectors.shape == (count, dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(count), atol=1e-5)


@pytest.mark.parametrize("side", ["encode_documents", "encode_queries"])
def test_shape_type_and_norm(encoder: Encoder, side: str) -> None:
    encode = getattr(encoder, side)
    assert_unit_vectors(encode(TEXTS), len(TEXTS), encoder.dim)
    assert_unit_vectors(encode([]), 0, encoder.dim)


@pytest.mark.parametrize("side", ["encode_documents", "encode_queries"])
def test_alone_as_in_any_company_and_in_order(encoder: Encoder, side: str) -> None:
    encode = getattr(encoder, side)
    together = encode(TEXTS)
    alone = np.concatenate([encode([text]) for text in TEXTS])
    backwards = encode(TEXTS[::-1])[::-1]
    assert (together * alone).sum(axis=1).min() >= 0.999
    assert (together * backwards).sum(axis=1).min() >= 0.999
    closeness = together @ alone.T
    assert closeness.argmax(axis=1).tolist() == list(range(len(TEXTS)))


def test_equal_texts_give_equal_vectors(encoder: Encoder) -> None:
    vectors = encoder.encode_documents([TEXTS[0], TEXTS[4], TEXTS[0], TEXTS[2], TEXTS[0]])
    assert (vectors[[2, 4]] @ vectors[0]).min() >= 0.999
    assert (vectors[[1, 3]] @ vectors[0]).max() < 0.99


@pytest.mark.parametrize("side", ["encode_documents", "encode_queries"])
def test_strange_texts_are_encoded(encoder: Encoder, side: str) -> None:
    assert len(STRANGE[-1].encode()) > 1_000_000
    assert_unit_vectors(getattr(encoder, side)(STRANGE), len(STRANGE), encoder.dim)


def test_threads_get_what_one_gets(encoder: Encoder) -> None:
    jobs = [TEXTS[start:] + TEXTS[:start] for start in range(len(TEXTS))] * 2
    expected = [encoder.encode_queries(job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(encoder.encode_queries, jobs))
    for one, several in zip(expected, got, strict=True):
        np.testing.assert_allclose(several, one, atol=1e-5)


def test_fingerprint_follows_the_options(encoder: Encoder, cache_dir: Path) -> None:
    again = open_encoder(encoder.name, options={}, cache_dir=cache_dir, threads=1)
    other = open_encoder(encoder.name, options=CHANGED_OPTION[encoder.name], cache_dir=cache_dir, threads=1)
    assert again.fingerprint == encoder.fingerprint
    assert other.fingerprint != encoder.fingerprint


def test_with_tokens(encoder: Encoder) -> None:  # 7
    texts = [*TEXTS, *STRANGE[3:]]
    titles, queries = encode_titles(encoder, texts), read_queries(encoder, texts)
    assert (titles.vectors * encoder.encode_documents(texts)).sum(axis=1).min() >= 0.999
    assert (np.array([each.vector for each in queries]) * encoder.encode_queries(texts)).sum(axis=1).min() >= 0.999
    assert {bool(tokens) for tokens in titles.tokens[: len(TEXTS)]} == {each.tokens is not None for each in queries}
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: encode_titles(encoder, texts), range(4)):
            assert [len(tokens) for tokens in found.tokens] == [len(tokens) for tokens in titles.tokens]
            assert (found.vectors * titles.vectors).sum(axis=1).min() >= 0.999
    nothing = encode_titles(encoder, [])
    assert (nothing.vectors.shape, [*nothing.tokens], read_queries(encoder, [])) == ((0, encoder.dim), [], [])
