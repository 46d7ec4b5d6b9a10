"""A chain of states along a video, nothing or one product at a time: the most probable one, and how sure it is.

A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) whose weights all products share. A path
costs nothing where it stays; it gains or loses

* `during[t, p]` wherever product p is on in segment t, `outside[t]` wherever nothing is;
* `enter[t, p]` where p comes on in t, `switch[t]` more where another product was on before, `leave[t]` where a product
  was on before and nothing is on in t.

All are logarithms, float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NOTHING = -1
_MOST = 30.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Shapes: `during` and `enter` (segments, products), the others (segments,)."""

    during: Floats
    outside: Floats
    enter: Floats
    switch: Floats
    leave: Floats


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Probabilities given the scores; `on` has the shape of `Scores.during`.

    Attributes:
        on: that the product is on; enter: that it comes on there; switch, leave: that this happens there.
        total: ln of the sum over all paths.
    """

    on: Floats
    enter: Floats
    switch: Floats
    leave: Floats
    total: float


def believe(scores: Scores) -> Beliefs:
    """Probabilities by the forward-backward algorithm (Rabiner 1989), each step scaled to sum to one."""
    length, count = scores.during.shape
    on, off, enter, switch, leave = (
        _exp(each) for each in (scores.during, scores.outside, scores.enter, scores.switch, scores.leave)
    )
    ahead, ahead_off = np.empty((length, count)), np.empty(length)
    total, now, now_off = 0.0, np.zeros(count), 1.0
    for t in range(length):
        others = max(now.sum(), 0.0)
        coming = now_off + switch[t] * np.maximum(others - now, 0.0)
        now, now_off = on[t] * (now + enter[t] * coming), off[t] * (now_off + leave[t] * others)
        scale = now.sum() + now_off
        now, now_off = now / scale, now_off / scale
        total += float(np.log(scale))
        ahead[t], ahead_off[t] = now, now_off
    behind, behind_off = np.ones(count), 1.0
    is_on, enters = np.empty((length, count)), np.zeros((length, count))
    switches, leaves = np.zeros(length), np.zeros(length)
    for t in range(length - 1, -1, -1):
        joint, joint_off = ahead[t] * behind, ahead_off[t] * behind_off
        scale = joint.sum() + joint_off
        is_on[t] = joint / scale
        before, before_off = (ahead[t - 1], ahead_off[t - 1]) if t else (np.zeros(count), 1.0)
        others = before.sum()
        to, to_off = on[t] * behind, off[t] * behind_off
        rest = np.maximum(others - before, 0.0)
        come, turn = to * enter[t] * before_off, to * enter[t] * switch[t] * rest
        stay, go, quiet = to * before, to_off * leave[t] * others, to_off * before_off
        whole = come.sum() + turn.sum() + stay.sum() + go + quiet
        enters[t], switches[t], leaves[t] = (come + turn) / whole, turn.sum() / whole, go / whole
        gain = to * enter[t]
        behind = to + switch[t] * np.maximum(gain.sum() - gain, 0.0) + leave[t] * to_off
        behind_off = to_off + gain.sum()
        scale = behind.sum() + behind_off
        behind, behind_off = behind / scale, behind_off / scale
    return Beliefs(is_on, enters, switches, leaves, total)


def best_path(scores: Scores) -> list[int]:
    """The product that is on in each segment, or `NOTHING`, on the most probable path (Viterbi 1967)."""
    length, count = scores.during.shape
    from_ = np.empty((length, count), np.int64)
    off_from = np.empty(length, np.int64)
    now, now_off = np.full(count, -np.inf), 0.0
    for t in range(length):
        first, second = _two_best(now)
        source = np.full(count, first)
        if first != NOTHING:
            source[first] = second
        turning = np.where(source == NOTHING, -np.inf, now[source]) + scores.switch[t]
        coming = np.maximum(turning, now_off) + scores.enter[t]
        from_[t] = np.where(now >= coming, np.arange(count), np.where(turning > now_off, source, NOTHING))
        gone = (now[first] if first != NOTHING else -np.inf) + scores.leave[t]
        off_from[t] = first if gone > now_off else NOTHING
        now, now_off = np.maximum(now, coming) + scores.during[t], max(now_off, gone) + scores.outside[t]
    state = int(now.argmax()) if count and now.max() > now_off else NOTHING
    path = [state]
    for t in range(length - 1, 0, -1):
        state = int(off_from[t] if state == NOTHING else from_[t, state])
        path.append(state)
    return path[::-1]


def _two_best(values: Floats) -> tuple[int, int]:
    """The numbers of the two greatest, `NOTHING` where there are fewer."""
    if not len(values):
        return NOTHING, NOTHING
    first = int(values.argmax())
    if len(values) == 1:
        return first, NOTHING
    rest = values.copy()
    rest[first] = -np.inf
    return first, int(rest.argmax())


def _exp(logarithms: Floats) -> Floats:
    return np.exp(np.clip(logarithms, -_MOST, _MOST))
