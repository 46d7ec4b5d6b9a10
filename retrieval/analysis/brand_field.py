"""What a brand field says: one name or several, or that there is none."""

from __future__ import annotations

import re

from retrieval.analysis.normalize import normalize

MAX_NAME_CHARS = 24
_PARTS = re.compile(r"[/／|（）()【】\[\]]+")
_NONE = frozenset(
    {"", "其他", "其它", "other", "others", "无", "无品牌", "none", "no", "oem", "不详", "自制", "通用", "unknown"}
)


def brand_names(written: str) -> tuple[str, ...]:
    """The names, normalised: ``华为（HUAWEI）`` and ``Huawei/华为`` give 华为 and huawei, ``其他/other`` gives none."""
    names = (" ".join(normalize(part).split()) for part in _PARTS.split(written))
    return tuple(dict.fromkeys(n for n in names if n not in _NONE and 1 < len(n) <= MAX_NAME_CHARS))
