/** What every page of the desk is made of: sections, fields, tables, and what is said when something was done or went wrong. */

import { $, h } from "../dom.js";
import { Refused } from "./ask.js";

export function section(title, ...children) {
  return h("section", {}, h("h2", { textContent: title }), ...children);
}

export function note(text) { return h("p", { className: "quiet", textContent: text }); }

let serial = 0;

/** A control under its label. */
export function field(label, control, hint = "") {
  control.id ||= `c${(serial += 1)}`;
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  return h("div", { className: "field" }, h("label", { htmlFor: control.id, textContent: label }), control, hint ? h("small", { id: `${control.id}-hint`, textContent: hint }) : null);
}

export function input(props = {}) { return h("input", { type: "text", autocomplete: "off", ...props }); }
export function area(props = {}) { return h("textarea", { spellcheck: false, rows: 12, ...props }); }
export function choice(options, value = "") {
  const made = h("select", {}, ...options.map(([name, text]) => h("option", { value: name, textContent: text })));
  made.value = value;
  return made;
}

/** Presses that ask the service: while it works it cannot be pressed again, and what goes wrong is said. */
export function button(text, work, { plain = false, name = "" } = {}) {
  const made = h("button", { type: "button", className: plain ? "" : "button", textContent: text, onclick: () => attempt(work, made) });
  if (name) made.ariaLabel = name;
  return made;
}

/** A form that is sent by Enter, too. */
export function form(work, ...children) {
  const made = h("form", { onsubmit: (event) => { event.preventDefault(); attempt(work, made.querySelector("[type=submit]")); } }, ...children);
  return made;
}

export function submit(text) { return h("button", { type: "submit", className: "button", textContent: text }); }

export async function attempt(work, pressed = null) {
  $("wrong").hidden = true;
  $("main").setAttribute("aria-busy", "true");
  if (pressed) pressed.disabled = true;
  try {
    await work();
  } catch (why) {
    if (!(why instanceof Refused)) throw why;
    wrong(why);
  } finally {
    $("main").removeAttribute("aria-busy");
    if (pressed) pressed.disabled = false;
  }
}

/** Puts what was found into its place, and that onto the screen. */
export function reveal(place, ...found) {
  place.replaceChildren(...found);
  place.scrollIntoView({ block: "start" });
}

/** Says what was done. */
export function say(text) { $("said").textContent = text; }

function wrong({ status, message, field: at, hint }) {
  $("wrong").replaceChildren(h("b", { textContent: message || "没有做成。" }), at ? ` ${at}` : "", hint ? h("p", { textContent: hint }) : "");
  $("wrong").hidden = false;
  say("");
  if (status === 401) dispatchEvent(new Event("key"));
}

/** heads: names of columns, one that begins with # is of numbers; rows: lists of texts or nodes. */
export function table(caption, heads, rows, empty = "没有。") {
  if (!rows.length) return note(empty);
  const numeric = heads.map((head) => head.startsWith("#"));
  return h("div", { className: "wide", tabIndex: 0, role: "region", ariaLabel: caption }, h("table", {},
    h("caption", { className: "hush", textContent: caption }),
    h("thead", {}, h("tr", {}, ...heads.map((head, at) => h("th", { scope: "col", className: numeric[at] ? "number" : "", textContent: head.replace(/^#/, "") })))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell, at) => h("td", { className: numeric[at] ? "number" : "" }, cell ?? "")))))));
}

/** Names and what they are. */
export function facts(pairs) {
  return h("dl", {}, ...pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined).flatMap(([name, value]) => [h("dt", { textContent: name }), h("dd", {}, value)]));
}

export function when(seconds) {
  if (!seconds) return "";
  const at = typeof seconds === "number" ? new Date(seconds * 1000) : new Date(seconds);
  return at.toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "medium" });
}

export function count(number) { return number.toLocaleString("zh-CN"); }
export function share(part) { return part === null ? "–" : `${(100 * part).toFixed(1)}%`; }

/** Hands a text to whoever sits here as a file. */
export function keep(name, text, type = "text/plain") {
  const made = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  made.click();
  URL.revokeObjectURL(made.href);
}

/** A change of how a draft is spoken of further on: kept for this tab, taken once. */
export const draft = {
  put(name, text) { try { sessionStorage.setItem(`xunhuo.desk.${name}`, text); } catch { /* then it is written again */ } },
  take(name) {
    try {
      const text = sessionStorage.getItem(`xunhuo.desk.${name}`) ?? "";
      sessionStorage.removeItem(`xunhuo.desk.${name}`);
      return text;
    } catch { return ""; }
  },
};
