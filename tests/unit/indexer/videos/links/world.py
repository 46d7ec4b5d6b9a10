"""A small shop for tests of links, and what is said about it."""

from __future__ import annotations

from functools import cache

from indexer.sources.records import Product
from indexer.videos.links.linker import Linker
from indexer.videos.links.shelf import Shelf
from indexer.videos.links.weights import load_weights
from indexer.videos.nouns import Said

PRODUCTS: dict[str, dict[str, object]] = {
    "dress": {"title": "恒源祥针织连衣裙女秋冬中长款半高领打底裙", "brand": "恒源祥", "price": 229},
    "trousers": {"title": "浪莎加绒运动裤女秋冬束脚休闲卫裤灰色", "brand": "浪莎", "price": 79},
    "clip": {"title": "优宜达蝴蝶结抓夹大号鲨鱼夹丸子头盘发头饰", "brand": "优宜达", "price": 9.9},
    "knives": {"title": "张小泉智能消毒刀架等离子烘干菜刀座", "brand": "张小泉", "price": 299},
    "rack": {"title": "小米生态智能消毒刀架置物架收纳", "brand": "小米", "price": 199},
    "radio_white": {"title": "德生A9插卡音箱老年人收音机播放器白色", "brand": "德生", "price": 129},
    "radio_brown": {"title": "德生A9插卡音箱老年人收音机播放器褐色", "brand": "德生", "price": 159},
    "recorder": {"title": "科大讯飞SR702离线录音笔语音转文字星空灰", "brand": "科大讯飞", "price": 1899.0},
    "gone": {"title": "好太太壁挂晾衣架隐形伸缩晒衣架阳台", "brand": "好太太", "status": "off"},
    "fan": {"title": "奥克斯六叶小吊扇静音微风蚊帐宿舍", "brand": "奥克斯", "price": 45},
}
DRESS = ("第一件恒源祥的针织连衣裙", "半高领中长款里面打底正好", "针织的能拉回弹也好")
TROUSERS = ("第二个浪莎的加绒运动裤灰色束脚", "加绒的束脚裤风灌不进来", "运动裤宽松遛狗也能穿")
CLIP = ("第三个优宜达的蝴蝶结抓夹", "大号鲨鱼夹往上一盘丸子头", "蝴蝶结显得脸小")
KNIVES = ("换了张小泉的智能消毒刀架", "刀插进来等离子消毒烘干", "菜刀座也能放筷子")
CHAT = ("今天天气真冷啊", "我昨天去早市买菜了", "你们吃了没有")


@cache
def shelf() -> Shelf:
    """With all `PRODUCTS`."""
    filled = Shelf()
    for product_id, fields in PRODUCTS.items():
        filled.add(Product.model_validate({"id": product_id, **fields}))
    filled.finish()
    return filled


@cache
def linker() -> Linker:
    return Linker(shelf(), load_weights())


def say(*lines: str, seconds: float = 4.0) -> tuple[Said, ...]:
    """One segment a line, one right after the other."""
    return tuple(Said(i * seconds, (i + 1) * seconds, line, line) for i, line in enumerate(lines))
