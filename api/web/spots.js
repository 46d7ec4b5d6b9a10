/** Where a video speaks to what was searched: those of its moments that the list on the page has. */

import { h } from "./dom.js";
import { clock } from "./moment.js";
import { here } from "./way.js";

/** seek(at): what a press on one does. Null where nothing was searched, or nothing is said of it. */
export function spots(video, seek) {
  const { query, videos = [], hits = [] } = here.answer ?? {};
  const all = [...videos, ...hits].flatMap((one) => one.moments ?? []).filter((one) => one.video_id === video.id && one.at !== null);
  const each = [...new Map(all.map((one) => [one.at, one])).values()].sort((one, other) => one.at - other.at);
  if (!each.length) return null;
  return h("p", { className: "spots" }, `说到“${query.text}”：`, ...each.map((one) => h("button", { type: "button", title: one.quote, "aria-label": `${clock(one.at)}，${one.quote}`, textContent: clock(one.at), onclick: () => seek(one.at) })));
}
