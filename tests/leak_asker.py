"""Whoever takes things of the mall of `tests.leaks` down and back, and whoever asks all of its endpoints meanwhile.

While something stands taken down from before a request until after it, none of its codes may be in the answer: that is
a leak.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from tests.leaks import CODE, NOUNS, PRODUCTS, SHOPS, USERS, VIDEOS_MADE, Withdrawal, product_code, video_code


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
            page = path == "/"  # which says it in words
            self.failures[f"{answer.status_code} {path if page else answer.json()['error']['message']}"] += 1
        stood = [one for target, (number, one) in before.items() if after.get(target, (0,))[0] == number]
        forbidden = frozenset(code for one in stood for code in one.codes) - echoed
        found = {code for code in forbidden if code in answer.text}
        if found:
            self.leaks.append(f"{name} {path} {more}: {sorted(found)} in {answer.text[:2000]}")
        if answer.status_code == 200 and name in ("search", "feed", "own feed"):
            self._remember(name, more.get("params", {}).get("user_id", ""), answer.json())

    def _request(self) -> tuple[str, str, dict[str, Any], frozenset[str]]:
        """(endpoint, path, what else, codes that the question itself names, and so may the answer)."""
        rng, user = self.rng, self.rng.choice(USERS)
        product, video = product_code(rng.randrange(PRODUCTS)), video_code(rng.randrange(VIDEOS_MADE))
        query = rng.choice((*NOUNS, "bb02cc", "真好用", f"{NOUNS[0]} {product}"))
        named, shown = frozenset(CODE.findall(query)), {"facets": "brand,shop,category", "size": 20}
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
            ("channel", "/v1/mall/channels", {"params": {"category": f"百货/{rng.choice(NOUNS)}"}}, frozenset()),
            ("channels", "/v1/mall/channels", {}, frozenset()),
            ("shop", f"/v1/mall/shops/shop{rng.randrange(SHOPS)}", {"params": {"user_id": user}}, frozenset()),
            ("page", "/", {"params": {"q": query}}, named),
            ("page of a product", "/", {"params": {"item": product}}, own),
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
        if cursor and name == "search" and not CODE.search(answer["query"]["text"]):
            self.cursors = [*self.cursors[-30:], cursor]
        if cursor and name != "search":
            self.feeds = [*self.feeds[-30:], (cursor, whose)]


def shuffled(client: Client, down: Down, rng: random.Random, every: Sequence[Withdrawal]) -> None:
    """Takes one more down, or one back."""
    standing = down.now()
    if standing and (rng.random() < 0.4 or len(standing) == len(every)):
        down.restore(client, rng.choice([one for _, one in standing.values()]))
    else:
        down.take(client, rng.choice([one for one in every if one.target not in standing]))
