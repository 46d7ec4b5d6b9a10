"""For every text:

1. `normalize` is the first part of `normalize_aligned`, and both never raise.
2. Origins never go back, there is one for each character and one for the end, and they cover the text.
3. The normal form is a normal form of itself, and holds only words, joining marks and spaces.
4. A run of the normal form comes from that run of the original: normalising the original span gives it back.
"""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given

from retrieval.analysis.normalize import normalize, normalize_aligned
from tests.property.strategies import any_text, shop_text


@given(any_text)
def test_both_forms_are_one(text: str) -> None:
    assert normalize_aligned(text)[0] == normalize(text)


@given(any_text)
def test_origins_never_go_back(text: str) -> None:
    normalized, origin = normalize_aligned(text)
    assert len(origin) == len(normalized) + 1
    assert origin[-1] == len(text)
    assert all(0 <= left <= right for left, right in pairwise(origin))
    assert not any("\ud800" <= char <= "\udfff" for char in normalized)


@given(any_text)
def test_only_words_marks_and_spaces(text: str) -> None:
    assert re.fullmatch(r"[\w\-./+%&# ]*", normalize(text))


@given(shop_text)
def test_a_normal_form_is_its_own(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(shop_text)
def test_a_run_comes_from_its_original_span(text: str) -> None:
    normalized, origin = normalize_aligned(text)
    for match in re.finditer(r"\w+", normalized):
        assert normalize(text[origin[match.start()] : origin[match.end()]]).strip() == match.group()
