"""What a small shop answers, where few products have a word or none has it (nothing logged):

1. A name that few products have finds them and nothing else, whether the dictionary has it or not.
2. A number beside what is not sold is no answer: the list is that of the query without it, which is empty.
3. A query that is a brand finds its products, however many words its letters are the initials of.
4. 杯子 finds what ends in 杯, though no title says 杯子.
5. The initials of words that follow each other find them, whole or begun; Latin words and codes are found as they are.
6. What Taiwan and Hong Kong call otherwise is found.
7. A dimension is found however it is written, a number or a Latin word only whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from cli.rebuild import run_rebuild
from configs.settings import load_settings
from retrieval.engine import Engine
from retrieval.request import SearchRequest
from retrieval.wiring import open_engine

Answer = Callable[[str], list[str]]

OTHERS = [
    "山田养蜂场蜂蜜", "本地土蜂蜜 500g", "田园犬狗粮 10kg", "日本进口田螺", "红富士苹果 5斤",
    "五常大米 5斤装", "手机支架 3代", "收纳箱 55寸", "瓷碗 2只装", "纸巾 3包",
    "耳机 2代", "鸡蛋 30枚", "袜子 3双装", "丰收牌玉米", "现代简约沙发",
    "宝马绘本", "家用保鲜膜", "篮球鞋男 42码", "森林狼公仔", "鑫鑫花盆",
    "缘聚茶杯",
]  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    """Opens a shop that sells `OTHERS` and what is given; its answers are titles."""
    engines: list[Engine] = []

    def opened(*sold: str, brands: Sequence[str] = (), encoder: str = "none") -> Answer:
        folder = tmp_path_factory.mktemp("shop")
        titles = (*sold, *OTHERS)
        rows = [{"id": f"p{i}", "title": title} for i, title in enumerate(titles)]
        rows += [{"id": f"b{i}", "title": f"{brand} 皮带", "brand": brand} for i, brand in enumerate(brands)]
        _write(folder / "products.jsonl", rows)
        settings = load_settings(overrides=[f"encoder.name={encoder}", "gates.twins=1"], data_dir=folder / "data")
        run_rebuild(settings, [folder / "products.jsonl"])
        engines.append(engine := open_engine(settings))
        return lambda query: [hit.source["title"] for hit in engine.search(SearchRequest(query, size=50)).hits]

    yield opened
    for engine in engines:
        engine.close()


def _write(file: Path, rows: Sequence[dict[str, str]]) -> None:
    file.write_bytes(b"\n".join(map(orjson.dumps, rows)))


def test_a_name_that_few_products_have(shop: Callable[..., Answer]) -> None:  # 1
    sold = ("本田雅阁机油滤芯", "丰田花冠脚垫", "森鑫缘懒人沙发", "大疆无人机", "极氪充电桩", "HOKA 徒步鞋")
    answer = shop(*sold)
    for name, title in zip(("本田", "丰田", "森鑫缘", "大疆", "极氪", "hoka"), sold, strict=True):
        assert answer(name) == [title]


@pytest.mark.parametrize(
    ("thing", "number"),
    [
        ("车厘子", "5斤"), ("显示器", "3"), ("手表", "2"), ("电视机", "55寸"), ("高跟鞋", "42码"), ("猫砂", "10kg"),
        ("饼干", "500g 3包"),
    ],
)  # fmt: skip
def test_a_number_alone_is_no_answer(small: Answer, thing: str, number: str) -> None:  # 2
    assert small(thing) == []
    assert small(f"{thing} {number}") == []
    assert small(f"{number} {thing}") == []


@pytest.fixture(scope="module", params=["none", "hashing"])
def small(shop: Callable[..., Answer], request: pytest.FixtureRequest) -> Answer:
    return shop(encoder=request.param)


@pytest.mark.parametrize(("brand", "words"), [("ck", "长裤"), ("hm", "红帽"), ("LV", "绿植"), ("bq", "白裙")])
def test_a_brand_is_found(shop: Callable[..., Answer], brand: str, words: str) -> None:  # 3
    many = [f"{style}{words}" for style in ("高腰", "直筒", "加绒", "休闲", "复古", "夏季") for _ in range(4)]
    assert shop(*many, brands=[brand])(brand)[0] == f"{brand} 皮带"


@pytest.fixture(scope="module")
def various(shop: Callable[..., Answer]) -> Answer:
    return shop(
        "保温杯 500ml", "马克杯陶瓷", "棉麻窗帘", "牛仔裤女", "珠海水果礼盒", "木耳菜种子 阳台", "ZP 手套",
        "USB 分线器", "无线鼠标", "U盘 64G", "穿着甲 美甲片", "225/55R18 静音轮胎", "215/55R17 经济轮胎",
        "纯棉被套 1.8*2.2m", "不锈钢螺丝 4.55mm", "螺丝 4 支装 55mm", "智能门锁 lock", "桌面闹钟 clock",
        "Cheez It 饼干",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("杯子", {"保温杯 500ml", "马克杯陶瓷", "缘聚茶杯"}), ("裤子", {"牛仔裤女"}), ("帘子", {"棉麻窗帘"}),
        ("zhsg", {"珠海水果礼盒"}), ("zhs", {"珠海水果礼盒"}), ("mecz", {"木耳菜种子 阳台"}),
        ("zp", {"ZP 手套"}), ("usb", {"USB 分线器"}), ("滑鼠", {"无线鼠标"}), ("隨身碟 64G", {"U盘 64G"}),
        ("穿著", {"穿着甲 美甲片"}), ("2255518", {"225/55R18 静音轮胎"}),
        ("1.8×2.2米", {"纯棉被套 1.8*2.2m"}), ("180x220cm", {"纯棉被套 1.8*2.2m"}),
        ("4.55mm", {"不锈钢螺丝 4.55mm"}), ("55mm", {"螺丝 4 支装 55mm"}), ("lock", {"智能门锁 lock"}),
        ("cheezit", {"Cheez It 饼干"}),
    ],
)  # fmt: skip
def test_all_that_is_found(various: Answer, query: str, first: set[str]) -> None:  # 4 5 6 7
    assert set(various(query)) == first


def test_the_right_wheel_comes_first(various: Answer) -> None:  # 7
    assert various("18寸轮胎")[0] == "225/55R18 静音轮胎"
    assert various("17寸轮胎")[0] == "215/55R17 经济轮胎"
