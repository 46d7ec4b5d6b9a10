/** A list of hits: asked for, drawn, and gone on with. */

import { note, offered } from "./acts.js";
import { call } from "./call.js";
import { card } from "./card.js";
import { clips } from "./clips.js";
import { countWords, dividerBefore } from "./divider.js";
import { $, h, refocus } from "./dom.js";
import { renderEmpty, renderProblem } from "./empty.js";
import { endOf } from "./end.js";
import { renderChips, renderPanel } from "./filters.js";
import { CHANNELS, NOTES } from "./names.js";
import { renderPaid } from "./paid.js";
import { renderPersonal } from "./personal.js";
import { comeBack } from "./place.js";
import { renderUnderstood } from "./reading.js";
import { showRelated } from "./related.js";
import { renderRules } from "./rules.js";
import { change, here } from "./way.js";
import { signed } from "./who.js";

const PAGE = 24, KINDS = "product,video,live";
let running = null, searched = "";

const end = endOf($("foot"), "加载更多", nextPage);

/** Asks what the URL asks, and draws the answer. */
export async function showAnswer() {
  running?.abort();
  noteSearch(here.asked.get("q").trim());
  if (here.answer) $("grid").classList.add("stale");
  else $("grid").replaceChildren(...Array.from({ length: 8 }, () => h("div", { className: "bone" })));
  end.begin();
  renderSorts(here.asked.get("sort") ?? "relevance");
  renderChips();
  const params = new URLSearchParams(here.asked);
  params.set("facets", "all");
  params.set("kinds", KINDS);
  const found = await ask(params);
  if (found?.error) renderProblem(found.error);
  if (!found?.given) return;
  here.answer = found.given;
  here.shown = 0;
  renderAnswer();
  comeBack(end.goOn);
}

/** A search counts once, however its list is then narrowed, sorted and gone on with. */
function noteSearch(query) {
  if (query !== searched) note("search", { query, surface: "search" }, true);
  searched = query;
}

/** Leaves the list; an answer that is still on its way is not wanted any more. */
export function leaveAnswer() {
  running?.abort();
  here.answer = null;
  searched = "";
}

/** {given}, {error}, or null where something else is asked by now. */
async function ask(params) {
  params.set("size", PAGE);
  params.set("explain", "true");
  const mine = (running = new AbortController());
  $("main").setAttribute("aria-busy", "true");
  try {
    const response = await call(`v1/search?${signed(params)}`, { signal: mine.signal });
    const given = await response.json();
    if (mine !== running) return null;
    return response.ok ? { given } : { error: given.error };
  } catch (error) {
    if (mine !== running || error.name === "AbortError") return null;
    return { error: { code: "network", message: "没有收到回答。", hint: "检查网络后再试一次。" } };
  } finally {
    if (mine === running) $("main").removeAttribute("aria-busy");
  }
}

async function nextPage() {
  const found = await ask(new URLSearchParams({ cursor: here.answer.next_cursor }));
  if (!found?.given) return found;
  here.answer = { ...here.answer, hits: found.given.hits, videos: [], blocks: [], next_cursor: found.given.next_cursor };
  return { first: renderHits() };
}

function renderAnswer() {
  const [before, count, after] = countWords(here.answer), nothing = !here.answer.total.value && !here.answer.near;
  $("state").hidden = true;
  $("grid").classList.remove("stale");
  $("grid").replaceChildren();
  $("count").replaceChildren(before, h("b", { textContent: count }), after);
  $("done").textContent = `查看 ${count} 件`;
  renderSorts(here.answer.sort);
  renderUnderstood();
  renderPersonal();
  renderRules();
  renderPaid();
  renderNote();
  renderPanel();
  $("related").hidden = true;
  if (nothing) renderEmpty();
  if (nothing && !here.answer.videos?.length) return;
  renderHits();
  showRelated(here.answer.query.text);
  scrollTo({ top: 0 });
}

function renderSorts(sort) {
  const price = sort === "price_asc" ? ["价格 ↑", "price_desc"] : sort === "price_desc" ? ["价格 ↓", "price_asc"] : ["价格 ↕", "price_asc"];
  const tabs = [["综合", "relevance"], ["销量", "sales"], price, ["新品", "newest"]];
  $("sorts").replaceChildren(...tabs.map(([label, next]) => {
    const pressed = label.startsWith("价格") ? sort.startsWith("price") : sort === next;
    const title = label.startsWith("价格") ? (next === "price_asc" ? "按价格从低到高" : "按价格从高到低") : `按${label}排序`;
    return h("button", {
      type: "button", textContent: label, title, "aria-pressed": String(pressed), "data-key": `sort ${label[0]}`,
      onclick: () => { sortBy(next); refocus(`sort ${label[0]}`); },
    });
  }));
}

/** By relevance also undoes an order that the words asked for. */
function sortBy(sort) {
  const said = sort === "relevance" ? (here.answer?.understood?.constraints ?? []).filter((one) => one.sort && one.state === "applied") : [];
  change((params) => {
    params.delete("sort");
    if (sort !== "relevance") params.set("sort", sort);
    for (const one of said) params.append("ignore", one.id);
  });
}

function renderNote() {
  const notes = [];
  if (here.answer.query.truncated) notes.push(`搜索词太长，只用了前 ${[...here.answer.query.text].length} 个字。`);
  if (here.answer.total.value && NOTES[here.answer.query.match]) notes.push(NOTES[here.answer.query.match]);
  if (here.answer.degraded.length) notes.push(`这次没有用上${here.answer.degraded.map((part) => CHANNELS[part] ?? part).join("、")}，结果可能不全。`);
  $("note").textContent = notes.join("");
  $("note").hidden = !notes.length;
}

/** Adds the hits of the answer; gives the first new card. */
function renderHits() {
  const { hits, query, videos = [], blocks = [] } = here.answer;
  const cards = hits.map((hit) => card(hit, offered(hit, "search", query.text)));
  const placed = new Map(hits.map((hit, at) => [hit.id, [...dividerBefore(hit, here.answer), cards[at]]]));
  $("grid").append(...laidOut(blocks, placed, new Map(videos.map((one) => [one.id, one])), query.text));
  here.shown += cards.length;
  const { total: { value, relation }, near } = here.answer;
  const all = relation === "gte" ? `${value + near}+` : value + near;
  end.show(here.answer.next_cursor ? `已看 ${here.shown} / ${all} 件` : `已看完全部 ${here.shown} 件`, !!here.answer.next_cursor);
  return cards[0];
}

/** What the layout of a first page puts where; further on there are products alone. placed: id → a card, and what stands before it. */
function laidOut(blocks, placed, videos, query) {
  if (!blocks.length) return [...placed.values()].flat();
  return blocks.flatMap(({ kind, ids }) => (kind === "videos" ? [clips(ids.map((id) => videos.get(id)), query)] : ids.flatMap((id) => placed.get(id))));
}
