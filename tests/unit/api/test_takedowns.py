"""Take-downs over HTTP, in a small mall with everything in it:

1. Taken down, a product, an SPU, a shop, a brand, a video, a creator, a word is out of every endpoint at the moment of
   the acknowledgement, in every worker; restored, it is back.
2. The routes answer in the described shape; what makes no sense is 400 and names the field; what does not stand is 404.
3. The same Idempotency-Key is the same call; for another one it is 409.
4. A dry run says how much would go, with samples, and keeps nothing.
5. The history says who did what, when and why, the newest first.
6. A query that is banned, in whatever form, is answered with nothing, and says why where that may be told; no
   correction, suggestion or related query offers it.
7. The answer to a query that would find what is taken down says so where the rule allows it, and else does not.
8. A new generation, an older one, and a process that starts later show nothing of it.
9. No read of any endpoint shows what stands taken down, while many read and things are taken down and back, built,
   switched and rolled back at once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer
from api.server import _build_app
from api.takedown_schema import EffectsAnswer, HistoryAnswer, RestoredAnswer, TakeDownsAnswer
from configs.settings import Settings
from retrieval.wiring.places import make_backend
from tests import leaks, world
from tests.leak_asker import Asker, Down, shuffled
from tests.leaks import Withdrawal

PATH = "/v1/admin/takedowns"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("mall")
    of = world.settings(data, "live.accept_states=true", "search.timeout_ms=60000", "mall.least_shoppers=1",
                        "api.refresh_seconds=0.1")  # fmt: skip
    leaks.build(data, of)
    return of


@contextmanager
def worker(settings: Settings) -> Iterator[TestClient]:
    """A process of the service, as it is started."""
    app = _build_app(settings.model_dump_json())
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)) as client:
        yield client


@pytest.fixture(scope="module")
def workers(settings: Settings) -> Iterator[tuple[TestClient, TestClient]]:
    """Two, with what shoppers did, and livestreams on air that show products."""
    with ExitStack() as both:
        first = both.enter_context(worker(settings))
        told = first.post("/v1/events", json={"events": leaks.events(time.time())})
        assert told.status_code == 200, told.text
        assert told.json()["rejected"] == []
        for n in range(0, leaks.VIDEOS_MADE, 3):
            state = {"state": "on_air", "ts": time.time(), "product_id": leaks.product_code(n)}
            assert first.post(f"/v1/live/{leaks.video_code(n)}/state", json=state).status_code == 200
        yield first, both.enter_context(worker(settings))


@pytest.fixture
def client(workers: tuple[TestClient, TestClient]) -> Iterator[TestClient]:
    """The first; what a test took down is back when it ends."""
    yield workers[0]
    if targets := [each["target"] for each in listed(workers[0])]:
        assert workers[0].post(PATH + "/restore", json={"targets": targets}).status_code == 200


def take(client: TestClient, *takedowns: dict[str, Any], key: str = "") -> list[dict[str, Any]]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post(PATH, json={"takedowns": list(takedowns)}, headers=headers)
    assert answer.status_code == 200, answer.text
    TakeDownsAnswer.model_validate(answer.json())
    found: list[dict[str, Any]] = answer.json()["takedowns"]
    return found


def listed(client: TestClient, **params: str) -> list[dict[str, Any]]:
    answer = client.get(PATH, params=params)
    TakeDownsAnswer.model_validate(answer.json())
    found: list[dict[str, Any]] = answer.json()["takedowns"]
    return found


def failure(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, ErrorAnswer.model_validate(answer.json()).error.field


def search(client: TestClient, q: str, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/search", params={"q": q, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


KINDS = {one.body["kind"]: one for one in leaks.withdrawals()}
EVERYWHERE = (
    "/v1/search?q=保温杯&size=50&facets=brand,shop,category", "/v1/search?q=真好用&size=50",
    "/v1/search?q=钢珠&size=50", "/v1/search?q=焖烧壶&kinds=product,video,live&size=50&user_id=u1",
    "/v1/mall/feed?size=50", "/v1/mall/feed?size=50&user_id=u1", "/v1/queries/related?q=保温杯", "/v1/live",
    "/v1/suggest?q=q", "/v1/suggest?q=g&user_id=u1", "/v1/suggest/hot", "/v1/suggest/shade?user_id=u1",
    "/v1/users/u1/profile", "/v1/products/qq20zz/similar", "/v1/products/qq21zz/also", "/v1/products/qq02zz/moments",
    "/v1/products/qq00zz/moments", "/v1/videos/vv01xx", "/v1/videos/vv03xx", "/v1/videos/vv07xx", "/v1/videos/vv00xx",
    "/v1/videos/vv02xx/queries",
)  # fmt: skip


def shown(client: TestClient, codes: frozenset[str]) -> dict[str, set[str]]:
    """Where which of the codes can be read; an answer to a question that names one is not asked."""
    found = {}
    for path in EVERYWHERE:
        if not any(code in path for code in codes):
            text = client.get(path).text
            found[path] = {code for code in codes if code in text}
    return {path: codes for path, codes in found.items() if codes}


@pytest.mark.parametrize("one", [KINDS[kind] for kind in ("shop", "brand", "creator", "word")],
                         ids=lambda one: one.target)  # fmt: skip
def test_out_of_everything(workers: tuple[TestClient, TestClient], client: TestClient, one: Withdrawal) -> None:  # 1
    before = shown(client, one.codes)
    assert before
    down = Down()
    down.take(client, one)
    assert [shown(each, one.codes) for each in workers] == [{}, {}]
    for code in one.codes:
        for each in workers:
            statuses = [each.get(f"/v1/{what}/{code}").status_code for what in ("products", "videos", "live")]
            assert statuses == [404, 404, 404]
    down.restore(client, one)
    assert shown(client, one.codes).keys() == before.keys()


def test_routes(client: TestClient) -> None:  # 2
    until = time.time() + 3_600
    both = take(
        client, {"kind": "product", "value": " qq01zz ", "reason": "recall", "note": "杯盖", "until": until},
        {"kind": "word", "value": "迷药", "show_notice": False},
    )  # fmt: skip
    assert [(e["target"], e["reason_name"], e["kind_name"], e["show_notice"]) for e in both] == [
        ("product:qq01zz", "产品召回", "商品", True), ("word:迷药", "其他", "词语", False),
    ]  # fmt: skip
    assert both[0]["until"] == pytest.approx(until)
    assert listed(client) == both[::-1]
    assert [e["target"] for e in listed(client, kind="product")] == ["product:qq01zz"]
    assert [e["target"] for e in listed(client, reason="other", value="迷")] == ["word:迷药"]
    answer = client.delete(f"{PATH}/word:迷药")
    assert RestoredAnswer.model_validate(answer.json()).restored == ["word:迷药"]
    assert failure(client.delete(f"{PATH}/word:迷药")) == (404, "target")
    assert failure(client.post(PATH + "/restore", json={"targets": ["product:qq01zz", "shop:x"]})) == (404, "target")
    assert [e["target"] for e in listed(client)] == ["product:qq01zz"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "thing", "value": "x"}, "takedowns[0].kind"),
        ({"kind": "product", "value": ""}, "takedowns[0].value"),
        ({"kind": "product", "value": "  "}, "value"), ({"kind": "word", "value": "！"}, "value"),
        ({"kind": "shop", "value": "x", "reason": "因为"}, "takedowns[0].reason"),
        ({"kind": "shop", "value": "x", "until": 1}, "until"), ({"kind": "shop"}, "takedowns[0].value"),
        ({"kind": "shop", "value": "x", "by": "me"}, "takedowns[0].by"),
    ],
)  # fmt: skip
def test_what_makes_no_sense(client: TestClient, body: dict[str, Any], field: str) -> None:  # 2
    for path in (PATH, PATH + "/check"):
        assert failure(client.post(path, json={"takedowns": [body]})) == (400, field)
    assert failure(client.post(PATH, json={"takedowns": []})) == (400, "takedowns")
    assert listed(client) == []


def test_the_same_key(client: TestClient) -> None:  # 3
    asked = {"kind": "spu", "value": "spu1", "note": "一"}
    first = take(client, asked, {"kind": "video", "value": "vv01xx"}, key="case-17")
    assert take(client, asked, {"kind": "video", "value": "vv01xx"}, key="case-17") == first
    other = {"takedowns": [{"kind": "shop", "value": "shop1"}]}
    assert failure(client.post(PATH, json=other, headers={"Idempotency-Key": "case-17"})) == (409, "idempotency-key")
    noted = {"takedowns": [{**asked, "note": "二"}, {"kind": "video", "value": "vv01xx"}]}
    assert failure(client.post(PATH, json=noted, headers={"Idempotency-Key": "case-17"})) == (409, "idempotency-key")
    assert failure(client.post(PATH, json=other, headers={"Idempotency-Key": "x" * 101})) == (400, "idempotency-key")
    for _ in range(2):
        answer = client.post(PATH + "/restore", json={"targets": ["spu:spu1"]}, headers={"Idempotency-Key": "back-17"})
        assert answer.status_code == 200
    assert [e["target"] for e in listed(client)] == ["video:vv01xx"]


def test_a_dry_run(client: TestClient) -> None:  # 4
    take(client, {"kind": "product", "value": "qq03zz"})
    asked = [
        {"kind": "shop", "value": "shop3"}, {"kind": "word", "value": "保温杯"}, {"kind": "creator", "value": "阿甲"},
        {"kind": "product", "value": "qq03zz"},
    ]  # fmt: skip
    answer = client.post(PATH + "/check", json={"takedowns": asked})
    shop, word, creator, product = EffectsAnswer.model_validate(answer.json()).effects
    assert (shop.hits, shop.stands) == ({"product": 11}, False)  # one of its twelve is gone already
    assert len(shop.samples["product"]) == 5
    assert shop.samples["product"][0].id == "qq07zz"
    assert (word.hits["product"], word.hits["video"]) == (8, 2)
    assert creator.hits == {"video": 2}
    assert (product.hits, product.stands) == ({"product": 0}, True)
    assert [e["target"] for e in listed(client)] == ["product:qq03zz"]


def test_the_history(client: TestClient) -> None:  # 5
    began = time.time()
    take(client, {"kind": "shop", "value": "audited", "reason": "fraud", "note": "刷单"})
    client.post(PATH + "/restore", json={"targets": ["shop:audited"], "note": "查清了"})
    answer = client.get(PATH + "/history", params={"target": "shop:audited"})
    back, down = HistoryAnswer.model_validate(answer.json()).entries
    assert (down.action, down.reason, down.note, down.operator) == ("take_down", "fraud", "刷单", "api")
    assert (back.action, back.note) == ("restore", "查清了")
    assert began <= down.at <= back.at <= time.time()
    assert len(client.get(PATH + "/history", params={"limit": 1}).json()["entries"]) == 1


def test_a_banned_query(workers: tuple[TestClient, TestClient], client: TestClient) -> None:  # 6
    assert search(client, "钢珠保温杯")["total"]["value"] > 0
    take(client, {"kind": "query", "value": "跑鞋"}, {"kind": "word", "value": "钢珠", "show_notice": False})
    for each in workers:
        for query, told in (("跑鞋", True), ("跑 鞋", True), ("鋼珠", False), ("便宜的钢珠保温杯", False)):
            found = search(each, query, facets="brand")
            causes = found["understood"]["autopsy"]["causes"]
            assert (found["hits"], found["total"]["value"], found["next_cursor"]) == ([], 0, None)
            assert [cause["text"] == "依照规定，不展示相关商品" for cause in causes] == [told]
        assert search(each, "跑鞋 透气")["hits"]
        assert "钢珠" not in each.get("/v1/queries/related", params={"q": "保温杯"}).text
        assert "跑鞋" not in [q["query"] for q in each.get("/v1/videos/vv02xx/queries").json()["queries"]]


def test_the_answer_says_so(client: TestClient) -> None:  # 7
    alone = search(client, "qq07zz焖烧壶")
    assert alone["hits"][0]["id"] == "qq07zz"
    for tells in (True, False):
        take(client, {"kind": "product", "value": "qq07zz", "show_notice": tells})
        found = search(client, "qq07zz")
        texts = [cause["text"] for cause in found["understood"]["autopsy"]["causes"]] if not found["hits"] else []
        assert all(hit["id"] != "qq07zz" for hit in found["hits"])
        assert ("依照规定，不展示相关商品" in texts) == tells
        assert not (tells and any("提到" in text for text in texts))


def test_generations_come_and_go(client: TestClient, settings: Settings) -> None:  # 8
    one = KINDS["shop"]
    backend = make_backend(settings)
    old = str(backend.current())
    take(client, dict(one.body))
    new = leaks.build(settings.data_dir, settings)
    backend.publish(old)
    with worker(settings) as late:
        for generation in (old, new):
            backend.publish(generation)
            end = time.monotonic() + 30
            while search(late, "保温杯")["generation"] != generation and time.monotonic() < end:
                time.sleep(0.05)
            assert shown(late, one.codes) == {}
            assert search(late, "保温杯")["generation"] == generation


def test_nothing_leaks(workers: tuple[TestClient, TestClient], client: TestClient, settings: Settings) -> None:  # 9
    down, rng, every, backend = Down(), random.Random(3), leaks.withdrawals(), make_backend(settings)
    askers = [Asker(workers[n % 2], down, random.Random(n)) for n in range(4)]
    names = [manifest.generation for manifest in backend.manifests()][-2:]
    until = time.monotonic() + 4.0

    def read(asker: Asker) -> None:
        while time.monotonic() < until:
            asker.ask()

    with ThreadPoolExecutor(4) as readers:
        running = [readers.submit(read, asker) for asker in askers]
        for turn in range(1_000):
            if time.monotonic() > until:
                break
            shuffled(workers[turn % 2], down, rng, every)
            if turn % 10 == 0:
                backend.publish(names[turn // 10 % len(names)])
        for each in running:
            each.result()
    reads = sum((asker.reads for asker in askers), start=askers[0].reads.__class__())
    assert [leak for asker in askers for leak in asker.leaks] == []
    assert not {status for asker in askers for status in asker.statuses} - {200, 404, 410}
    assert len(reads) >= 15
    assert len(down.acknowledged) > 5
