"""The reader of pairs over sentence-transformers, with a small real cross-encoder made here, saved and loaded by path.

1. A pair gives the same number alone, beside others and in any batch, strange texts included; the number is the logit
   of the model.
2. When the time is up there is no answer.
3. A missing folder, a model of several labels and an unknown option are errors that name the field.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.deadline import Deadline
from retrieval.encoders.cross_encoder import CrossEncoderPairs
from retrieval.encoders.pairs import open_pair_reader
from retrieval.errors import EncoderError
from tests.models.test_sentence_transformers import STRANGE, TEXTS, character_tokenizer

pytest.importorskip("sentence_transformers", reason='needs the extra: pip install "xunhuo[models]"')

pytestmark = pytest.mark.models

NEVER = Deadline(None)


def save_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(1)
    tokenizer = character_tokenizer()
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=64, num_labels=labels, initializer_range=0.5,
        **sizes,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **names).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("cross"))


def opened(model: Path, cache_dir: Path, **options: object) -> CrossEncoderPairs:
    given = {"model": str(model), "device": "cpu", "max_tokens": 64, **options}
    reader = open_pair_reader("cross-encoder", options=given, cache_dir=cache_dir)
    assert isinstance(reader, CrossEncoderPairs)
    return reader


def test_a_pair_is_read_for_itself(model: Path, tmp_path: Path) -> None:  # 1
    titles = (*TEXTS, *STRANGE)
    together = opened(model, tmp_path).read("手机壳", titles, NEVER)
    assert together is not None
    assert together.shape == (len(titles),)
    assert together.dtype == np.float32
    assert (abs(together) > 1).any(), "a probability, not a logit"
    small = opened(model, tmp_path, batch_size=2)
    again = [small.read("手机壳", [title], NEVER) for title in titles]
    assert [float(each[0]) for each in again if each is not None] == pytest.approx(together.tolist(), abs=1e-3)
    assert small.read("手机壳", titles, NEVER) == pytest.approx(together, abs=1e-3)
    assert small.read("手机壳", [], NEVER) == pytest.approx([])


def test_when_the_time_is_up(model: Path, tmp_path: Path) -> None:  # 2
    assert opened(model, tmp_path).read("手机壳", TEXTS, Deadline.after_ms(0)) is None


def test_what_cannot_be_opened(model: Path, tmp_path: Path) -> None:  # 3
    several = save_cross_encoder(tmp_path / "several", labels=3)
    for wrong in (tmp_path / "missing", several):
        with pytest.raises(EncoderError) as error:
            opened(wrong, tmp_path)
        assert error.value.field == "ranking.second_stage_options.model"
    with pytest.raises(EncoderError):
        opened(model, tmp_path, truncate_dim=3)
