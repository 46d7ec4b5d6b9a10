/** A moment of a video: when, who says it, and what. It leads to the player, at that second. */

import { h } from "./dom.js";

/** m:ss, with hours where there are any; "" where a transcript has no times. */
export function clock(seconds) {
  if (seconds === null) return "";
  const whole = Math.floor(seconds), two = (number) => String(number).padStart(2, "0");
  return whole < 3600 ? `${Math.floor(whole / 60)}:${two(whole % 60)}` : `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** The address of a second of a video, behind the # of the page. */
export function secondOf(id, at) {
  return `#${new URLSearchParams(at === null ? { video: id } : { video: id, t: String(at) })}`;
}

/** The quote with the words of the query marked; `named`: who says it, too. */
export function moment(one, named = true) {
  const at = one.at ?? one.start, who = (named && one.creator) || "";
  return h("a", { className: "moment", href: secondOf(one.video_id, at), "aria-label": [at === null ? "看视频" : `看视频，从 ${clock(at)} 起`, who, one.quote].filter(Boolean).join("，") },
    h("span", { className: "when", textContent: clock(at) }), who ? h("b", { textContent: who }) : null,
    h("span", { className: "saying" }, ...marked(one.highlights)));
}

/** The best moment of a product with its quote, and the others by their time alone. */
export function moments(all) {
  if (!all?.length) return null;
  const [best, ...others] = all;
  return h("div", { className: "moments" }, moment(best), others.length ? h("p", { className: "others" }, "还有", ...others.map((one) => {
    const at = one.at ?? one.start;
    return h("a", { href: secondOf(one.video_id, at), title: one.quote, "aria-label": `${one.creator ?? one.title} ${clock(at)}：${one.quote}`, textContent: clock(at) || "一处" });
  })) : null);
}

function marked(pieces) {
  return pieces.map(({ text, match }) => (match ? h("mark", { textContent: text }) : text));
}
