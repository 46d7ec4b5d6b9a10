"""Videos that explain:

1. There is one for each category, with a query that it answers, and which names its thing in the title, too.
2. Only tests show products, two or three of different kinds, one after the other; others sell nothing.
3. Its query grades the guide highest, and videos that show such a thing, which exist.
4. 怎么选 跑鞋 and 空气炸锅测评, which the documentation asks for, have their video.
"""

from __future__ import annotations

from demo.vocabulary import Vocabulary
from tests.unit.demo.conftest import Row, WrittenMall


def guides(mall: WrittenMall) -> dict[str, Row]:
    return {video["id"]: video for video in mall.videos if video["id"].startswith("g")}


def test_one_for_each_category(mall: WrittenMall, vocabulary: Vocabulary) -> None:  # 1
    found = guides(mall)
    assert len(found) == sum(len(department.categories) for department in vocabulary.departments)
    answers = {qid: item for qid, item, grade in mall.guide_qrels if grade == 3}
    assert sorted(answers.values()) == sorted(found)
    assert set(answers) == set(mall.guides)
    for qid, text in mall.guides.items():
        thing = found[answers[qid]]["title"].split("#")[1]
        assert thing in text
        assert 15 <= found[answers[qid]]["segments"][-1]["end"] <= 120


def test_only_tests_show_products(mall: WrittenMall) -> None:  # 2
    gold = {row["id"]: row["gold"] for row in mall.linked}
    known, tests = mall.by_id, 0
    for video_id, video in guides(mall).items():
        is_test = any(word in video["title"] for word in ("测评", "横评", "实测"))
        if video_id in gold:
            assert len(gold[video_id]) in ((2, 3) if is_test else (0,)), video["title"]
            titles = {known[each["product_id"]]["spu_id"] for each in gold[video_id]}
            assert len(titles) == len(gold[video_id])
        tests += is_test
    assert 20 < tests < 60


def test_grades(mall: WrittenMall) -> None:  # 3
    known = {video["id"] for video in mall.videos}
    assert {item for _, item, _ in mall.guide_qrels} <= known
    assert {grade for _, _, grade in mall.guide_qrels} == {1, 3}


def test_what_the_documentation_asks_for(mall: WrittenMall) -> None:  # 4
    titles = [video["title"] for video in guides(mall).values()]
    assert any("跑鞋" in title and ("选" in title or "挑" in title) for title in titles)
    assert any("空气炸锅" in title and ("测" in title or "横评" in title) for title in titles)
