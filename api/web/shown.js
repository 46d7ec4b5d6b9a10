/** What a video shows, and when: a press on a time goes there, one on the product leads to it. */

import { h } from "./dom.js";
import { leads } from "./doors.js";
import { clock } from "./moment.js";
import { REASONS } from "./names.js";
import { picture, price } from "./tile.js";

/** seek(at): what a press on a time does; leave(): what has to be done before the product opens. */
export function shown({ products }, seek, leave) {
  if (!products.length) return { list: h("p", { className: "quiet", textContent: "没有认出讲的是哪件商品。" }), move() {} };
  const together = new Map();
  for (const link of products) together.set(link.id, [...(together.get(link.id) ?? []), link]);
  const rows = [...together.values()].map((links) => ({ links, row: row(links, seek, leave) }));
  const list = h("section", { "aria-labelledby": "shown-title" }, h("h3", { id: "shown-title", textContent: "讲到的商品" }), h("ul", { className: "shown" }, ...rows.map((one) => one.row)));
  function move(at) {
    for (const { links, row } of rows) {
      const on = links.some(({ start, end }) => start !== null && start <= at + 0.01 && at <= end);
      if (on === row.classList.contains("on")) continue;
      row.classList.toggle("on", on);
      row.querySelector(".talk").textContent = on ? "正在讲" : "";
      if (on) reveal(row);
    }
  }
  return { list, move };
}

function row(links, seek, leave) {
  const { product } = links[0];
  return h("li", {}, picture(product),
    h("div", {},
      h("a", { ...leads({ item: product.id }, leave), textContent: product.title ?? product.id }),
      h("p", { className: "price" }, price(product), h("span", { className: "talk" })),
      h("p", { className: "ranges" }, ...links.map(({ start, end, confidence, reasons }) => {
        const why = `${reasons.map((one) => REASONS[one] ?? one).join("、")}，${Math.round(100 * confidence)}% 是它`;
        if (start === null) return h("span", { className: "quiet", title: why, textContent: "整个视频" });
        return h("button", { type: "button", title: why, "aria-label": `从 ${clock(start)} 看起，${why}`, textContent: `${clock(start)}–${clock(end)}`, onclick: () => seek(start) });
      }))));
}

/** In its own list alone: nothing else of the page may jump. */
function reveal(row) {
  const list = row.parentElement;
  list.scrollTop = row.offsetTop - list.clientHeight / 3;
  list.scrollLeft = row.offsetLeft - list.clientWidth / 8;
}
