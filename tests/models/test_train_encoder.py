"""Teaching e5 with torch, from its real weights.

1. What torch computes is what serves: vectors of the published model and of the trade tuning, and what tokens say.
2. A few steps on judged lists teach what no model knows (which colour a code word of these lists means): the loss
   falls, and the tuning that is written tells answers from the rest as it serves, for things that were not taught.
3. What a beginning changed below the layers that learn is in the file as it was; a lower rank than that of the
   beginning is an error, and so is a damaged beginning.
4. The command on a published generation: a dry run writes nothing; its JSON says what it learned from, before and
   after; the file is one that the encoder takes.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from eval.tuning.judged import JudgedList
from eval.tuning.measure import measured
from retrieval.encoders.e5 import load
from retrieval.encoders.e5_build import ensure_built
from retrieval.encoders.e5_calibration import PASSAGE_PREFIX, PASSAGES, QUERIES, QUERY_PREFIX
from retrieval.encoders.e5_tuning import TRADE_FILE
from retrieval.encoders.e5_vocabulary import E5Tokenizer, kept_rows
from retrieval.encoders.e5_weights import E5Weights, locate_weights, read_weights
from retrieval.errors import EncoderError, InputError
from retrieval.late.titles import TitleTokens
from tests import world
from tests.encoder_cache import encoder_cache_dir
from xunhuo.__main__ import app

torch = pytest.importorskip("torch", reason='needs the extra: pip install "xunhuo[models]"')

pytestmark = pytest.mark.models

CODES = {"甲款": "红色", "乙款": "黑色", "丙款": "白色", "丁款": "蓝色"}
TAUGHT = ("手机壳", "保温杯", "台灯", "雨伞", "拖鞋", "键盘", "枕头", "水壶", "书包", "围巾", "耳机", "帽子")
OTHERS = ("毛巾", "手套", "闹钟", "地毯")


def judged(things: tuple[str, ...]) -> list[JudgedList]:
    """Of each thing and code: the thing in every colour, and another thing in the right one."""
    lists = []
    for thing, (code, colour) in product(things, CODES.items()):
        other = things[(things.index(thing) + 1) % len(things)]
        titles = (*(f"新款{each}{thing}家用" for each in CODES.values()), f"新款{colour}{other}家用")
        grades = np.array([3 if colour in title and thing in title else int(thing in title) for title in titles])
        nothing = np.zeros(len(titles), np.float32)
        lists.append(JudgedList(f"{code} {thing}", titles, grades, nothing, nothing))
    return lists


@pytest.fixture(scope="module")
def cache(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder_cache_dir(pytestconfig, tmp_path_factory)


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return read_weights(locate_weights())


def tokenizers(cache: Path) -> tuple[E5Tokenizer, E5Tokenizer]:
    from eval.tuning.learn import tokenizers_of

    folder = ensure_built(cache, tuning=None).folder
    return tokenizers_of(lambda most: E5Tokenizer(folder, max_tokens=most))


@pytest.mark.parametrize("tuning", ["none", "trade"])
def test_torch_says_what_serves(cache: Path, weights: E5Weights, tuning: str) -> None:  # 1
    from eval.tuning.network import layer_of, lowered, mean, raised
    from eval.tuning.store import begin
    from eval.tuning.tokens import head, numbers

    encoder = load({"tuning": tuning}, cache_dir=cache, threads=2)
    beginning, under = begin(TRADE_FILE if tuning == "trade" else None, weights, 10, 16)
    changes = {name: tuple(map(torch.from_numpy, pair)) for name, pair in beginning.changes.items()}
    rows, sides = kept_rows(weights.pieces), []
    queries, titles = [text for text in QUERIES if text.strip()][:8], PASSAGES[:8]
    read = zip(tokenizers(cache), (QUERY_PREFIX, PASSAGE_PREFIX), (queries, titles), strict=True)
    for tokenizer, prefix, texts in read:
        low = lowered(under, rows, tokenizer.encode(prefix, texts), 10)
        states, counts = low.batch(range(len(texts)))
        sides.append((raised([layer_of(under, number) for number in (10, 11)], states, counts, changes), counts))
    asked, offered = encoder.read_queries(queries), encoder.encode_titles(titles)
    vectors = [mean(*side).numpy() for side in sides]
    assert (np.einsum("nd,nd->n", vectors[0], np.stack([one.vector for one in asked])) > 0.985).all()
    assert (np.einsum("nd,nd->n", vectors[1], offered.vectors) > 0.985).all()
    if tuning == "none":
        assert not beginning.late
        return
    late = {name: torch.from_numpy(np.array(value)) for name, value in beginning.late.items()}
    pairs = np.array(list(product(range(8), range(8))))
    own, its = torch.from_numpy(pairs[:, 0]), torch.from_numpy(pairs[:, 1])
    near = torch.from_numpy((vectors[0] @ vectors[1].T).ravel())
    (q, nq), (t, nt) = sides
    z = head(late, numbers(late, (q[own], nq[own]), (t[its], nt[its]), near)).numpy()
    stored = TitleTokens.decode(offered.tokens)
    served = np.stack([one.tokens.read(stored, offered.vectors @ one.vector) for one in asked if one.tokens]).ravel()
    assert np.corrcoef(z, served)[0, 1] > 0.98
    assert np.abs(z - served).mean() < 0.4


def test_it_learns(cache: Path, weights: E5Weights, tmp_path: Path) -> None:  # 2
    from eval.tuning.learn import Course, learn, steps_of
    from eval.tuning.store import begin, save

    course = Course(layers=3, rank=8, rounds=10, rate=0.002)
    beginning, under = begin(None, weights, weights.layers - course.layers, course.rank)
    losses: list[float] = []
    lists = judged(TAUGHT)
    tuning = learn(lists, under, tokenizers(cache), beginning, course, lambda step, steps, loss: losses.append(loss))
    assert len(losses) == steps_of(lists, course) == 60
    assert losses[-1] < 0.8 * losses[0]
    save(tmp_path / "mine.npz", tuning, beginning)
    before = measured(load({"tuning": "none"}, cache_dir=cache, threads=2), judged(OTHERS))
    after = measured(load({"tuning": str(tmp_path / "mine.npz")}, cache_dir=tmp_path, threads=2), judged(OTHERS))
    assert before.tokens is None
    assert after.tokens is not None
    assert after.cosine.auc > before.cosine.auc + 0.1
    assert after.tokens.auc > before.cosine.auc + 0.1


def test_what_it_begins_with_stays(weights: E5Weights, tmp_path: Path) -> None:  # 3
    from eval.tuning.network import layer_of
    from eval.tuning.store import Tuning, begin, save

    beginning, under = begin(TRADE_FILE, weights, 11, 16)
    top = {name: tuple(map(torch.from_numpy, pair)) for name, pair in beginning.changes.items() if name[:3] == "l11"}
    changed = {name: (up * 2, down) for name, (up, down) in top.items()}
    late = {name: torch.from_numpy(np.array(value)) for name, value in beginning.late.items()}
    save(tmp_path / "mine.npz", Tuning(changed, late, torch.randn(50, 64)), beginning)
    with np.load(TRADE_FILE) as old, np.load(tmp_path / "mine.npz") as new:
        for name in (name for name in old.files if name.endswith(("up", "down"))):
            factor = 2 if name.startswith("l11") and name.endswith("up") else 1
            np.testing.assert_array_equal(new[name], old[name] * factor)
    merged = layer_of(under, 10).linear["q"][0] - layer_of(weights, 10).linear["q"][0]
    up, down = beginning.changes["l10.q.w"]
    np.testing.assert_allclose(merged.numpy(), up @ down, atol=1e-5)
    assert "l11.q.w" not in under.changes
    with pytest.raises(InputError, match="rank 16"):
        begin(TRADE_FILE, weights, 11, 8)
    (tmp_path / "cut.npz").write_bytes(TRADE_FILE.read_bytes()[:5000])
    with pytest.raises(EncoderError, match="damaged"):
        begin(tmp_path / "cut.npz", weights, 11, 16)


def test_the_command(tmp_path: Path) -> None:  # 4
    lists = judged(OTHERS)
    titles = list(dict.fromkeys(title for one in lists for title in one.titles))
    ids = {title: f"p{place}" for place, title in enumerate(titles)}
    plain = zip(world.products(len(titles)), titles, strict=True)
    file = world.write(tmp_path / "p.jsonl", [{**row, "id": ids[title], "title": title} for row, title in plain])
    runner, data = CliRunner(), ["--data-dir", str(tmp_path / "data")]
    built = runner.invoke(app, ["rebuild", "--products", str(file), *data])
    assert built.exit_code == 0, built.output
    queries, qrels, out = (tmp_path / name for name in ("q.tsv", "q.qrels", "mine.npz"))
    queries.write_text("".join(f"q{i}\t{one.query.split()[1]} {i}\n" for i, one in enumerate(lists)), encoding="utf-8")
    told = [f"q{i} 0 {ids[t]} {g}" for i, one in enumerate(lists) for t, g in zip(one.titles, one.grades, strict=True)]
    qrels.write_text("\n".join(told), encoding="utf-8")
    command = ["train-encoder", "--queries", str(queries), "--qrels", str(qrels), "--out", str(out), "--layers", "1"]
    command += ["--held-out", "0.4", "--json", *data]
    dry = runner.invoke(app, [*command, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert not out.exists()
    done = runner.invoke(app, command)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["taught"] + said["held_out"] == said["queries"] == json.loads(dry.stdout)["queries"] > 4
    assert 0 < said["before"]["tokens"]["auc"] <= 1
    assert 0 < said["after"]["cosine"]["ndcg"] <= 1
    encoder = load({"tuning": str(out)}, cache_dir=tmp_path, threads=1)
    assert encoder.read_queries(["毛巾"])[0].tokens is not None
