/** How a product looks: a tile in the colour of its category, and its price. */

import { h } from "./dom.js";
import { digest, hue } from "./names.js";

export function picture(hit) {
  const leaf = [hit.category ?? []].flat().join("/").split("/").at(-1) || "好物";
  const badge = hit.fields?.stock === 0 ? "暂时缺货" : hit.kind === "video" ? "视频" : null;
  return h("div", { className: "tile", "--hue": String(hue(leaf) + (digest(hit.id) % 5) * 6), "aria-hidden": "true" },
    [...leaf][0], h("i", { textContent: leaf }), badge ? h("b", { textContent: badge }) : null);
}

export function price(hit) {
  if (typeof hit.price !== "number") return h("span", { className: "now", textContent: "暂无价格" });
  const [whole, cents] = hit.price.toFixed(2).split(".");
  return h("span", { className: "now", "data-price": String(hit.price) }, "¥", h("b", { textContent: whole }), cents === "00" ? "" : `.${cents}`);
}
