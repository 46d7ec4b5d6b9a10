/** What every part of the page asks and draws with. */

import { call } from "./call.js";

export const $ = (id) => document.getElementById(id);
export const phone = matchMedia("(max-width: 760px)");

/** An element; text is always text, never markup. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ d: path, fill: "none", stroke: "currentColor", "stroke-width": "2.5", "stroke-linecap": "round", "stroke-linejoin": "round" })) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}

export const BOX = "M8 17l16-8 16 8v16l-16 8-16-8zM8 17l16 8 16-8M24 25v16";
export const CLOUD = "M24 8a16 16 0 1 1 0 32 16 16 0 0 1 0-32zM24 16v10M24 32v.2";

export function link(text, onclick) {
  return h("button", { type: "button", className: "link", textContent: text, onclick });
}

export function refocus(key) {
  document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** What the service says, as JSON; {error} where it says no, or nothing. */
export async function askFor(where, options = {}) {
  try {
    const response = await call(where, options), body = await response.json();
    return response.ok ? body : { error: { ...body.error, status: response.status } };
  } catch {
    return { error: { code: "network", message: "连不上服务。", status: 0 } };
  }
}
