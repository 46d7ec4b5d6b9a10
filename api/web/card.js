/** A hit as a card. */

import { h } from "./dom.js";
import { digest, hue, short } from "./names.js";
import { scores } from "./why.js";

export function card(hit) {
  const path = hit.category ?? [];
  const soldOut = hit.fields.stock === 0;
  const leaf = path.at(-1) ?? "好物";
  const facts = Object.entries(hit.fields.attributes ?? {}).map(([, value]) => [value].flat().join("、")).join(" / ");
  return h("article", { className: soldOut ? "card gone" : "card", tabIndex: -1, "data-id": hit.id },
    h("div", { className: "tile", "--hue": String(hue(leaf) + (digest(hit.id) % 5) * 6), "aria-hidden": "true" },
      [...leaf][0], h("i", { textContent: leaf }),
      soldOut ? h("b", { textContent: "暂时缺货" }) : hit.kind === "video" ? h("b", { textContent: "视频" }) : null),
    h("div", { className: "body" },
      h("h2", { className: "title", title: hit.title ?? "" }, ...marked(hit)),
      h("p", { className: "facts", textContent: facts, title: facts }),
      h("div", { className: "price" }, price(hit),
        hit.list_price > hit.price ? h("s", { className: "was", textContent: `¥${hit.list_price}`, "aria-label": `原价 ${hit.list_price} 元` }) : null,
        hit.sales_30d ? h("span", { className: "sold", textContent: `已售 ${short(hit.sales_30d)}` }) : null),
      h("div", { className: "tags" },
        ...hit.labels.map((text) => h("span", { textContent: text })),
        ...hit.services.map((text) => h("span", { className: "plain", textContent: text }))),
      h("p", { className: "shop" },
        h("span", { textContent: hit.shop?.name ?? "店铺未知", title: hit.shop?.name ?? "" }),
        hit.shop?.kind ? h("em", { textContent: hit.shop.kind }) : null),
      hit.explain ? scores(hit.explain) : null));
}

function marked(hit) {
  const pieces = hit.highlights.title ?? [{ text: hit.title ?? "", match: false }];
  return pieces.map(({ text, match }) => (match ? h("mark", { textContent: text }) : text));
}

function price(hit) {
  if (typeof hit.price !== "number") return h("span", { className: "now", textContent: "暂无价格" });
  const [whole, cents] = hit.price.toFixed(2).split(".");
  return h("span", { className: "now", "data-price": String(hit.price) }, "¥", h("b", { textContent: whole }), cents === "00" ? "" : `.${cents}`);
}
