"""All that an evaluation of moments found, as data and as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from eval.moments.content import ContentScores
from eval.moments.evidence import EvidenceScores
from eval.moments.links import LinkResult
from eval.moments.search import SearchResult
from eval.tables import plain_table
from eval.types import Interval
from eval.wording import bounds


@dataclass(frozen=True, slots=True)
class Robustness:
    """R@10 of the right video and moment where so many characters are damaged, and the share that this costs."""

    rate: float
    video: Interval
    moment: Interval
    video_loss: float
    moment_loss: float


@dataclass(frozen=True, slots=True)
class MomentsSummary:
    """None: nobody asked for that part.

    Attributes:
        links: which product is shown when; search: known items inside transcripts; robustness: the same with errors.
        evidence: moments beside products; content: videos for who wants to watch.
        about: of the generation that was asked.
    """

    links: LinkResult | None
    search: SearchResult | None
    robustness: tuple[Robustness, ...]
    evidence: EvidenceScores | None
    content: ContentScores | None
    about: Mapping[str, str]


def moments_tables(summary: MomentsSummary) -> Iterator[RenderableType]:
    """What `eval moments` prints."""
    yield Text(" · ".join(f"{key}: {value}" for key, value in summary.about.items()), style="bold")
    if summary.links:
        yield from _links(summary.links)
    if summary.search:
        yield from _search(summary.search)
    if summary.robustness:
        table = plain_table(("errors", "video R@10", "loss", "moment R@10", "loss"))
        for one in summary.robustness:
            shares = (f"{one.video.mean:.3f}", f"{one.video_loss:+.1%}", f"{one.moment.mean:.3f}")
            table.add_row(f"{one.rate:.0%}", *shares, f"{one.moment_loss:+.1%}")
        yield table
    if summary.evidence:
        yield from _evidence(summary.evidence)
    if content := summary.content:
        table = plain_table((f"{content.queries} queries to watch", "share", "95 %"))
        for name, share in (("a right video first", content.first), ("among the first three", content.first_3)):
            table.add_row(name, f"{share.mean:.3f}", bounds(share))
        yield table


def _links(found: LinkResult) -> Iterator[RenderableType]:
    table = plain_table(
        (f"links ≥ {found.at:g}", "videos", "precision", "95 %", "recall", "95 %", "segments P / R", "start error s")
    )
    for name, one in found.slices.items():
        error = f"{one.start_error[0]:.1f}" if one.start_error else ""
        table.add_row(
            name, str(one.videos), f"{one.precision.mean:.3f}", bounds(one.precision), f"{one.recall.mean:.3f}",
            bounds(one.recall), f"{one.segment_precision.mean:.2f} / {one.segment_recall.mean:.2f}", error,
        )  # fmt: skip
    yield table
    if heard := found.slices.get("heard"):
        table = plain_table(("confidence", "products", "mean", "right"))
        for each in heard.calibration:
            table.add_row(
                f"{each.low:g}-{each.high:g}", str(each.products), f"{each.confidence:.2f}", f"{each.right:.2f}"
            )
        yield table


def _search(found: SearchResult) -> Iterator[RenderableType]:
    table = plain_table(("queries", "n", "video R@1", "R@10", "95 %", "moment R@1", "R@10", "95 %", "start error s"))
    for name, one in found.slices.items():
        video, moment = one.video, one.moment
        error = "" if one.start_error_s is None else f"{one.start_error_s:.1f}"
        table.add_row(
            name, str(one.queries), f"{video.first.mean:.3f}", f"{video.first_10.mean:.3f}", bounds(video.first_10),
            f"{moment.first.mean:.3f}", f"{moment.first_10.mean:.3f}", bounds(moment.first_10), error,
        )  # fmt: skip
    yield table


def _evidence(found: EvidenceScores) -> Iterator[RenderableType]:
    yield Text(
        f"{found.queries} queries, the product of {found.indexed} has a moment, of {found.hits} of them it is a hit"
    )
    table = plain_table(("moments beside products", "share", "95 %"))
    for name, share in (
        ("a hit with the right moment, of those with one", found.right), ("hits that carry it", found.carried),
        ("as their first", found.first), ("a video above the product", found.above),
    ):  # fmt: skip
        if share:
            table.add_row(name, f"{share.mean:.3f}", bounds(share))
    yield table
