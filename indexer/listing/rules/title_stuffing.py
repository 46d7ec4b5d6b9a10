"""标题堆砌: a word said again and again, or a heap of brands, to be found by what the thing is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Decision, Finding
from indexer.sources.records import Product
from retrieval.analysis.normalize import normalize

_FITS = re.compile(
    "适用|适配|兼容|通用|替换|专用|配件|维修|适合|支持|代购|回收|合作|联名|for|配套|贴|壳|膜|套|镜头|转接|充电|耗材|墨盒|硒鼓|模型|周边"
)
"""An accessory names what it fits; models and goods about brands name them, too."""
_TOLD = re.compile(r"[^\W\d_]")


def title_stuffing(product: Product, context: ListingContext) -> Iterator[Finding]:
    """Repeated words, and brands that have nothing to do with each other."""
    title = normalize(product.title)
    counts = Counter(word for word in context.cut(title) if len(word) >= 2 and _TOLD.search(word))
    for word, count in counts.most_common(1):
        if count >= context.bounds.repeated:
            decision = Decision.DEMOTE if count > context.bounds.repeated else Decision.FLAG
            yield Finding("title_stuffing", decision, word, f"标题里“{word}”写了 {count} 次")
    brands = context.brands_in(title)
    if len(brands) >= context.bounds.brands and not _FITS.search(title):
        written = " ".join(brands.values())
        yield Finding("title_stuffing", Decision.FLAG, written, f"标题里有 {len(brands)} 个品牌：{written}")
