"""The encoder over sentence-transformers, with two small real models made here, saved to a folder and loaded by path.

1. A transformer with mean pooling and a static embedding both load and keep the encoder contract: unit rows in order,
   empty and strange texts included, the same alone and in company.
2. A prompt given as text equals the text with the prompt in front; a prompt of the model's own configuration is applied
   to its side; a prompt name that the model lacks is refused.
3. `truncate_dim` keeps the first numbers, to unit norm.
4. The fingerprint is the same on a second load and changes with weights, prompts and truncation.
5. A missing folder and contradicting options are errors that name the field.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.encoders import open_encoder
from retrieval.encoders.sentence_transformers import SentenceTransformersEncoder
from retrieval.errors import EncoderError

pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "xunhuo[models]"')

pytestmark = pytest.mark.models

CHARACTERS = "红色连衣裙男女童鞋手机壳蓝牙耳机大米查询商品的新款0123456789abcdefghijklmnopqrstuvwxyz:"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
TEXTS = ("红色连衣裙", "手机壳", "蓝牙耳机 新款", "男鞋", "iphone15 手机壳")
STRANGE = ("", " ", "😀", "红\x00裙", "\ud800", "红" * 350_000)


def character_tokenizer() -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = {token: row for row, token in enumerate([*SPECIAL, *dict.fromkeys(CHARACTERS)])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=1))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Split("", "isolated")]
    )
    marks = [("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    return tokenizer


def save_transformer(folder: Path, *, seed: int, prompts: dict[str, str] | None = None) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(seed)
    tokenizer = character_tokenizer()
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=64, **sizes)).save_pretrained(
        folder / "bert"
    )
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **names).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=64)
    pooling = Pooling(sizes["hidden_size"], pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling], prompts=prompts, device="cpu").save(str(folder / "model"))
    return folder / "model"


def save_static(folder: Path) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = character_tokenizer()
    weights = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformer(tmp_path_factory.mktemp("transformer"), seed=1)


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformer(tmp_path_factory.mktemp("prompted"), seed=1, prompts={"query": "查询:", "short": "新款"})


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_static(tmp_path_factory.mktemp("static"))


def opened(model: Path, cache_dir: Path, **options: object) -> SentenceTransformersEncoder:
    options = {"model": str(model), "device": "cpu", **options}
    encoder = open_encoder("sentence-transformers", options=options, cache_dir=cache_dir, threads=1)
    assert isinstance(encoder, SentenceTransformersEncoder)
    return encoder


@pytest.mark.parametrize(("kind", "dim"), [("transformer", 32), ("static", 16)])
def test_contract(request: pytest.FixtureRequest, tmp_path: Path, kind: str, dim: int) -> None:
    encoder = opened(request.getfixturevalue(kind), tmp_path)
    assert encoder.dim == dim
    assert encoder.size_on_disk > 0
    for encode in (encoder.encode_documents, encoder.encode_queries):
        together = encode([*TEXTS, *STRANGE])
        assert together.shape == (len(TEXTS) + len(STRANGE), dim)
        assert together.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(together, axis=1), np.ones(len(together)), atol=1e-5)
        alone = np.concatenate([encode([text]) for text in TEXTS])
        assert (together[: len(TEXTS)] * alone).sum(axis=1).min() >= 0.999
        assert encode([]).shape == (0, dim)


def test_threads(transformer: Path, tmp_path: Path) -> None:
    encoder = opened(transformer, tmp_path)
    expected = encoder.encode_queries(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(encoder.encode_queries, [TEXTS] * 8):
            np.testing.assert_allclose(got, expected, atol=1e-5)


def test_prompts(transformer: Path, prompted: Path, tmp_path: Path) -> None:
    plain = opened(transformer, tmp_path)
    given = opened(transformer, tmp_path, query_prompt="查询:", document_prompt="商品:")
    own = opened(prompted, tmp_path, document_prompt_name="short")
    asked = plain.encode_queries([f"查询:{text}" for text in TEXTS])
    np.testing.assert_allclose(given.encode_queries(TEXTS), asked, atol=1e-5)
    np.testing.assert_allclose(own.encode_queries(TEXTS), asked, atol=1e-5)
    described = plain.encode_documents([f"商品:{text}" for text in TEXTS])
    np.testing.assert_allclose(given.encode_documents(TEXTS), described, atol=1e-5)
    named = plain.encode_documents([f"新款{text}" for text in TEXTS])
    np.testing.assert_allclose(own.encode_documents(TEXTS), named, atol=1e-5)
    assert (asked * plain.encode_queries(TEXTS)).sum(axis=1).max() < 0.9999
    with pytest.raises(EncoderError, match="missing"):
        opened(transformer, tmp_path, query_prompt_name="missing")


def test_truncation(transformer: Path, tmp_path: Path) -> None:
    whole, short = opened(transformer, tmp_path), opened(transformer, tmp_path, truncate_dim=8)
    first = whole.encode_documents(TEXTS)[:, :8]
    assert short.dim == 8
    np.testing.assert_allclose(
        short.encode_documents(TEXTS), first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-5
    )


def test_fingerprint(transformer: Path, prompted: Path, tmp_path: Path) -> None:
    other = save_transformer(tmp_path / "other", seed=2)
    kinds = [
        opened(transformer, tmp_path),
        opened(transformer, tmp_path, truncate_dim=8),
        opened(transformer, tmp_path, query_prompt="查询:"),
        opened(prompted, tmp_path),
        opened(other, tmp_path),
    ]
    assert len({encoder.fingerprint for encoder in kinds}) == len(kinds)
    assert opened(transformer, tmp_path, batch_size=4).fingerprint == kinds[0].fingerprint


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        opened(tmp_path / "absent", tmp_path)
    assert caught.value.field == "encoder.options.model"
    with pytest.raises(EncoderError, match="exclude each other"):
        opened(tmp_path, tmp_path, query_prompt="a", query_prompt_name="b")
