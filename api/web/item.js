/** One product: what is known of it, what is like it, and what may be done with it. Its id stands behind the # of the URL. */

import { note, offered, watch } from "./acts.js";
import { $, askFor, h } from "./dom.js";
import { leads } from "./doors.js";
import { moment } from "./moment.js";
import { leafOf } from "./names.js";
import { picture, price } from "./tile.js";
import { why } from "./why.js";

const RAIL = 8;
let opened = null, shown = null;

/** Opens what the URL names, or closes what it names no more. */
export async function showItem() {
  const id = new URLSearchParams(location.hash.slice(1)).get("item");
  if (!id) { opened = shown = null; if ($("item").open) $("item").close(); return; }
  if (opened?.id !== id) opened = { id };
  const mine = opened;
  const found = await askFor(`v1/products/${encodeURIComponent(id)}`);
  if (mine !== opened) return;
  $("thing").replaceChildren(...(found.product ? about(found.product) : [h("h2", { textContent: "没有这件商品" }), h("p", { className: "quiet", textContent: found.error.message })]));
  shown = mine;
  if (!$("item").open) $("item").showModal();
  $("thing").scrollTop = 0;
  if (found.product) for (const part of await rails(id)) if (mine === opened) $("thing").append(part);
}

/** Where a card leads; the click is an act, with where the hit stood and by what. */
export function opens(hit, act) {
  return { href: `#item=${encodeURIComponent(hit.id)}`, onclick: () => { opened = { id: hit.id, act, hit }; note("click", act, true); } };
}

function about(record) {
  const facts = Object.entries(record.attributes ?? {});
  const act = opened.act ?? { item_id: record.id, kind: "product", surface: "item" };
  const press = (type, text, done) => h("button", { type: "button", className: "button plain", textContent: text, onclick: (event) => {
    const noted = note(type, act, true);
    event.target.textContent = noted ? done : `${text}（没有记录）`;
    if (noted && type === "hide") document.querySelector(`.card[data-id="${CSS.escape(record.id)}"]`)?.remove();
    event.target.disabled = true;
  } });
  return [
    h("div", { className: "lead" }, picture({ ...record, fields: record }),
      h("div", {}, h("h2", { id: "thing-title", textContent: record.title ?? "" }), h("div", { className: "price" }, price(record)),
        h("p", { className: "quiet", textContent: [record.brand, leafOf("category", [record.category].flat().join("/"))].filter(Boolean).join(" · ") }),
        record.shop?.name ? h("p", { className: "shop" }, h("a", { ...leads({ shop: record.shop.name }), textContent: record.shop.name }), record.shop.kind ? h("em", { textContent: record.shop.kind }) : null) : null,
        h("div", { className: "tags" }, ...(record.labels ?? []).map((text) => h("span", { textContent: text })), ...(record.services ?? []).map((text) => h("span", { className: "plain", textContent: text }))),
        h("div", { className: "deeds" }, press("like", "喜欢", "记下了：喜欢"), press("cart", "加入购物车", "已加入购物车"), press("hide", "不感兴趣", "记下了：不感兴趣")))),
    record.description ? h("p", { textContent: record.description }) : null,
    facts.length ? h("dl", {}, ...facts.flatMap(([name, value]) => [h("dt", { textContent: name }), h("dd", { textContent: [value].flat().join("、") })])) : null,
    opened.hit ? why(opened.hit) : null,
  ].filter(Boolean);
}

/** What is like it, and what others looked at and bought with it; what a service does not know is left out. */
async function rails(id) {
  const path = `v1/products/${encodeURIComponent(id)}`;
  const [said, similar, also] = await Promise.all([askFor(`${path}/moments?size=${RAIL}`), askFor(`${path}/similar?size=${RAIL}`), askFor(`${path}/also?size=${RAIL}`)]);
  const known = (found) => (found?.by === "events" ? found.hits : []);
  return [told(said.moments), rail("相似的", similar.hits, "similar"), rail("看了它的人也看", known(also.viewed), "also"), rail("买了它的人也买", known(also.bought), "also")].filter(Boolean);
}

/** Where it is shown, the surest first. */
function told(all) {
  if (!all?.length) return null;
  return h("section", { className: "rail told-of" }, h("h3", { textContent: "视频里怎么说" }), h("div", {}, ...all.map((one) => moment(one))));
}

/** A row of small cards. */
export function rail(heading, hits, surface, level = "h3") {
  if (!hits?.length) return null;
  return h("section", { className: "rail" }, h(level, { textContent: heading }), h("div", {}, ...hits.map((hit) => {
    const act = offered(hit, surface);
    const tile = h("a", { className: "tiny", ...opens(hit, act) }, picture(hit), h("span", { textContent: hit.title ?? "" }), price(hit));
    watch(tile, act);
    return tile;
  })));
}

/** The URL is put back before the browser says that it closed: by then it may name another thing already. */
function shut() {
  opened = shown = null;
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  $("item").close();
}

$("item").addEventListener("cancel", shut);
$("item").addEventListener("close", () => { if (opened && opened === shown) shut(); });
$("item").addEventListener("click", (event) => { if (event.target === $("item")) shut(); });
$("shut").addEventListener("click", shut);
addEventListener("hashchange", showItem);
