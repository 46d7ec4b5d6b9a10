"""Does a title speak of accessories, parts or what they fit, where the query does not?

Who asks for a 笔记本 wants no 贴膜 for it; who asks for a 手机支架 says so, and the word then counts against nobody.
Nor do the words that say what a part fits (适用, 替换), where a part is asked for (剃须刀头).
"""

from __future__ import annotations

import re

import numpy as np

from retrieval.analysis.normalize import HAN
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.forward import word_hash
from retrieval.types import FloatArray

FITS = ("适用", "适用于", "通用", "专用", "配件", "替换")
WORDS = (*FITS, "贴纸", "支架", "充电器", "电池", "屏幕", "保护")
PARTS = ("膜", "壳", "收纳")
"""These stand for all words that they are a part of."""
PART = re.compile(
    "配件|替换|贴纸|支架|充电器|电池|屏幕|(?<![面眼唇手足鼻鲜地])膜|壳"
    f"|(?:刀头|刷头|芯|墨盒|硒鼓|滤网|耗材|零件|表带|遥控器|数据线)(?![{HAN}])"
)
"""Queries that ask for a part themselves."""
MUCH = 3
"""So many are as clear as can be; one alone may be a part of the thing."""


def _accessory(pairs: Pairs) -> FloatArray:
    """- min (words of `WORDS` and `PARTS` in the title that the query neither says nor expects, `MUCH`) / `MUCH`."""
    query, rows = pairs.text.normalized, pairs.rows
    found = np.zeros(pairs.size, np.int64)
    fits = FITS if PART.search(query) else ()
    for word in WORDS:
        if word not in query and word not in fits:
            found[rows.having(word_hash(word))] += 1
    for part in PARTS:
        if part not in query:
            found += rows.texts.contain(part)
    return np.asarray(-np.minimum(found, MUCH) / MUCH, np.float32)


FEATURE = Feature("accessory", -1, 0, "words of accessories and parts that the query does not say", _accessory)
