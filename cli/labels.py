"""What a terminal says around an answer, in the language of the query: Chinese where a character or mark of it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

CHINESE: Mapping[str, str] = {
    # the table of hits, and the line below it
    "id": "编号", "title": "标题", "price": "价格", "score": "得分",
    "documents": "件", "at least": "至少", "about": "约", "near": "件相近", "without": "缺少",
    "matching all": "全部词命中", "matching most": "多数词命中", "matching any": "部分词命中",
    "matching nearest": "仅语义相近", "matching none": "没有命中",
    "in your order, hits move by at most": "按你的喜好排列，最多移动", "places": "位",
    "at": "时间", "what is said": "所说", "videos": "视频", "products": "商品",
    # how a query was read
    "what": "项目", "read as": "读作", "from": "依据", "how sure": "把握",
    "searched": "检索词", "rewrite": "改写", "rewritten": "改写", "correction": "纠错", "constraint": "条件",
    "relaxed": "已放宽", "ignored": "忽略", "term weight": "词权重", "category": "类目", "intent": "意图",
    "strength": "强度", "series": "系列", "wishes": "愿望", "attributes": "属性", "length": "长度",
    "concentration": "集中度", "clicks": "点击",
    "language": "语言", "searched instead": "已按此搜索", "searched beside it": "一并搜索",
    "only offered": "仅供选择", "hits": "件", "search": "改搜", "you may look for": "也可以找找",
    "usage": "用语", "likelihood": "通顺", "leads to": "去往",
    # kinds of entities, where they are known from, kinds of asks, kinds of slips (`retrieval.understanding.kinds`)
    "brand": "品牌", "product": "商品", "color": "颜色", "material": "材质", "size": "尺码", "specification": "规格",
    "capacity": "容量", "style": "风格", "function": "功能", "model": "型号", "audience": "人群", "scene": "场景",
    "season": "季节", "shop": "店铺", "noise": "虚词", "other": "其他",
    "catalogue": "商品库", "lexicon": "词典", "pattern": "句式", "context": "上下文",
    "item": "单品", "attribute": "属性", "broad": "泛需求", "content": "内容", "not_shopping": "非购物",
    "pinyin": "同音", "near_pinyin": "近音", "shape": "形近", "keyboard": "键位", "missing": "漏字", "extra": "多字",
    "swap": "换位", "full_pinyin": "全拼", "initials": "首字母", "rule": "规则",
}  # fmt: skip
"""English → Chinese; what is not here is said as it is."""


def words_for(query: str) -> Callable[[str], str]:
    """How to say an English label beside the answer to this query."""
    return (lambda text: CHINESE.get(text, text)) if _HAN.search(query) else (lambda text: text)
