"""A take-down: what is not shown any more, why, who said so, and until when; and how it stands in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from retrieval.analysis.brand_field import brand_names
from retrieval.analysis.normalize import normalize
from retrieval.changes.journal import Change, Entry
from retrieval.errors import InvalidRequest, StorageError
from retrieval.takedowns.words import squeezed

TAKE_DOWN, RESTORE = "take_down", "restore"
"""Kinds of changes in the journal."""
ENTRIES = (TAKE_DOWN, RESTORE)
EXPIRY = "expiry"
"""Who restores what has expired."""


class Kind(StrEnum):
    """What may be taken down."""

    PRODUCT = "product"
    SPU = "spu"
    """Every offer of one product."""
    SHOP = "shop"
    """All that a shop sells; by its id or its name."""
    BRAND = "brand"
    VIDEO = "video"
    """A short video or a livestream, with all that is said in it."""
    CREATOR = "creator"
    """All videos of whoever makes them; by id or name."""
    QUERY = "query"
    """A search of exactly these words."""
    WORD = "word"
    """Whatever has this word in its title, in what is said, or in its query."""


KIND_NAMES = {
    Kind.PRODUCT: "商品", Kind.SPU: "同款商品", Kind.SHOP: "店铺", Kind.BRAND: "品牌", Kind.VIDEO: "视频或直播",
    Kind.CREATOR: "达人", Kind.QUERY: "搜索词", Kind.WORD: "词语",
}  # fmt: skip


class Reason(StrEnum):
    """Why; the list is closed, so that cases can be counted, and a note says the rest."""

    LAW = "law"
    COUNTERFEIT = "counterfeit"
    SAFETY = "safety"
    RECALL = "recall"
    QUALIFICATION = "qualification"
    ADVERTISING = "advertising"
    RIGHTS = "rights"
    PRIVACY = "privacy"
    COMPLAINT = "complaint"
    FRAUD = "fraud"
    OWNER = "owner"
    OTHER = "other"


REASON_NAMES = {
    Reason.LAW: "法律法规禁止", Reason.COUNTERFEIT: "假冒伪劣", Reason.SAFETY: "安全隐患", Reason.RECALL: "产品召回",
    Reason.QUALIFICATION: "缺少资质", Reason.ADVERTISING: "违法广告", Reason.RIGHTS: "侵犯知识产权",
    Reason.PRIVACY: "侵犯隐私或肖像", Reason.COMPLAINT: "投诉举报", Reason.FRAUD: "虚假交易或价格欺诈",
    Reason.OWNER: "商家或作者申请", Reason.OTHER: "其他",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakeDown:
    """One that stands.

    Attributes:
        value: an id; of a brand, a query, a word its text, as it was given.
        note: in the operator's words; never shown to shoppers.
        operator: who said so.
        since, until: seconds since 1970; until None: for good.
        show_notice: whether an empty answer may say that a rule keeps something back.
        position: in the journal.
    """

    kind: Kind
    value: str
    reason: Reason = Reason.OTHER
    note: str = ""
    operator: str = ""
    since: float = 0.0
    until: float | None = None
    show_notice: bool = True
    position: int = 0

    @property
    def target(self) -> str:
        """What it is about, one text: the same product, brand or word has the same, however it is written."""
        return target_of(self.kind, self.value)

    @property
    def marks(self) -> tuple[str, ...]:
        """Of documents that it hits, any of these; a brand may have several names."""
        if self.kind is not Kind.BRAND:
            return (self.target,)
        return tuple(dict.fromkeys(target_of(Kind.BRAND, name) for name in (self.value, *brand_names(self.value))))

    @property
    def text(self) -> str:
        """The value as texts are compared with it."""
        return folded(self.value)

    def change(self, key: str = "") -> Change:
        """As it is kept."""
        body = {
            "kind": self.kind, "value": self.value, "reason": self.reason, "note": self.note, "until": self.until,
            "show_notice": self.show_notice,
        }  # fmt: skip
        return Change(TAKE_DOWN, self.target, orjson.dumps(body), key, self.operator, self.since)

    @classmethod
    def of(cls, entry: Entry) -> TakeDown:
        """As it was kept. Raises StorageError."""
        change, said = entry.change, said_in(entry)
        try:
            return cls(
                Kind(said["kind"]), said["value"], Reason(said["reason"]), said["note"], change.by, change.at,
                said["until"], said["show_notice"], entry.position,
            )  # fmt: skip
        except (KeyError, ValueError) as why:
            raise _unreadable(entry, why) from None


def kind_named(name: str) -> Kind:
    """Raises InvalidRequest where there is none."""
    if name not in set(Kind):
        raise InvalidRequest(f"there is no kind {name[:40]}", field="kind", hint=f"one of {', '.join(Kind)}")
    return Kind(name)


def restoring(target: str, note: str, operator: str, at: float, key: str = "") -> Change:
    """The change that ends whatever stands of `target`."""
    return Change(RESTORE, target, orjson.dumps({"note": note}), key, operator, at)


def expiring(over: TakeDown, at: float) -> Change:
    """The change that ends this take-down and no later one; whoever else notices makes the same one."""
    body = orjson.dumps({"note": "", "expired": over.position})
    return Change(RESTORE, over.target, body, f"expire:{over.position}", EXPIRY, at)


def said_in(entry: Entry) -> Mapping[str, Any]:
    """The body of an entry. Raises StorageError."""
    try:
        said: Mapping[str, Any] = orjson.loads(entry.change.body)
    except ValueError as why:
        raise _unreadable(entry, why) from None
    return said


def target_of(kind: Kind, value: str) -> str:
    """``kind:value``; queries and words as they are compared, brands without spaces and marks, ids as they are."""
    if kind is Kind.BRAND:
        return f"{kind}:{''.join(filter(str.isalnum, folded(value))) or folded(value)}"
    return f"{kind}:{squeezed(value) if kind in (Kind.QUERY, Kind.WORD) else value}"


def same_target(target: str) -> str:
    """A target, however somebody wrote it (query:红 色) or an earlier version did, as `target_of` gives it."""
    kind, _, value = target.partition(":")
    return target_of(Kind(kind), value) if kind in set(Kind) else target


def folded(text: str) -> str:
    """Normal form with single spaces."""
    return " ".join(normalize(text).split())


def _unreadable(entry: Entry, why: Exception) -> StorageError:
    return StorageError(
        f"entry {entry.position} of the journal is no take-down that this version reads: {why}", field="data_dir",
        hint="use the version that wrote it",
    )  # fmt: skip
