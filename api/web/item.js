/** One product, a page of its own: what is known of it, what is like it, and what may be done with it. */

import { note, offered, watch } from "./acts.js";
import { $, askFor, h, link } from "./dom.js";
import { leads, row } from "./doors.js";
import { moment } from "./moment.js";
import { PROBLEMS, leafOf } from "./names.js";
import { comeBack } from "./place.js";
import { picture, price } from "./tile.js";
import { again } from "./way.js";
import { why } from "./why.js";

const RAIL = 8;
let from = null, running = null;

/** Draws the product of an id. */
export async function showItem(id) {
  const mine = (running = {});
  if (from?.id !== id) from = null;
  name("商品");
  $("item").hidden = false;
  $("item").setAttribute("aria-busy", "true");
  $("item").replaceChildren(h("div", { className: "bone" }));
  const { product, error } = await askFor(`v1/products/${encodeURIComponent(id)}`);
  if (mine !== running) return;
  $("item").replaceChildren(...(product ? about(product) : failed(error)));
  name(product ? product.title ?? id : "没有这件商品");
  // The focus goes where the way led, but for somebody who is elsewhere already.
  if (document.activeElement === document.body) $("main").focus({ preventScroll: true });
  const parts = product ? await rails(id) : [];
  if (mine !== running) return;
  $("item").append(...parts);
  $("item").removeAttribute("aria-busy");
  comeBack();
}

export function leaveItem() {
  running = null;
  $("item").hidden = true;
  $("item").replaceChildren();
}

/** Where a card leads; the click is an act, with where the hit stood and by what. */
export function opens(hit, act) {
  return leads({ item: hit.id }, () => { from = { id: hit.id, act, why: why(hit) }; note("click", act, true); });
}

function name(title) {
  $("heading").textContent = title;
  document.title = `${title} - 寻货`;
}

function failed({ status, code }) {
  if (status === 404) return [h("div", { className: "state" }, h("h2", { textContent: "没有这件商品" }), h("p", { textContent: "也许已经下架，也许网址不对。" }), h("a", { className: "button", ...leads({}), textContent: "回到首页" }))];
  return [h("div", { className: "state" }, h("h2", { textContent: PROBLEMS[code] ?? "现在打不开" }), h("p", {}, link("再试一次", again)))];
}

function about(record) {
  const facts = Object.entries(record.attributes ?? {}), path = [record.category ?? []].flat().join("/").split("/").filter(Boolean);
  const act = from?.act ?? { item_id: record.id, kind: "product", surface: "item" };
  const press = (type, text, done) => h("button", { type: "button", className: "button plain", textContent: text, onclick: (event) => {
    const noted = note(type, act, true);
    event.target.textContent = noted ? done : `${text}（没有记录）`;
    if (noted && type === "hide") document.querySelector(`.card[data-id="${CSS.escape(record.id)}"]`)?.remove();
    event.target.disabled = true;
  } });
  return [
    row("位置", [["首页", {}], ...path.map((step, at) => [step, { category: path.slice(0, at + 1).join("/") }])], "crumbs"),
    h("div", { className: "lead" }, picture({ ...record, fields: record }),
      h("div", {}, h("p", { className: "called", textContent: record.title ?? "" }),
        h("div", { className: "price" }, price(record),
          record.list_price > record.price ? h("s", { className: "was", textContent: `¥${record.list_price}`, "aria-label": `原价 ${record.list_price} 元` }) : null),
        h("p", { className: "quiet", textContent: [record.brand, leafOf("category", path.join("/"))].filter(Boolean).join(" · ") }),
        record.shop?.name ? h("p", { className: "shop" }, h("a", { ...leads({ shop: record.shop.name }), textContent: record.shop.name }), record.shop.kind ? h("em", { textContent: record.shop.kind }) : null) : null,
        h("div", { className: "tags" }, ...(record.labels ?? []).map((text) => h("span", { textContent: text })), ...(record.services ?? []).map((text) => h("span", { className: "plain", textContent: text }))),
        h("div", { className: "deeds" }, press("like", "喜欢", "记下了：喜欢"), press("cart", "加入购物车", "已加入购物车"), press("hide", "不感兴趣", "记下了：不感兴趣")))),
    record.description ? h("p", { textContent: record.description }) : null,
    facts.length ? h("dl", {}, ...facts.flatMap(([name, value]) => [h("dt", { textContent: name }), h("dd", { textContent: [value].flat().join("、") })])) : null,
    from?.why ?? null,
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
  return h("section", { className: "rail told-of" }, h("h2", { textContent: "视频里怎么说" }), h("div", {}, ...all.map((one) => moment(one))));
}

/** A row of small cards. */
export function rail(heading, hits, surface) {
  if (!hits?.length) return null;
  return h("section", { className: "rail" }, h("h2", { textContent: heading }), h("div", {}, ...hits.map((hit) => {
    const act = offered(hit, surface);
    const tile = h("a", { className: "tiny", ...opens(hit, act) }, picture(hit), h("span", { textContent: hit.title ?? "" }), price(hit));
    watch(tile, act);
    return tile;
  })));
}
