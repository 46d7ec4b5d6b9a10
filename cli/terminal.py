"""How answers look in a terminal: JSON, tables, hits, and what was understood of a query."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.labels import words_for
from retrieval.answer import Fragment, Hit, RuleView, SearchResponse
from retrieval.mall.answer import Shown
from retrieval.understanding.plan import Autopsy, Plan, Understood

_CUES = {"replace": "searched instead", "both": "searched beside it", "suggest": "only offered"}


def print_json(value: object) -> None:
    """Indented JSON in UTF-8, whatever the terminal speaks."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


def print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of the same keys."""
    table = Table(*(rows[0] if rows else ("generation",)))
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def print_hits(response: SearchResponse) -> None:
    """What was understood, a table of hits, and how many there are; in the language of the query."""
    console, say = Console(), words_for(response.query.text)
    if response.understood:
        for line in _understood_lines(response.understood, say):
            console.print(Text(line))
    if response.rules:
        _print_rules(console, response.rules, say)
    table = Table("#", *map(say, ("id", "title", "price", "score")))
    for hit in response.hits:
        if hit.near and hit.rank == response.total.value + 1:
            table.add_section()
            table.add_row("", "", Text(f"── {response.divider} ──", "dim"), "", "")
        # Text and not markup: a title may hold brackets that look like it.
        title = Text.assemble(*((f.text, "bold red" if f.match else "") for f in hit.highlights["title"]))
        price = hit.source.get("price")
        table.add_row(_place(hit), Text(hit.id), title, f"¥{price:g}" if price is not None else "", f"{hit.score:.4f}")
        if hit.explain:
            parts = ", ".join(
                f"{name} {c['value']:.3f} (rank {c['rank'] or '–'}) → {c['contribution']:+.4f}"
                for name, c in hit.explain.channels.items()
            )
            parts += "".join(f", {name} {part:+.4f}" for name, part in hit.explain.features.items() if part)
            parts += "".join(f", {one.action} ({one.name or one.rule})" for one in hit.explain.rules)
            if hit.explain.personal:
                parts += "".join(f", {p.value} {p.contribution:+.4f}" for p in hit.explain.personal.interests)
            table.add_row("", "", Text(parts, "dim"), "", "")
        if hit.because:
            table.add_row("", "", Text(hit.because, "dim"), "", "")
        for moment in hit.moments[:1]:
            said = Text.assemble(f"▶ {moment.video_id} {clock(moment.at)} ", quoted(moment.quote))
            table.add_row("", "", said, "", "")
    if response.hits:
        console.print(table)
    if response.videos:
        _print_cards(console, response, say)
    if response.personal.applied:
        console.print(f"{say('in your order, hits move by at most')} {response.personal.shift} {say('places')}")
    more = {"gte": f"{say('at least')} ", "about": f"{say('about')} "}.get(response.total.relation, "")
    near = f", {response.near} {say('near')}" if response.near else ""
    late = f", {say('without')} {', '.join(response.degraded)}" if response.degraded else ""
    matching = say(f"matching {response.query.match}")
    console.print(f"{more}{response.total.value} {say('documents')}, {matching}{near}, {response.took_ms:.1f} ms{late}")


def _print_rules(console: Console, rules: RuleView, say: Callable[[str], str]) -> None:
    """What an operator's rules say beside the list."""
    led = rules.redirect and (rules.redirect.url or rules.redirect.channel)
    said = {"searched instead": rules.rewritten, "leads to": led}
    lines = [f"{say(what)}: {value}" for what, value in said.items() if value]
    for line in (*lines, *(banner.text for banner in rules.banners)):
        console.print(Text(line))


def _print_cards(console: Console, response: SearchResponse, say: Callable[[str], str]) -> None:
    """Videos in their order; the layout says where they stand among the hits."""
    table = Table(*map(say, ("id", "title", "at", "what is said")))
    for card in response.videos:
        best = card.moments[0]
        table.add_row(Text(card.id), Text(card.title), clock(best.at), quoted(best.quote))
    console.print(table)
    console.print(" → ".join(f"{say(block.kind)} {len(block.ids)}" for block in response.blocks))


def clock(seconds: float | None) -> str:
    """Minutes and seconds; nothing where there are no times."""
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def quoted(quote: Sequence[Fragment]) -> Text:
    """What is said, with the words of the query marked."""
    return Text.assemble(*((fragment.text, "bold red" if fragment.match else "") for fragment in quote))


def print_shown(hits: Sequence[Shown]) -> None:
    """A table of what is recommended, each with what spoke for it; a line where there is nothing."""
    if not hits:
        Console().print("nothing to show here")
        return
    table = Table("#", "id", "title", "price", "source")
    for hit in hits:
        price = hit.record.get("price")
        named = "" if price is None else f"¥{price:g}"
        table.add_row(str(hit.rank), Text(hit.id), Text(str(hit.record["title"])), named, hit.source)
        if hit.because:
            table.add_row("", "", Text(hit.because, "dim"), "", "")
    Console().print(table)


def _place(hit: Hit) -> str:
    """Its place, and the neutral one where that is another."""
    return str(hit.rank) if hit.rank == hit.neutral_rank else f"{hit.rank} ({hit.neutral_rank})"


def print_plan(plan: Plan) -> None:
    """Every decision of a plan, one row each, in the language of the query."""
    say = words_for(plan.query)
    table = Table(*map(say, ("what", "read as", "from", "how sure")))
    for what, read, source, sure in _rows(plan, say):
        table.add_row(what, Text(read), Text(source), sure)
    Console().print(table)


def _rows(plan: Plan, say: Callable[[str], str]) -> Iterator[tuple[str, str, str, str]]:
    yield say("searched"), plan.text.normalized, plan.query, ""
    if plan.rewrite:
        yield say("rewrite"), plan.rewrite.text, " ".join(plan.rewrite.rules), ""
    if plan.correction:
        c = plan.correction
        yield f"{say('correction')} ({say(_CUES[c.action])})", c.text, say(c.kind), f"{c.confidence:.2f}"
    for one in plan.constraints:
        yield f"{say('constraint')} {one.id}", one.label, plan.query[one.start : one.end], ""
    for one in plan.ignored:
        yield f"{say('ignored')} {one.id}", one.label, plan.query[one.start : one.end], ""
    for entity in plan.entities:
        text = plan.query[entity.start : entity.end]
        yield say(entity.kind), entity.value, f"{text} ({say(entity.source)})", f"{entity.confidence:.2f}"
    for term, weight in plan.term_weights.items():
        yield say("term weight"), term, "", f"{weight:.2f}"
    for guess in plan.categories:
        yield say("category"), guess.category, "", f"{guess.probability:.2f}"
    if plan.intent:
        parts = " + ".join(f"{say(name)} {part:.3f}" for name, part in plan.intent.parts.items() if part)
        yield say("intent"), say(plan.intent.kind), parts, f"{say('strength')} {plan.intent.strength:.2f}"
    for name in ("usage", "likelihood"):
        if (value := getattr(plan.language, name)) is not None:
            yield say("language"), say(name), "", f"{value:.2f}"


def _understood_lines(understood: Understood, say: Callable[[str], str]) -> Iterator[str]:
    plan = understood.plan
    chips = [
        *(
            f"[{c.label}{' ' + say('relaxed') if c.id in understood.relaxed else ''} · {c.id}]"
            for c in plan.constraints
        ),
        *(f"({say('ignored')} {c.label} · {c.id})" for c in plan.ignored),
    ]
    if chips:
        yield " ".join(chips)
    if plan.correction:
        yield f"{plan.query} → {plan.correction.text} ({say(_CUES[plan.correction.action])})"
    if plan.rewrite:
        yield f"{plan.query} → {plan.rewrite.text} ({say('rewritten')})"
    if plan.entities:
        yield " ".join(f"{plan.query[e.start : e.end]}/{say(e.kind)}" for e in plan.entities)
    if understood.autopsy:
        yield from _autopsy_lines(understood.autopsy, say)


def _autopsy_lines(autopsy: Autopsy, say: Callable[[str], str]) -> Iterator[str]:
    for cause in autopsy.causes:
        action = cause.action
        ways = [f"--ignore {name}" for name in action.ignore] + [f"{say('without')} {n}" for n in action.drop_filters]
        way = ", ".join(ways) if action.query is None else f"{say('search')} {action.query}"
        hits = "" if cause.hits_without is None else f": {cause.hits_without} {say('hits')}"
        yield f"{cause.text}{f' → {way}{hits}' if way else ''}"
    if autopsy.suggestions:
        yield f"{say('you may look for')}: {' '.join(autopsy.suggestions)}"
