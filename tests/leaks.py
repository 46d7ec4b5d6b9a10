"""A mall in which every product, video and shop can be told by a code, and whoever asks all of its endpoints at once.

A code (``qq07zz``) stands in the title, the picture and the id of a product, in the title, the speech and the id of a
video, in the name of a shop or brand, and nowhere else. While something stands taken down from before a request until
after it, none of its codes may be in the answer: that is a leak.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from configs.settings import VIDEOS, Settings
from indexer.learning.opening import make_learner
from indexer.rebuild import rebuild
from indexer.videos.speech import Speech
from retrieval.wiring import make_analyzer
from retrieval.wiring.places import make_backend
from tests import world
from tests.world import Row

PRODUCTS, VIDEOS_MADE, SHOPS, BRANDS = 48, 8, 4, 6
NOUNS = ("保温杯", "焖烧壶", "跑鞋", "中筒袜", "补水面膜", "加湿器")
WORD = "钢珠"
"""Stands in the title of every eighth product."""
_CODE = re.compile(r"[a-z]{2}\d\d[a-z]{2}")
USERS = ("u1", "u2", "u3", "u4", "u5", "u6")


def product_code(number: int) -> str:
    return f"qq{number:02d}zz"


def video_code(number: int) -> str:
    return f"vv{number:02d}xx"


def shop_code(number: int) -> str:
    return f"ss{number:02d}yy"


def products() -> list[Row]:
    """Of `NOUNS`, `BRANDS` and `SHOPS` in turn."""
    return [
        {
            "id": product_code(n), "title": f"{brand_of(n)}{WORD if n % 8 == 0 else ''}{noun_of(n)} {product_code(n)}",
            "brand": brand_of(n), "category": ["百货", noun_of(n)], "price": 20 + n, "sales_30d": 10 * n, "stock": 9,
            "shop": {"id": f"shop{n % SHOPS}", "name": f"{shop_code(n % SHOPS)}店"}, "spu_id": f"spu{n // 2}",
            "rating": 4.8, "reviews": 100, "images": [f"/pictures/{product_code(n)}.jpg"],
            "created_at": 1_700_000_000 + n,
        }
        for n in range(PRODUCTS)
    ]  # fmt: skip


def noun_of(number: int) -> str:
    return NOUNS[number % len(NOUNS)]


def brand_of(number: int) -> str:
    return f"bb{number % BRANDS:02d}cc"


def videos() -> list[Row]:
    """Each shows two products, and one of three is a livestream."""
    made = []
    for n in range(VIDEOS_MADE):
        shown = (n, n + VIDEOS_MADE)
        made.append({
            "id": video_code(n), "title": f"{noun_of(n)}怎么选 {video_code(n)}", "kind": "video" if n % 3 else "live",
            "creator": {"id": f"maker{n % 4}", "name": f"阿{'甲乙丙丁'[n % 4]}"},
            "segments": [
                {"start": 10 * at, "end": 10 * at + 9, "text": f"这个{noun_of(product)}真好用，{video_code(n)}试过。"}
                for at, product in enumerate(shown)
            ],
            "products": [
                {"product_id": product_code(product), "start": 10 * at, "end": 10 * at + 9}
                for at, product in enumerate(shown)
            ],
        })  # fmt: skip
    return made


def events(now: float) -> list[Row]:
    """Every shopper looked at, bought and searched a few things, and watched videos."""
    rng, rows = random.Random(7), list[Row]()
    for user in USERS:
        at = now - 86_400.0
        for n in sorted(rng.sample(range(PRODUCTS), 24)):
            at += 20
            rows.append({"user_id": user, "type": "click", "kind": "product", "item_id": product_code(n), "ts": at})
            if n % 3 == 0:
                rows.append(
                    {"user_id": user, "type": "order", "kind": "product", "item_id": product_code(n), "ts": at + 5}
                )
        for n in range(VIDEOS_MADE):
            at += 60
            watched = {"type": "watch", "kind": "video", "item_id": video_code(n), "watch_s": 30}
            rows.append({"user_id": user, "ts": at, **watched})
            rows.append({"user_id": user, "type": "search", "query": noun_of(n), "ts": at + 10})
            rows.append({"user_id": user, "type": "search", "query": f"{WORD}{noun_of(n)}", "ts": at + 20})
    return rows


def build(data: Path, settings: Settings) -> str:
    """Builds and publishes a generation; its name."""
    data.mkdir(parents=True, exist_ok=True)
    goods, clips = world.write(data / "goods.jsonl", products()), world.write(data / "clips.jsonl", videos())
    plan = world.plan(data, goods, videos=[clips])
    report = rebuild(
        plan, make_backend(settings), make_analyzer(settings), world.encoder_of(settings), world.Quiet(),
        make_learner(settings), None, Speech(VIDEOS),
    )  # fmt: skip
    return str(report.generation)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Something that can be taken down.

    Attributes:
        body: as it is posted; codes: what may not be in an answer then.
    """

    body: Mapping[str, str]
    codes: frozenset[str]

    @property
    def target(self) -> str:
        return f"{self.body['kind']}:{self.body['value']}"


def withdrawals() -> list[Withdrawal]:
    """Of every kind that takes documents down."""

    def having(which: Callable[[Row], bool], *more: str) -> frozenset[str]:
        return frozenset(str(row["id"]) for row in products() if which(row)) | frozenset(more)

    def made_by(maker: str) -> frozenset[str]:
        return frozenset(row["id"] for row in videos() if row["creator"]["id"] == maker)

    each = [Withdrawal({"kind": "product", "value": product_code(n)}, frozenset({product_code(n)})) for n in range(12)]
    each += [
        Withdrawal({"kind": "spu", "value": f"spu{n}"}, having(lambda row, n=n: row["spu_id"] == f"spu{n}"))  # type: ignore[misc]
        for n in (8, 9)
    ]
    each += [
        Withdrawal({"kind": "shop", "value": "shop3"}, having(lambda row: row["shop"]["id"] == "shop3", shop_code(3))),
        Withdrawal({"kind": "brand", "value": "BB05cc"}, having(lambda row: row["brand"] == "bb05cc", "bb05cc")),
        Withdrawal({"kind": "video", "value": video_code(3)}, frozenset({video_code(3)})),
        Withdrawal({"kind": "video", "value": video_code(4)}, frozenset({video_code(4)})),
        Withdrawal({"kind": "creator", "value": "maker1"}, made_by("maker1")),
        Withdrawal({"kind": "word", "value": WORD}, having(lambda row: WORD in row["title"], WORD)),
    ]
    return each


class Client(Protocol):
    """As much of an HTTP client as is used."""

    @property
    def request(self) -> Callable[..., Any]: ...


@dataclass
class Down:
    """What stands taken down for sure: from an acknowledgement on, until somebody asks to take it back."""

    since: dict[str, tuple[int, Withdrawal]] = field(default_factory=dict)
    acknowledged: list[float] = field(default_factory=list)
    _number: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, client: Client, one: Withdrawal) -> None:
        """Takes down; it counts once that is acknowledged."""
        began = time.perf_counter()
        _done(client, "POST", "/v1/admin/takedowns", json={"takedowns": [dict(one.body)]})
        self.acknowledged.append(time.perf_counter() - began)
        with self._lock:
            self._number += 1
            self.since[one.target] = self._number, one

    def restore(self, client: Client, one: Withdrawal) -> None:
        """Takes back; it counts no more before that is asked."""
        with self._lock:
            del self.since[one.target]
        target = f"brand:{one.body['value'].lower()}" if one.body["kind"] == "brand" else one.target
        _done(client, "DELETE", f"/v1/admin/takedowns/{target}")

    def now(self) -> dict[str, tuple[int, Withdrawal]]:
        """A copy."""
        with self._lock:
            return dict(self.since)


def _done(client: Client, method: str, path: str, **more: Any) -> None:
    """Says it until it is done: 503 is to be said again."""
    while (answer := client.request(method, path, **more)).status_code == 503:
        time.sleep(0.1)
    assert answer.status_code == 200, answer.text


@dataclass
class Asker:
    """Asks one endpoint after another, and tells leaks.

    Attributes:
        reads: endpoint → how often it was asked; statuses: of the answers.
        leaks: what was in which answer; failures: what was said with a 5xx, and how often.
    """

    client: Client
    down: Down
    rng: random.Random
    reads: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    cursors: list[str] = field(default_factory=list)
    feeds: list[tuple[str, str]] = field(default_factory=list)

    def ask(self) -> None:
        """One read of an endpoint that chance chooses."""
        name, path, more, echoed = self._request()
        before = self.down.now()
        try:
            answer = self.client.request(more.pop("method", "GET"), path, **more)
        except ConnectionError:
            self.statuses[0] += 1
            return
        after = self.down.now()
        self.reads[name] += 1
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.failures[f"{answer.status_code} {answer.json()['error']['message']}"] += 1
        stood = [one for target, (number, one) in before.items() if after.get(target, (0,))[0] == number]
        forbidden = frozenset(code for one in stood for code in one.codes) - echoed
        found = {code for code in forbidden if code in answer.text}
        if found:
            self.leaks.append(f"{name} {path} {more}: {sorted(found)} in {answer.text[:2000]}")
        if answer.status_code == 200:
            self._remember(name, more.get("params", {}).get("user_id", ""), answer.json())

    def _request(self) -> tuple[str, str, dict[str, Any], frozenset[str]]:
        """(endpoint, path, what else, codes that the question itself names, and so may the answer)."""
        rng, user = self.rng, self.rng.choice(USERS)
        product, video = product_code(rng.randrange(PRODUCTS)), video_code(rng.randrange(VIDEOS_MADE))
        query = rng.choice((*NOUNS, "bb02cc", "真好用", f"{NOUNS[0]} {product}"))
        named, shown = frozenset(_CODE.findall(query)), {"facets": "brand,shop,category", "size": 20}
        own, kinds = frozenset({product}), {"kinds": ["product", "video", "live"]}
        ways: list[tuple[str, str, dict[str, Any], frozenset[str]]] = [
            ("search", "/v1/search", {"params": {"q": query, **shown}}, named),
            ("search", "/v1/search", {"method": "POST", "json": {"query": query, "size": 5, **kinds}}, named),
            ("own search", "/v1/search", {"params": {"q": query, "user_id": user, "explain": True}}, named),
            ("product", f"/v1/products/{product}", {}, own),
            ("similar", f"/v1/products/{product}/similar", {}, own),
            ("also", f"/v1/products/{product}/also", {}, own),
            ("moments", f"/v1/products/{product}/moments", {}, own),
            ("video", f"/v1/videos/{video}", {}, frozenset({video})),
            ("after", f"/v1/videos/{video}/queries", {}, frozenset({video})),
            ("feed", "/v1/mall/feed", {"params": {"size": 10}}, frozenset()),
            ("own feed", "/v1/mall/feed", {"params": {"size": 10, "user_id": user}}, frozenset()),
            ("related", "/v1/queries/related", {"params": {"q": rng.choice(NOUNS)}}, frozenset()),
            ("suggest", "/v1/suggest", {"params": {"q": rng.choice(NOUNS)[:2], "user_id": user}}, frozenset()),
            ("hot", "/v1/suggest/hot", {}, frozenset()),
            ("shade", "/v1/suggest/shade", {"params": {"user_id": user}}, frozenset()),
            ("rooms", "/v1/live", {}, frozenset()),
            ("room", f"/v1/live/{video}", {}, frozenset({video})),
            ("profile", f"/v1/users/{user}/profile", {}, frozenset()),
        ]  # fmt: skip
        if self.cursors:
            ways += [
                ("next page", "/v1/search", {"params": {"cursor": rng.choice(self.cursors), "size": 5}}, frozenset())
            ] * 2
        if self.feeds:
            cursor, whose = rng.choice(self.feeds)
            more = {"params": {"cursor": cursor, "size": 5, **({"user_id": whose} if whose else {})}}
            ways += [("next of feed", "/v1/mall/feed", more, frozenset())] * 2
        return rng.choice(ways)

    def _remember(self, name: str, whose: str, answer: Mapping[str, Any]) -> None:
        """Cursors of pages, with those of an older epoch among them."""
        cursor = answer.get("next_cursor")
        if cursor and name == "search" and not _CODE.search(answer["query"]["text"]):
            self.cursors = [*self.cursors[-30:], cursor]
        if cursor and name in ("feed", "own feed"):
            self.feeds = [*self.feeds[-30:], (cursor, whose)]


def shuffled(client: Client, down: Down, rng: random.Random, every: Sequence[Withdrawal]) -> None:
    """Takes one more down, or one back."""
    standing = down.now()
    if standing and (rng.random() < 0.4 or len(standing) == len(every)):
        down.restore(client, rng.choice([one for _, one in standing.values()]))
    else:
        down.take(client, rng.choice([one for one in every if one.target not in standing]))
