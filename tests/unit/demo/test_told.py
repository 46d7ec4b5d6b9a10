"""What feeds say of the products of videos:

1. Some mark times, about half only fill a basket, some say nothing; no field is empty.
2. A basket holds all that is shown, two or three things more of the same department, all on sale, in no telling order.
3. Judged is every video on show that marks no times, with its basket, its speech and when each product is shown.
4. What says most about a product lies where it is shown.
5. Evidence is asked for about what short videos with a basket show first, in words of the product.
"""

from __future__ import annotations

from tests.unit.demo.conftest import WrittenMall


def test_shares(mall: WrittenMall) -> None:  # 1
    sold = [video for video in mall.videos if not video["id"].startswith("g")]
    marked = sum("start" in video.get("products", [{}])[0] for video in sold)
    silent = sum("products" not in video for video in sold)
    assert all(video.get("products", True) for video in sold)
    assert 0.25 < marked / len(sold) < 0.45
    assert 0.05 < silent / len(sold) < 0.25
    assert 0.4 < (len(sold) - marked - silent) / len(sold) < 0.6


def test_baskets(mall: WrittenMall) -> None:  # 2
    known, last = mall.by_id, 0
    filled = [row for row in mall.linked if row["basket"]]
    for row in filled:
        shown = [each["product_id"] for each in row["gold"]]
        assert len(set(row["basket"])) == len(row["basket"])
        assert set(shown) < set(row["basket"])
        assert 2 <= len(set(row["basket"]) - set(shown)) <= 3
        assert len({known[each]["category"].split("/")[0] for each in row["basket"]}) == 1
        assert {known[each]["status"] for each in row["basket"]} == {"on"}
        last += row["basket"][-1] in shown
    assert 0.1 < last / len(filled) < 0.9


def test_judged_is_what_marks_no_times(mall: WrittenMall) -> None:  # 3
    judged = {row["id"]: row for row in mall.linked}
    expected = {
        video["id"]: [each["product_id"] for each in video.get("products", [])] or None
        for video in mall.videos
        if video["status"] == "on" and not any("start" in each for each in video.get("products", []))
    }
    assert {video_id: row["basket"] for video_id, row in judged.items()} == expected
    for video in mall.videos:
        if video["id"] in judged:
            assert video["segments"] == judged[video["id"]]["segments"]


def test_what_says_most(mall: WrittenMall) -> None:  # 4
    for row in mall.linked:
        for each in row["gold"]:
            [(start, end)], (first, last) = each["ranges"], each["best"]
            assert start <= row["segments"][first]["start"] < row["segments"][last]["end"] <= end


def test_evidence(mall: WrittenMall) -> None:  # 5
    judged = {row["id"]: row for row in mall.linked if row["basket"] and row["kind"] == "video"}
    assert {row["video_id"] for row in mall.evidence} == {name for name in judged if not name.startswith("g")}
    for row in mall.evidence:
        first = judged[row["video_id"]]["gold"][0]
        product = mall.by_id[row["product_id"]]
        assert (row["product_id"], row["best"]) == (first["product_id"], first["best"])
        noun = row["query"].split()[1 if product["brand"] and row["query"].startswith(product["brand"]) else 0]
        assert noun in product["title"]
