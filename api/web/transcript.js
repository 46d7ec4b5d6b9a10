/** What is said in a video, line by line: the one of this second stands out, what says nothing new steps back. */

import { h } from "./dom.js";
import { clock } from "./moment.js";
import { MARKS } from "./names.js";

// A line with a filler may say something besides it.
const EMPTY = new Set(["chant", "repeat", "doubtful"]);

/** seek(at): what a press on a line does. Gives the list, and what moves it to a second. */
export function transcript({ segments, moments }, seek) {
  const begins = new Set(moments.map((one) => one.start));
  const lines = segments.map((segment) => line(segment, segment.start !== null && begins.has(segment.start), seek));
  const list = h("ol", { className: "lines", tabIndex: 0, "aria-label": "文字稿" }, ...lines);
  let current = null;
  function move(at) {
    const now = lineAt(segments, at);
    if (now === current) return;
    lines[current]?.firstChild.removeAttribute("aria-current");
    lines[now]?.firstChild.setAttribute("aria-current", "true");
    current = now;
    if (lines[now]) list.scrollTop = lines[now].offsetTop - list.clientHeight / 3;
  }
  return { list, move };
}

/** The last segment that has begun, -1 before the first. */
export function lineAt(segments, at) {
  return segments.findLastIndex(({ start }) => start !== null && start <= at + 0.01);
}

function line({ start, text, marks }, first, seek) {
  const parts = [h("span", { className: "when", textContent: clock(start) }), h("span", { className: "saying" }, text, ...marks.map((mark) => h("i", { textContent: MARKS[mark] ?? mark })))];
  const props = { className: marks.some((mark) => EMPTY.has(mark)) ? "line dim" : "line" };
  return h("li", { className: first ? "first" : "" }, start === null ? h("p", props, ...parts) : h("button", { type: "button", ...props, onclick: () => seek(start) }, ...parts));
}
