"""How a cluster is, as far as one shop on it is concerned: what the doctor asks, and what it makes of the answers.

Asked are only indices of the own prefix: what other shops on the cluster lack is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from retrieval.backends.opensearch.client import Cluster
from retrieval.backends.opensearch.errors import Missing
from retrieval.backends.opensearch.names import Names

_UNITS = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50, "b": 1}
_BLOCK = "read_only_allow_delete"


@dataclass(frozen=True, slots=True)
class Disk:
    """Of a node, in bytes."""

    node: str
    total: int
    free: int

    def over(self, watermark: str) -> bool:
        """Whether it is as full as ``85%`` or ``0.85`` says, or has no more left than ``20gb`` says."""
        mark = watermark.strip().lower()
        unit = next((unit for unit in _UNITS if mark.endswith(unit)), "")
        if unit:
            return self.free <= float(mark.removesuffix(unit)) * _UNITS[unit]
        share = float(mark.removesuffix("%")) / 100 if mark.endswith("%") else float(mark)
        return self.total - self.free >= share * self.total


@dataclass(frozen=True, slots=True)
class Health:
    """What a cluster says.

    Attributes:
        status: green, yellow, or red, of the own indices.
        nodes: those that hold data.
        indices: the own ones; lost, thin: those of which a shard is nowhere, or has fewer copies than it should.
        replicas: the most copies that one of them asks for.
        disks: of the nodes; watermarks: name → how full a disk may be, empty where the cluster never looks.
        locked: own indices that take no more writes because a disk was full.
        served: indices behind the alias of products.
    """

    status: str
    nodes: int
    indices: int
    lost: tuple[str, ...]
    thin: tuple[str, ...]
    replicas: int
    disks: tuple[Disk, ...]
    watermarks: Mapping[str, str]
    locked: tuple[str, ...]
    served: tuple[str, ...]

    @property
    def summary(self) -> str:
        """In a line."""
        fullest = max((1 - disk.free / disk.total for disk in self.disks if disk.total), default=0.0)
        serving = self.served[0] if len(self.served) == 1 else "nothing"
        return (
            f"{self.status}, {self.nodes} nodes, {self.indices} indices, fullest disk {fullest:.0%}, serving {serving}"
        )

    def troubles(self) -> Iterator[tuple[str, str]]:
        """What is wrong, and what to do about it; the worst first."""
        if self.lost:
            yield (
                f"shards of {_some(self.lost)} are nowhere: searches fail, or miss products",
                "bring the node that is gone back on its data; what is lost for good is built anew: xunhuo rebuild",
            )
        if self.locked:
            yield (
                f"{_some(self.locked)} can only be read, since a disk was full",
                "make room, then lift the block (docs/opensearch.md, read-only indices)",
            )
        for name, does in (("flood_stage", "indices become read-only"), ("high", "shards are moved away"),
                           ("low", "no shard is put there any more")):  # fmt: skip
            mark = self.watermarks.get(name)
            if mark and (full := [disk.node for disk in self.disks if disk.over(mark)]):
                yield f"the disk of {_some(full)} is over {mark}: {does}", "make room: xunhuo generations prune"
                break
        if self.thin:
            few = self.nodes <= self.replicas
            yield (
                f"shards of {_some(self.thin)} lack copies: what is left serves, and must not be lost",
                f"{self.replicas} copies need {self.replicas + 1} nodes: start more, or rebuild with fewer replicas"
                if few
                else "wait for the cluster to copy them; GET _cluster/allocation/explain says why it does not",
            )
        if len(self.served) > 1:
            yield (
                f"the alias of products names {len(self.served)} indices: {_some(self.served)}",
                "xunhuo rebuild publishes one; nothing but xunhuo should write aliases",
            )
        if self.indices and not self.served:
            yield "no index is behind the alias of products", "xunhuo generations list, rollback; or xunhuo rebuild"


def health_of(cluster: Cluster, names: Names) -> Health:
    """Asks. Raises ClusterUnavailable, ClusterRefused, DeadlineExceeded."""
    ours = f"{names.prefix}-*"
    lax = {"expand_wildcards": "all", "ignore_unavailable": "true", "allow_no_indices": "true"}
    told = cluster.call("GET", f"/_cluster/health/{ours}", params={"level": "indices", "expand_wildcards": "all"})
    each = told.get("indices", {})
    fields = {"filter_path": "nodes.*.name,nodes.*.fs.total.total_in_bytes,nodes.*.fs.total.available_in_bytes"}
    nodes = cluster.call("GET", "/_nodes/stats/fs", params=fields).get("nodes", {})
    disks = [(one["name"], one.get("fs", {}).get("total", {})) for one in nodes.values()]
    settings = cluster.call("GET", f"/{ours}/_settings/index.blocks.*", params=lax) or {}
    blocks = {name: one.get("settings", {}).get("index", {}).get("blocks", {}) for name, one in settings.items()}
    served: Any = {}
    with suppress(Missing):
        served = cluster.call("GET", f"/_alias/{names.alias(names.kinds[0])}")
    return Health(
        told["status"], told["number_of_data_nodes"], len(each),
        tuple(sorted(name for name, one in each.items() if one["status"] == "red")),
        tuple(sorted(name for name, one in each.items() if one["status"] == "yellow")),
        max((one["number_of_replicas"] for one in each.values()), default=0),
        tuple(Disk(name, of["total_in_bytes"], of["available_in_bytes"]) for name, of in disks if of),
        _watermarks(cluster),
        tuple(sorted(name for name, one in blocks.items() if str(one.get(_BLOCK, "false")).lower() == "true")),
        tuple(sorted(served)),
    )  # fmt: skip


def _watermarks(cluster: Cluster) -> dict[str, str]:
    """As they are set, the passing settings over the lasting ones over what is usual."""
    fields = {"include_defaults": "true", "filter_path": "*.cluster.routing.allocation.disk"}
    told = cluster.call("GET", "/_cluster/settings", params=fields) or {}
    found: dict[str, Any] = {}
    for of in ("defaults", "persistent", "transient"):
        disk = told.get(of, {}).get("cluster", {}).get("routing", {}).get("allocation", {}).get("disk", {})
        found |= {name: value for name, value in disk.items() if name != "watermark"} | disk.get("watermark", {})
    if str(found.get("threshold_enabled", "true")).lower() != "true":
        return {}
    return {name: str(found[name]) for name in ("low", "high", "flood_stage") if name in found}


def _some(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
