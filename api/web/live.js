/** What is on air: a badge on a product that is on a screen right now, and rooms as they are followed while they are shown. */

import { askFor, h } from "./dom.js";
import { secondOf } from "./moment.js";

const EVERY_MS = 4000;

/** Leads into the room in which the product is on the screen, with the price that is said there. */
export function onAir(live) {
  const said = live.price === null ? "" : yuan(live.price);
  return h("a", { className: "onair", href: secondOf(live.video_id, null), "aria-label": `直播中${said ? `，主播说 ${said}` : ""}，进直播间` }, "直播中", said ? h("b", { textContent: said }) : null);
}

export function yuan(price) {
  return `¥${price}`;
}

/** Asks now and every few seconds, for as long as somebody looks; gives what ends it. */
export function follow(where, show) {
  let timer = null, over = false;
  async function ask() {
    const found = document.hidden ? null : await askFor(where);
    if (over) return;
    if (found) show(found);
    if (!over) timer = setTimeout(ask, EVERY_MS);
  }
  ask();
  return () => { over = true; clearTimeout(timer); };
}
