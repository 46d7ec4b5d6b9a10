/** The end of a list that goes on: the next page is fetched when the end comes near, a few times by itself, then by the button, so that what stands below can be reached. */

import { h } from "./dom.js";
import { PROBLEMS } from "./names.js";
import { again } from "./way.js";

const BY_ITSELF = 4, NEAR = "600px";

/** foot: where it stands; label: of its button. next(): draws the next page, and gives {first}, its first card, {error} where none came, or nothing where nobody waits for it any more. */
export function endOf(foot, label, next) {
  const button = h("button", { type: "button", className: "button", onclick: press }, label), said = h("p", { role: "status" });
  let left = 0, more = false, stale = false, turn = null;
  const near = new IntersectionObserver((entries) => { if (entries.at(-1).isIntersecting && left > 0) { left -= 1; goOn(); } }, { rootMargin: NEAR });
  foot.replaceChildren(button, said);

  /** A list begins anew. */
  function begin() {
    turn = null;
    more = false;
    left = BY_ITSELF;
    near.disconnect();
    foot.hidden = true;
  }

  /** A page is drawn: what is said of it, and whether there is more. */
  function show(text, goesOn) {
    more = goesOn;
    draw(label, text);
    near.disconnect();
    if (more) near.observe(foot);
  }

  /** Puts the next page below, and gives its first card. */
  async function goOn() {
    if (turn || !more) return null;
    const mine = (turn = {});
    button.disabled = true;
    button.textContent = "加载中…";
    const found = await next();
    if (mine !== turn) return null;
    turn = null;
    if (found?.error) fail(found.error.code);
    return found?.first ?? null;
  }

  async function press() {
    if (stale) return again();
    left = BY_ITSELF;
    const first = await goOn();
    (first ?? button).focus({ preventScroll: true });
  }

  function fail(code) {
    left = 0;
    stale = code === "cursor_expired";
    draw(stale ? "重新加载" : "再试一次", `没有加载出来：${PROBLEMS[code] ?? "出了点问题"}。`);
  }

  function draw(called, text) {
    button.textContent = called;
    button.disabled = false;
    button.hidden = !more;
    said.textContent = text;
    foot.hidden = false;
  }

  return { begin, show, goOn };
}
