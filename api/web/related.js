/** What others searched for with such a query; where the service does not know, nothing. */

import { $, askFor, h } from "./dom.js";
import { search } from "./way.js";

const MOST = 8;
let asked = "";

export async function showRelated(query) {
  asked = query;
  $("related").hidden = true;
  const { related } = await askFor(`v1/queries/related?${new URLSearchParams({ q: query, size: MOST })}`);
  if (asked !== query || !related?.length) return;
  $("related").replaceChildren(h("h2", { textContent: "大家还搜" }), h("div", { className: "examples" }, ...related.map((one) => h("button", { type: "button", textContent: one.query, onclick: () => search(one.query) }))));
  $("related").hidden = false;
}
