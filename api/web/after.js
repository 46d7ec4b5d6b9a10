/** 看后搜: what to search after a video; the search is told which video it comes from. */

import { $, askFor, h } from "./dom.js";
import { AFTER } from "./names.js";
import { go } from "./way.js";

const MOST = 8;

export async function after(id, leave) {
  const { queries } = await askFor(`v1/videos/${encodeURIComponent(id)}/queries?size=${MOST}`);
  if (!queries?.length) return null;
  return h("section", { className: "after", "aria-labelledby": "after-title" }, h("h3", { id: "after-title", textContent: "看完搜一搜" }),
    h("div", { className: "chips" }, ...queries.map(({ query, source }) => h("button", { type: "button", textContent: query, title: AFTER[source] ?? "", onclick: () => {
      leave();
      $("q").value = query;
      go(new URLSearchParams({ q: query, came_from: `video:${id}` }));
    } }))));
}
