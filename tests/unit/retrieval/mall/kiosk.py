"""A mall of a dozen things, known by heart: what sells, what is sold out, what is sensitive."""

from __future__ import annotations

from tests import world

FLAGSHIP = {"id": "s1", "name": "恒温旗舰店", "kind": "旗舰店", "score": 4.9}
SMALL = {"id": "s2", "name": "小店"}
_DAY = 86_400


def _row(id: str, title: str, category: str, sales: int, shop: world.Row, day: int, **more: object) -> world.Row:
    return {
        "id": id, "title": title, "category": category, "sales_30d": sales, "shop": shop, "stock": 9, "price": 10 + day,
        "created_at": 1_700_000_000 + day * _DAY, "brand": "恒温" if shop is FLAGSHIP else "杂牌", **more,
    }  # fmt: skip


ROWS = [
    _row("cup1", "保温杯 不锈钢 大容量", "厨具/杯", 2000, FLAGSHIP, 1),
    _row("cup2", "玻璃水杯 带盖", "厨具/杯", 40, FLAGSHIP, 5),
    _row("cup3", "儿童吸管杯", "厨具/杯", 900, FLAGSHIP, 9, stock=0),
    _row("pot1", "不粘炒锅 家用", "厨具/锅", 600, SMALL, 3),
    _row("pot2", "砂锅 炖汤", "厨具/锅", 500, FLAGSHIP, 2),
    _row("tea1", "龙井茶 明前", "茶", 90, SMALL, 4),
    _row("dress1", "法式连衣裙 收腰", "女装/裙", 0, SMALL, 6),
    _row("dress2", "碎花半身裙", "女装/裙", 1, SMALL, 7),
    _row("dress3", "百褶裙 高腰", "女装/裙", 2, SMALL, 8),
    _row("adult1", "情趣睡衣", "成人", 5000, FLAGSHIP, 10),
    _row("chair1", "折叠椅", "家具/椅", 5000, SMALL, 11, stock=0),
]


def forbids(text: str) -> bool:
    """What nobody is shown unasked."""
    return "情趣" in text
