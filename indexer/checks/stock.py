"""A mall in which everything is sold out overnight has lost its stock feed, not its stock."""

from __future__ import annotations

from indexer.checks.context import ENOUGH, CheckContext, surely_fewer
from indexer.checks.sample import Sample


def stock(context: CheckContext) -> list[str]:
    """Not nearly all products are out of stock, nor far more than before."""
    sold_out, told = _sold_out(context.sample)
    if told < ENOUGH:
        return []
    gates, share = context.gates, sold_out / told
    before, known = _sold_out(context.before)
    usual = before / known if known >= ENOUGH else None
    rises = usual is not None and surely_fewer(told - sold_out, told * (1 - min(1.0, usual + gates.out_of_stock_rise)))
    if share <= max(gates.out_of_stock, usual or 0.0) and not rises:
        return []
    then = f", in the published generation {usual:.0%}" if usual is not None else ""
    return [
        f"{sold_out:,} of {told:,} sampled products are out of stock ({share:.0%}{then}); at most "
        f"{gates.out_of_stock:.0%}, and {gates.out_of_stock_rise:.0%} more than before, are let through "
        "(gates.out_of_stock, gates.out_of_stock_rise)"
    ]


def _sold_out(sample: Sample) -> tuple[int, int]:
    """How many have a stock of nothing, and how many say what they have."""
    told = [record["stock"] for record in sample.records if record.get("stock") is not None]
    return sum(value == 0 for value in told), len(told)
