/** The rooms on air, on the start page: who is on, and what is on the screen, at the price said. */

import { $, askFor, h } from "./dom.js";
import { follow, yuan } from "./live.js";
import { secondOf } from "./moment.js";
import { hue } from "./names.js";

const MOST = 8;
const known = new Map();
let end = null;

export function showRooms() {
  end ??= follow("v1/live", draw);
}

export function leaveRooms() {
  end?.();
  end = null;
  $("rooms").hidden = true;
  $("rooms-lane").replaceChildren();
}

async function draw({ rooms, error }) {
  if (error) { if (error.status === 404) leaveRooms(); return; }
  const mine = end;
  const some = await Promise.all(rooms.slice(0, MOST).map(async (room) => ({ room, video: await told(`v1/videos/${encodeURIComponent(room.id)}`), product: room.product && (await told(`v1/products/${encodeURIComponent(room.product.product_id)}`)).product })));
  if (mine !== end) return;
  // One that stays keeps its element, and with it the focus.
  const there = new Map([...$("rooms-lane").children].map((node) => [node.dataset.id, node]));
  $("rooms-lane").replaceChildren(...some.map((one) => fill(there.get(one.room.id) ?? tile(one), one)));
  $("rooms").hidden = !some.length;
}

function tile({ room, video }) {
  return h("a", { className: "roomlet", href: secondOf(room.id, null), "data-id": room.id },
    h("span", { className: "cover", "--hue": String(hue(video.creator?.name ?? room.id)), "aria-hidden": "true", textContent: [...(video.creator?.name ?? "播")][0] }),
    h("span", { className: "names" }, h("span", { className: "badge on", textContent: "直播中" }), h("b", { textContent: video.creator?.name ?? room.id }), h("span", { className: "screen" })));
}

function fill(node, { room, product, video }) {
  const said = room.product?.price ? `${yuan(room.product.price)} ` : "";
  const text = product ? `正在讲 ${said}${product.title}` : video.title ?? "正在聊天";
  const line = node.querySelector(".screen");
  if (line.textContent !== text) line.textContent = text;
  return node;
}

/** What does not change while the page is open. */
async function told(where) {
  if (!known.has(where)) known.set(where, await askFor(where));
  return known.get(where);
}
