/** The start page: the shopper's own feed, which goes on for as long as there is any of it. */

import { offered } from "./acts.js";
import { call } from "./call.js";
import { card } from "./card.js";
import { $, h } from "./dom.js";
import { endOf } from "./end.js";
import { comeBack } from "./place.js";
import { here } from "./way.js";
import { signed, who } from "./who.js";

const PAGE = 24;
const WHY_NOT = { cold: "还不够了解你，先看看大家喜欢的。", no_consent: "你关掉了按喜好推荐，这是大家都能看到的。" };
let cursor = null, running = null, there = true, shown = 0;
const end = endOf($("end"), "再看一些", nextPage);

/** Shows the feed from its beginning; where the service has none, nothing. */
export async function showFeed() {
  leaveFeed();
  if (!there) return;
  $("feed").hidden = false;
  document.body.classList.add("fed");
  $("feed-title").textContent = "正在挑…";
  $("feed-why").hidden = true;
  $("offers").replaceChildren(...Array.from({ length: 8 }, () => h("div", { className: "bone" })));
  const params = new URLSearchParams({ size: PAGE });
  if (here.asked.get("category")) params.set("category", here.asked.get("category"));
  const found = await ask(params);
  if (!found) return;
  $("offers").replaceChildren();
  if (found.error) return fail();
  say(found.given.personal);
  draw(found.given);
  comeBack(end.goOn);
}

export function leaveFeed() {
  running?.abort();
  running = cursor = null;
  shown = 0;
  end.begin();
  $("feed").hidden = true;
  $("offers").replaceChildren();
  document.body.classList.remove("fed");
}

async function nextPage() {
  const found = await ask(new URLSearchParams({ size: PAGE, cursor }));
  return found?.given ? { first: draw(found.given) } : found;
}

/** {given}, {error}, or null where something else is asked by now. */
async function ask(params) {
  const mine = (running = new AbortController());
  $("feed").setAttribute("aria-busy", "true");
  try {
    const response = await call(`v1/mall/feed?${signed(params)}`, { signal: mine.signal });
    const given = await response.json();
    if (mine !== running) return null;
    if (response.ok) return { given };
    // A service may have no feed at all; it is not asked again.
    if (response.status === 404) { there = false; leaveFeed(); return null; }
    return { error: given.error };
  } catch (error) {
    if (mine !== running || error.name === "AbortError") return null;
    return { error: { code: "network" } };
  } finally {
    if (mine === running || running === null) $("feed").removeAttribute("aria-busy");
  }
}

function draw({ hits, next_cursor }) {
  const cards = hits.map((hit) => card(hit, offered(hit, "feed")));
  $("offers").append(...cards);
  shown += cards.length;
  cursor = next_cursor;
  end.show(cursor ? `已看 ${shown} 件` : shown ? `看完了，一共 ${shown} 件` : "还没有可以推荐的商品", !!cursor);
  return cards[0];
}

function say({ applied, why_not }) {
  $("feed-title").textContent = applied ? (who.kind === "guest" ? "接着这次看过的" : `为${who.name}挑的`) : "大家都在看";
  $("feed-why").textContent = WHY_NOT[why_not] ?? "";
  $("feed-why").hidden = !$("feed-why").textContent;
}

function fail() {
  $("feed-title").textContent = "没有收到推荐";
  $("offers").replaceChildren(h("button", { type: "button", className: "button", textContent: "再试一次", onclick: showFeed }));
}
