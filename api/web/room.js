/** A room while it is on air: what is on its screen right now, at which price. */

import { askFor, h } from "./dom.js";
import { leads } from "./doors.js";
import { follow, yuan } from "./live.js";
import { picture } from "./tile.js";

const known = new Map();

/** leave(): what has to be done before the product opens; changed(on, title): hears of what is on. Gives the strip, and what ends following the room. */
export function roomOf(id, leave, changed) {
  const strip = h("section", { className: "air", role: "status", "aria-label": "直播间", hidden: true });
  let drawn = "";
  const end = follow(`v1/live/${encodeURIComponent(id)}`, async (room) => {
    if (room.error?.code === "network") return;
    const on = room.state === "on_air", product = on ? room.product : null;
    const key = JSON.stringify([on, room.state, product?.product_id, product?.price]);
    if (key === drawn) return;
    drawn = key;
    const record = product ? await productOf(product.product_id) : null;
    if (key !== drawn) return;
    strip.replaceChildren(...(on ? screen(record, product?.price ?? null, leave) : [h("p", { className: "quiet", textContent: room.error ? "这个直播间还没有开过播。" : room.state === "scheduled" ? "还没有开播。" : "已经下播，下面是回放的文字。" })]));
    strip.hidden = false;
    changed(on, record?.title ?? "");
  });
  return { strip, end };
}

/** A product that is not there for shoppers is not named either. */
function screen(record, price, leave) {
  if (!record) return [h("p", { className: "quiet", textContent: "主播在聊天，屏幕上没有商品。" })];
  const said = price === null ? ["正在讲"] : ["正在讲，主播说 ", h("b", { className: "asked", textContent: yuan(price) })];
  return [picture(record), h("p", {}, h("a", { ...leads({ item: record.id }, leave), textContent: record.title ?? record.id }), h("span", { className: "quiet" }, ...said))];
}

async function productOf(id) {
  if (!known.has(id)) known.set(id, (await askFor(`v1/products/${encodeURIComponent(id)}`)).product ?? null);
  return known.get(id);
}
