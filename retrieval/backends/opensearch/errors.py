"""What a cluster can answer instead of an answer."""

from __future__ import annotations

from retrieval.errors import GenerationError, NotReady, OverlayLost, XunhuoError


class ClusterUnavailable(NotReady):
    """The cluster cannot be reached, is overloaded, refuses us, or answered in part only. Trying again may help."""

    code = "cluster_unavailable"


class TailLost(ClusterUnavailable, OverlayLost):
    """The index of what was appended to a generation is not there."""


def tail_lost() -> TailLost:
    return TailLost(
        "the index of this generation's tail is gone, with what was changed since it was built",
        hint="try again: it is being made again from the journal",
    )


class ClusterRefused(GenerationError):
    """The cluster understood a request and refuses it: a mapping that does not fit, a read-only index."""

    code = "cluster_refused"


class Missing(XunhuoError):
    """There is no such index or document; whoever asked knows what that means."""

    code = "missing"


class Conflict(XunhuoError):
    """Somebody else was first."""

    code = "conflict"
