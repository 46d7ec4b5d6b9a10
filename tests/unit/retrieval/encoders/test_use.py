"""The universal sentence encoder.

1. Documents and queries are encoded alike, 512 numbers each, and the same meaning in two languages is near.
2. What lies beyond `max_chars` has no influence.
3. It knows the size of its files.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from retrieval.encoders.use import load


def test_vectors(tmp_path: Path) -> None:
    encoder = load({"max_chars": 16}, cache_dir=tmp_path, threads=1)
    texts = ["小狗", "汽车", "dog", "car"]
    documents = encoder.encode_documents(texts)
    assert documents.shape == (4, encoder.dim) == (4, 512)
    np.testing.assert_allclose(documents, encoder.encode_queries(texts), atol=1e-6)
    assert (documents[:2] @ documents[2:].T).argmax(axis=1).tolist() == [0, 1]
    cut, longer, other = encoder.encode_documents(["大米" * 8, "大米" * 8 + "手机", "大米" * 7 + "手机"])
    np.testing.assert_allclose(cut, longer, atol=1e-6)
    assert cut @ other < 0.999
    assert encoder.size_on_disk > 10_000_000
    assert not list(tmp_path.iterdir())
