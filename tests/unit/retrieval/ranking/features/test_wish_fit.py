"""`wish_fit`: the share of the wishes that an answer of theirs stands for in the document.

1. Any of the answers of a wish counts, no piece of one, nor the words that are asked for; of two wishes each is half.
2. Without wishes it is 0 for all.
3. On a shelf of drinks, read by e5, what says 无糖 comes first and what says the opposite is not there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from configs.settings import RANKING, load_settings
from retrieval.encoders.e5 import load
from retrieval.request import SearchRequest
from retrieval.wiring import open_engine
from tests import world
from tests.encoder_cache import encoder_cache_dir
from tests.unit.retrieval.ranking.shop import values
from xunhuo.__main__ import app


def fits(wishes: tuple[tuple[str, ...], ...], *titles: str) -> list[float]:
    return [float(value) for value in values("饮料", *titles, wishes=wishes)["wish_fit"]]


def test_answers() -> None:  # 1
    sweet, gift = ("无糖", "零糖"), ("礼盒",)
    titles = ("无糖饮料", "零糖饮料 礼盒", "饮料", "无添加糖浆饮料", "礼盒 饮料")
    assert fits((sweet,), *titles) == [1, 1, 0, 0, 0]
    assert fits((sweet, gift), *titles) == pytest.approx([0.5, 1, 0, 0, 0.5])


def test_no_wishes() -> None:  # 2
    assert fits((), "无糖饮料", "饮料") == [0, 0]


def test_on_a_shelf(tmp_path: Path, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> None:  # 3
    kinds = ("橙味碳酸", "青柠汽水", "白桃果汁", "葡萄果汁", "可口可乐", "冰红茶", "茉莉花茶", "海盐柠檬")
    titles = [
        *(f"{kind}饮料 500ml*12瓶 整箱" for kind in kinds),
        "含糖饮料 500ml",
        "日本代购麦茶零糖饮料儿童 家庭装 冷泡茶包",
    ]
    shelf = zip(world.products(len(titles)), titles, strict=True)
    file = world.write(tmp_path / "p.jsonl", [{**row, "title": title, "category": ["饮料"]} for row, title in shelf])
    data = tmp_path / "data"
    (data / "cache").mkdir(parents=True)
    cache = encoder_cache_dir(pytestconfig, tmp_path_factory)
    load({}, cache_dir=cache, threads=1)
    for folder in cache.glob("e5-*"):
        (data / "cache" / folder.name).symlink_to(folder)
    built = CliRunner().invoke(app, ["rebuild", "--products", str(file), "--data-dir", str(data)])
    assert built.exit_code == 0, built.output
    unweighed = tmp_path / "unweighed.yaml"
    weights = (RANKING / "e5.yaml").read_text(encoding="utf-8")
    unweighed.write_text(re.sub(r"wish_fit: \S+", "wish_fit: 0", weights), encoding="utf-8")

    def found(*overrides: str) -> list[str]:
        engine = open_engine(load_settings(overrides=overrides, data_dir=data))
        try:
            return [hit.source["title"] for hit in engine.search(SearchRequest(query="不要带糖的饮料", size=20)).hits]
        finally:
            engine.close()

    assert found()[0] == titles[-1]
    assert found(f"ranking.weights={unweighed}")[0] != titles[-1]
    assert set(found()) == set(titles) - {"含糖饮料 500ml"}
