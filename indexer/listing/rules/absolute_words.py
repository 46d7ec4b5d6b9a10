"""绝对化用语: what the advertising law forbids to say of goods, 最好, 第一, 国家级, 100%有效, 根治.

Facts and names are none of it: 第一次, 最新款, 100%棉, 最大承重 say what is; a brand (最生活), a work in 《》 and a
game are called so. Books quote whom they like, so their titles are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.listing.context import ListingContext
from indexer.listing.finding import Finding
from indexer.sources.records import Product

_QUOTED = re.compile(r"《[^》]*》")
_WORKS = re.compile("图书|书籍|丛书|音像|教材|影视|乐谱|字帖|碑帖|出版社|正版书|小说|漫画")


def absolute_words(product: Product, context: ListingContext) -> Iterator[Finding]:
    """One finding for each kind of words, in the title or the description."""
    text = _QUOTED.sub(" ", f"{product.title}\n{product.description or ''}")
    if not context.words.somewhere(text) or _WORKS.search(f"{'/'.join(product.category)} {product.title}"):
        return
    for name in (product.brand, *context.own_names):
        text = text.replace(name, " ") if name else text
    seen: set[str] = set()
    for rule in context.words.rules:
        if rule.kind not in seen and (matched := rule.matched(text)):
            seen.add(rule.kind)
            yield Finding("absolute_words", rule.decision, matched, f"广告用语“{matched}”没有依据或不许使用")
