/** Videos and livestreams among the products of a page, each with the moments that speak to the query. */

import { note } from "./acts.js";
import { h } from "./dom.js";
import { moment, secondOf } from "./moment.js";
import { hue } from "./names.js";

const AT_FIRST = 3;

/** A row of them; where there is no room to scroll sideways, the first few, and the rest when asked for. */
export function clips(videos, query) {
  const row = h("div", { className: "lane" }, ...videos.map((video) => clip(video, query)));
  const more = videos.length - AT_FIRST;
  const block = h("section", { className: "clips folded" }, h("h2", { textContent: "视频和直播里说的" }), row);
  if (more > 0) block.append(h("button", { type: "button", className: "link unfold", textContent: `再看 ${more} 个视频`, onclick: (event) => {
    block.classList.remove("folded");
    row.children[AT_FIRST].querySelector("a").focus();
    event.target.remove();
  } }));
  return block;
}

function clip(video, query) {
  const act = { item_id: video.id, kind: video.kind, surface: "search", query };
  const best = video.moments[0], at = best ? best.at ?? best.start : null;
  return h("article", { className: video.on_air ? "clip on" : "clip", "data-id": video.id, onclick: (event) => { if (event.target.closest("a")) note("click", act, true); } },
    h("div", { className: "clip-head" },
      h("span", { className: "cover", "--hue": String(hue(video.creator ?? video.title)), "aria-hidden": "true", textContent: "▶" }),
      h("div", {}, h("h3", {}, h("a", { href: secondOf(video.id, video.on_air ? null : at), textContent: video.title })),
        h("p", { className: "quiet" }, badge(video), video.creator ?? ""))),
    ...video.moments.map((one) => moment(one, false)));
}

/** What it is: a video, a livestream that is on now, or one that was. */
export function badge({ kind, on_air }) {
  return h("span", { className: on_air ? "badge on" : "badge", textContent: on_air ? "直播中" : kind === "live" ? "直播回放" : "视频" });
}
