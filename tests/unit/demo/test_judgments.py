"""The judged queries.

1. Ids are stable, texts are filled, judgments name products on sale once each, grades are 1-3.
2. Every query has an exact answer, and most have lesser ones.
3. Grades follow what a product is: category, kind, audience, attribute and price.
4. There are queries whose words occur in no title, in traditional script, misspelt and with model numbers.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from demo.vocabulary import Vocabulary
from tests.unit.demo.conftest import Row, WrittenMall

GROUPS = {
    "category", "brand", "attribute", "audience", "scene", "colloquial", "model", "traditional", "misspelt", "mixed",
    "place",
}  # fmt: skip


def graded(mall: WrittenMall, text: str) -> dict[int, list[Row]]:
    (qid,) = (qid for qid, query in mall.queries.items() if query == text)
    known, rows = mall.by_id, dict[int, list[Row]]()
    for query_id, product_id, grade in mall.qrels:
        if query_id == qid:
            rows.setdefault(grade, []).append(known[product_id])
    return rows


def test_ids_and_texts(mall: WrittenMall, vocabulary: Vocabulary) -> None:
    authored = [f"{group}-{n:02d}" for group, wishes in vocabulary.queries.items() for n in range(1, len(wishes) + 1)]
    assert list(mall.queries) == authored
    assert {qid.split("-")[0] for qid in authored} == GROUPS
    assert len(set(mall.queries.values())) >= 195
    assert all(text and not re.search(r"[<>\t]", text) for text in mall.queries.values())


def test_qrels_refer_to_products_on_sale(mall: WrittenMall) -> None:
    known = mall.by_id
    for qid, product_id, grade in mall.qrels:
        assert qid in mall.queries
        assert known[product_id]["status"] == "on"
        assert grade in {1, 2, 3}
    assert len({(qid, product_id) for qid, product_id, _ in mall.qrels}) == len(mall.qrels)


def test_every_query_has_an_exact_answer(mall: WrittenMall) -> None:
    exact = Counter(qid for qid, _, grade in mall.qrels if grade == 3)
    assert set(exact) == set(mall.queries)
    assert max(exact.values()) < 120


def test_gift_under_a_price(mall: WrittenMall) -> None:
    rows = graded(mall, "送妈妈的保温杯 100元以内")
    assert {row["category"] for row in rows[3]} == {"厨具餐具/水具酒具/保温杯"}
    assert all(row["price"] <= 100 for row in rows[3])
    # One wish missed: for mothers but dearer, or cheap enough but for others.
    assert rows[2]
    assert {row["category"] for row in rows[1]} >= {"厨具餐具/水具酒具/玻璃杯"}


def test_material_is_graded_by_fact(mall: WrittenMall) -> None:
    rows = graded(mall, "316不锈钢保温杯")
    assert {row["attributes"].get("材质") for row in rows[3] if row.get("attributes")} <= {"316不锈钢", None}
    assert {row["attributes"].get("材质") for row in rows[2] if row.get("attributes")} <= {"304不锈钢", None}
    assert any("材质" not in (row.get("attributes") or {}) for row in (*rows[3], *rows[2]))


def test_brand_and_product(mall: WrittenMall) -> None:
    rows = graded(mall, "摩飞便携烧水壶")
    assert {row["brand"] for row in rows[3]} == {"摩飞"}
    assert all(row["brand"] != "摩飞" for row in rows[1])


@pytest.mark.parametrize(("one", "other"), [("保温杯", "保溫杯"), ("螺蛳粉", "螺丝粉"), ("拉杆箱", "拉感箱")])
def test_other_spellings_have_the_same_answers(mall: WrittenMall, one: str, other: str) -> None:
    def answers(text: str) -> dict[int, list[str]]:
        return {grade: [row["id"] for row in rows] for grade, rows in graded(mall, text).items()}

    assert answers(one) == answers(other)


def test_colloquial_queries_are_in_no_title(mall: WrittenMall) -> None:
    titles = "\n".join(row["title"] for row in mall.products)
    colloquial = [text for qid, text in mall.queries.items() if qid.startswith("colloquial")]
    assert len(colloquial) == 25
    assert [text for text in colloquial if text in titles] == []


def test_model_numbers_stand_in_the_exact_answers(mall: WrittenMall) -> None:
    known = mall.by_id
    for qid, text in mall.queries.items():
        if not qid.startswith("model"):
            continue
        (model,) = re.findall(r"[A-Za-z]+-?[0-9]+(?:Pro|C)?", text)
        answers = [known[product_id] for query_id, product_id, grade in mall.qrels if (query_id, grade) == (qid, 3)]
        stated = [row["attributes"]["型号"] for row in answers if "型号" in (row.get("attributes") or {})]
        assert all(value == model for value in stated)
