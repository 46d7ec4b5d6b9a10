/** What is paid for: cards in a place of their own beside the list, each with its label. No event says where one stood. */

import { $, h } from "./dom.js";
import { leads } from "./doors.js";
import { picture, price } from "./tile.js";
import { here } from "./way.js";

export function renderPaid() {
  const cards = (here.answer?.sponsored ?? []).map(paid);
  $("paid-lane").replaceChildren(...cards);
  $("paid").hidden = !cards.length;
}

function paid(one) {
  return h("article", { className: "paid-card", "data-id": one.id }, picture(one),
    h("div", { className: "body" },
      h("h3", { className: "title", title: one.title ?? "" }, h("a", { ...leads({ item: one.id }), textContent: one.title ?? "" })),
      h("div", { className: "price" }, price(one)),
      h("p", { className: "by" }, h("b", { textContent: one.label }), h("span", { textContent: one.advertiser }))));
}
