/** The pages of the mall: where no words are searched, the URL names a shop, a campaign or a category; else it is the start page. */

import { offered } from "./acts.js";
import { card } from "./card.js";
import { row } from "./doors.js";
import { $, askFor, h } from "./dom.js";
import { endOf } from "./end.js";
import { rail } from "./item.js";
import { go, here } from "./way.js";
import { signed } from "./who.js";

const SIZE = 12, MOST = 14;
let running = null;

/** Draws what stands before the feed, and says whether a feed follows. */
export function showMall() {
  const mine = (running = {}), { asked } = here, shop = asked.get("shop"), campaign = asked.get("campaign"), category = asked.get("category") ?? "";
  $("mall").replaceChildren();
  const drawn = shop ? shopPage(shop, category) : campaign ? campaignPage(campaign, category) : category ? channelPage(category) : front();
  drawn.then((nodes) => { if (mine === running) $("mall").replaceChildren(...nodes.filter(Boolean)); });
  return !shop && !campaign;
}

export function leaveMall() {
  running = null;
  $("mall").replaceChildren();
}

/** The start page: the campaigns that run, and the categories. */
async function front() {
  const [tree, { campaigns = [] }] = await Promise.all([askFor("v1/mall/channels"), askFor(`v1/mall/campaigns?${signed(new URLSearchParams())}`)]);
  const running = campaigns.filter((one) => one.total).map((one) => [one.label || one.name, { campaign: one.id }, `${one.total} 件`]);
  return [row("活动", running, "banners"), row("分类", channelsOf(tree, (category) => ({ category })))];
}

async function channelPage(category) {
  const found = await askFor(`v1/mall/channels?${new URLSearchParams({ category, size: 1, personalize: false })}`);
  if (found.error) return failed(found.error);
  const name = found.path.at(-1)?.name ?? category, brands = (found.facets.brand ?? []).slice(0, MOST);
  return [head(name, `${found.total} 件`, found.path, {}), row("子分类", channelsOf(found, (one) => ({ category: one }))),
    row("品牌", brands.map(({ value, count }) => [value, { q: name, category, brand: value }, String(count)]))];
}

async function shopPage(shop, category) {
  const found = await askFor(`v1/mall/shops/${encodeURIComponent(shop)}?${signed(new URLSearchParams({ size: SIZE, ...(category && { category }) }))}`);
  if (found.error) return failed(found.error);
  const { name, kind, score } = found.shop, called = name ?? shop;
  // A shop of a few things has no news beside what sells.
  const sold = new Set(found.best_sellers.map((hit) => hit.id)), news = found.newest.every((hit) => sold.has(hit.id)) ? [] : found.newest;
  const about = [kind, score ? `${score} 分` : "", `${found.total} 件`].filter(Boolean).join(" · ");
  return [head(called, about, found.path, { shop }), within(called), row("店内分类", channelsOf(found, (one) => ({ shop, category: one }))),
    rail("再买一次", found.again, "shop"), rail("卖得最好", found.best_sellers, "shop"), rail("新上的", news, "shop")];
}

async function campaignPage(campaign, category) {
  const page = (offset) => askFor(`v1/mall/campaigns/${encodeURIComponent(campaign)}?${new URLSearchParams({ size: SIZE, offset, ...(category && { category }) })}`);
  const found = await page(0);
  if (found.error) return failed(found.error);
  const grid = h("div", { className: "grid" }), foot = h("div", { className: "foot" });
  let offset = null;
  const end = endOf(foot, "再看一些", async () => { const next = await page(offset); return next.error ? next : { first: draw(next) }; });
  const draw = ({ hits, next_offset, total }) => {
    const cards = hits.map((hit) => card(hit, offered(hit, "campaign")));
    grid.append(...cards);
    offset = next_offset;
    end.show(`已看 ${grid.childElementCount} / ${total} 件`, offset !== null);
    return cards[0];
  };
  end.begin();
  draw(found);
  const { name, label, until } = found.campaign, about = [label, until ? `到 ${until.slice(0, 10)}` : "", `${found.total} 件`].filter(Boolean).join(" · ");
  return [head(name, about, found.path, { campaign }), row("活动里的分类", channelsOf(found, (one) => ({ campaign, category: one }))), grid, foot];
}

/** channels of an answer as doors; place(category): where one leads. */
function channelsOf({ channels = [] }, place) {
  return channels.slice(0, MOST).map((one) => [one.name, place(one.category), String(one.count)]);
}

/** The name of the page, what it is, and the way to it; inside a shop or a campaign the way begins there. */
function head(name, about, path, inside) {
  $("heading").textContent = name;
  document.title = `${name} - 寻货`;
  const steps = path.map((one, at) => [one.name, at === path.length - 1 ? null : { ...inside, category: one.category }]);
  const start = Object.keys(inside).length ? [name, path.length ? inside : null] : null;
  return h("div", { className: "mall-head" }, row("位置", [["首页", {}], ...(start ? [start] : []), ...steps], "crumbs"), h("p", { className: "quiet", textContent: about }));
}

/** A search that stays in the shop. */
function within(shop) {
  const box = h("input", { type: "search", placeholder: "在店里搜", "aria-label": `在${shop}里搜`, maxLength: 512 });
  const look = (event) => { event.preventDefault(); if (box.value.trim()) go(new URLSearchParams({ q: box.value.trim(), shop })); };
  return h("form", { className: "within", role: "search", "aria-label": `在${shop}里搜`, onsubmit: look }, box, h("button", { type: "submit", className: "button", textContent: "搜本店" }));
}

function failed(error) {
  return error.status === 404 ? [h("p", { className: "state", textContent: "这里没有东西了。" })] : [h("p", { className: "state", textContent: "现在打不开，过一会儿再试。" })];
}
