"""`xunhuo listing`, and forcing a rebuild, on the command line:

1. Files are checked before they are built: as a table and as JSON, by rule and decision; what a rebuild found, too.
   What somebody found to be right is written again.
2. A bad build ends with exit code 3 and names the cause; `--force REASON` publishes it and `generations list` says who.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from configs.settings import load_settings
from retrieval.wiring.places import open_journal
from tests import world
from tests.e2e.command import HASHING, invoke


def test_listing_and_force(tmp_path: Path) -> None:  # 1, 2
    at = ("--data-dir", tmp_path / "data", *HASHING)
    rows = [{"id": f"p{n}", "title": f"加厚毛巾 {n} 号", "price": 10 + n} for n in range(30)]
    rows[3] |= {"list_price": 999}
    rows[4] |= {"title": "中华香烟"}
    file = world.write(tmp_path / "shop.jsonl", rows)

    def decided(*options: str) -> dict[str, str]:
        return {row["id"]: row["decision"] for row in invoke("listing", *options, "--json", *at).json}

    assert decided("--products", str(file)) == {"p3": "demote", "p4": "block"}
    assert decided("--products", str(file), "--rule", "price_fraud") == {"p3": "demote"}
    invoke("listing", *at).failed_clearly(4)
    built = invoke("rebuild", "--products", file, "--json", *at).json
    assert (built["documents"], built["listing"]["qualification"]) == (29, {"block": 1})
    assert decided("--decision", "block") == {"p4": "block"}
    assert "“香烟”" in invoke("listing", *at).out
    looked = invoke("review", "p3", "--verdict", "right", "--json", *at).json["looked"]
    assert looked["verdict"] == "right"
    with closing(open_journal(load_settings(data_dir=tmp_path / "data"))) as journal:
        kinds = [(entry.change.kind, entry.change.target) for entry in journal.read(0, 10)]
    assert kinds == [("listing_verdict", "p3"), ("upsert", "p3")]

    world.write(file, [row | {"price": float(str(row["price"])) * 100} for row in rows])
    said = invoke("rebuild", "--products", file, *at).failed_clearly(3)
    assert "check prices: prices are 100 times" in said
    forced = invoke("rebuild", "--products", file, "--force", "in fen from now on", "--json", *at).json
    assert list(forced["gates"]["found"]["prices"]) != []
    listed = invoke("generations", "list", "--json", *at).json
    assert [bool(each["forced"]) for each in listed] == [False, True]
    checked = invoke("generations", "check", listed[0]["generation"], "--json", *at)
    assert checked.code == 3
    assert "prices are 0.01 times" in checked.json["found"]["prices"][0]
