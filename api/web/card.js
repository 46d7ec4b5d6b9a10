/** A hit as a card: what it is, why it stands here, and the door to all that is known of it. */

import { watch } from "./acts.js";
import { h } from "./dom.js";
import { leads } from "./doors.js";
import { opens } from "./item.js";
import { onAir } from "./live.js";
import { moments } from "./moment.js";
import { short } from "./names.js";
import { picture, price } from "./tile.js";
import { why } from "./why.js";

/** act: what an event about the hit says. */
export function card(hit, act) {
  const soldOut = hit.fields.stock === 0;
  const facts = Object.entries(hit.fields.attributes ?? {}).map(([, value]) => [value].flat().join("、")).join(" / ");
  const made = h("article", { className: soldOut ? "card gone" : "card", tabIndex: -1, "data-id": hit.id },
    picture(hit), hit.live ? onAir(hit.live) : null,
    h("div", { className: "body" },
      h("h2", { className: "title", title: hit.title ?? "" }, h("a", opens(hit, act), ...marked(hit))),
      h("p", { className: "facts", textContent: facts, title: facts }),
      h("div", { className: "price" }, price(hit),
        hit.list_price > hit.price ? h("s", { className: "was", textContent: `¥${hit.list_price}`, "aria-label": `原价 ${hit.list_price} 元` }) : null,
        hit.sales_30d ? h("span", { className: "sold", textContent: `已售 ${short(hit.sales_30d)}` }) : null),
      h("div", { className: "tags" },
        ...hit.labels.map((text) => h("span", { textContent: text })),
        ...hit.services.map((text) => h("span", { className: "plain", textContent: text }))),
      h("p", { className: "shop" },
        hit.shop?.name ? h("a", { ...leads({ shop: hit.shop.name }), textContent: hit.shop.name, title: hit.shop.name }) : h("span", { textContent: "店铺未知" }),
        hit.shop?.kind ? h("em", { textContent: hit.shop.kind }) : null),
      moments(hit.moments),
      hit.because || hit.explain?.personal || hit.source ? h("p", { className: "because", textContent: hit.because ?? "" }) : null,
      why(hit)));
  watch(made, act);
  return made;
}

function marked(hit) {
  const pieces = hit.highlights?.title ?? [{ text: hit.title ?? "", match: false }];
  return pieces.map(({ text, match }) => (match ? h("mark", { textContent: text }) : text));
}
