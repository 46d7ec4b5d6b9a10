"""What `xunhuo doctor` says of the cluster: is it whole, has it room, and does the alias name what is to be served?"""

from __future__ import annotations

from configs.settings import Settings
from retrieval.errors import NotReady


def look_at_cluster(settings: Settings) -> str:
    """How it is.

    Raises:
        NotReady: it cannot be reached, or something is wrong, with what to do about each thing.
    """
    from retrieval.wiring.places import look_at_health

    health = look_at_health(settings)
    troubles = list(health.troubles())
    if troubles:
        told = "; ".join(what for what, _ in troubles)
        raise NotReady(f"{health.summary}: {told}", field="opensearch", hint="\n  → ".join(do for _, do in troubles))
    return health.summary
