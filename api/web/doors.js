/** Links to the other pages that the page has: categories, shops, campaigns. They are addresses, so they can be opened beside and shared. */

import { h } from "./dom.js";
import { go } from "./way.js";

/** What a link to this place needs; a press stays on the page. before(): what has to be done first, wherever it opens. */
export function leads(place, before = () => {}) {
  const there = new URLSearchParams(place);
  return { href: there.size ? `./?${there}` : "./", onclick: (event) => {
    before();
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(there);
  } };
}

/** A row of them: [text, place, small]; the one without a place is where we are. */
export function row(label, doors, className = "chips") {
  if (!doors.length) return null;
  return h("nav", { className: `doors ${className}`, "aria-label": label }, ...doors.map(([text, place, small]) => (place
    ? h("a", leads(place), text, small ? h("small", { textContent: small }) : null)
    : h("span", { "aria-current": "page", textContent: text }))));
}
