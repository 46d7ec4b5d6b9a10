/** What a list can be narrowed by. */

import { $, h, refocus } from "./dom.js";
import { FACETS, NAMES, bandText, leafOf, rangeText } from "./names.js";
import { change, clearFilters, here, toggle } from "./way.js";

const FEW = 6, ATTRIBUTES = 4;
const expanded = new Set();

export function renderChips() {
  const chips = [];
  const chip = (text, remove) => chips.push(h("button", { type: "button", textContent: `${text} ✕`, "aria-label": `去掉筛选：${text}`, onclick: remove }));
  for (const name of Object.keys(NAMES)) for (const value of here.asked.getAll(name)) chip(`${NAMES[name]}：${leafOf(name, value)}`, () => toggle(name, value));
  for (const pair of here.asked.getAll("attr")) chip(pair.replace("=", "："), () => toggle("attr", pair));
  const [low, high] = [here.asked.get("price_min"), here.asked.get("price_max")];
  if (low !== null || high !== null) chip(rangeText(low, high), () => setPrice("", ""));
  if (here.asked.has("in_stock")) chip("仅看有货", () => change((params) => params.delete("in_stock")));
  if (chips.length) chips.push(h("button", { type: "button", className: "clear", textContent: "清空筛选", onclick: clearFilters }));
  $("chips").replaceChildren(...chips);
  $("chips").hidden = !chips.length;
  $("open").textContent = chips.length ? `筛选 ${chips.length - 1}` : "筛选";
}

export function renderPanel() {
  const key = document.activeElement?.dataset?.key;
  const blocks = [priceBlock()];
  for (const [facet, [heading, name]] of Object.entries(FACETS)) {
    const values = here.answer.facets[facet] ?? [];
    const entries = withChosen(values, here.asked.getAll(name));
    blocks.push(block(heading, name, facet === "category" ? tree(entries) : entries, leftOut(facet, null)));
  }
  for (const [attribute, values] of attributeGroups()) blocks.push(block(attribute, "attr", values, leftOut("attributes", attribute)));
  $("panel").replaceChildren(...blocks.filter(Boolean));
  if (key) refocus(key);
}

/** Chosen values stay, even where the list has none of them any more. */
function withChosen(values, chosen) {
  const known = new Set(values.map((entry) => entry.value));
  return [...values, ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, count: 0 }))];
}

/** How many values the answer has no room for. */
function leftOut(facet, attribute) {
  return here.answer.facets_truncated.find((one) => one.facet === facet && one.attribute === attribute)?.more ?? 0;
}

function block(heading, name, entries, more) {
  if (!entries.length) return null;
  const open = expanded.has(heading);
  const chosen = new Set(here.asked.getAll(name));
  const few = entries.filter((entry, i) => open || i < FEW || chosen.has(entry.value));
  return h("fieldset", { className: "facet", "data-facet": name },
    h("legend", { textContent: heading }),
    ...few.map(({ value, count }) => option(leafOf(name, value), count, chosen.has(value), `${name} ${value}`, () => toggle(name, value), name === "category" ? value.split("/").length - 1 : 0)),
    entries.length > FEW ? h("button", {
      type: "button", className: "more", textContent: open ? "收起" : `展开全部 ${entries.length} 项`, "data-key": `more ${heading}`, "aria-expanded": String(open),
      onclick: () => { open ? expanded.delete(heading) : expanded.add(heading); renderPanel(); },
    }) : null,
    more && (open || entries.length <= FEW) ? h("p", { className: "cut", textContent: `还有 ${more} 项没有列出` }) : null);
}

function option(text, count, checked, key, onchange, depth = 0) {
  return h("label", { title: text, className: depth ? `deep${Math.min(depth, 2)}` : "" },
    h("input", { type: "checkbox", checked, "data-key": key, onchange }),
    h("span", { textContent: text }), count === null ? null : h("small", { textContent: String(count) }));
}

function priceBlock() {
  const input = (label, name) => h("input", { type: "number", min: "0", step: "any", inputMode: "decimal", placeholder: label, value: here.asked.get(name) ?? "", "aria-label": `${label}（元）`, "data-key": name });
  const low = input("最低价", "price_min"), high = input("最高价", "price_max");
  const bands = (here.answer.facets.price ?? []).map(({ value, count }) => {
    const [from, to] = value.split("-");
    const checked = here.asked.get("price_min") === from && (here.asked.get("price_max") ?? "") === to;
    return option(bandText(from, to), count, checked, `band ${value}`, () => (checked ? setPrice("", "") : setPrice(from, to)));
  });
  return h("form", { className: "facet", onsubmit: (event) => { event.preventDefault(); setPrice(low.value, high.value); } },
    option("仅看有货", null, here.asked.has("in_stock"), "in_stock", () => change((params) => (params.has("in_stock") ? params.delete("in_stock") : params.set("in_stock", "true")))),
    h("fieldset", { "data-facet": "price" }, h("legend", { textContent: "价格" }),
      h("div", { className: "range" }, low, "–", high, h("button", { type: "submit", textContent: "确定" })), ...bands));
}

function setPrice(low, high) {
  if (low !== "" && high !== "" && Number(low) > Number(high)) [low, high] = [high, low];
  change((params) => { params.set("price_min", low); params.set("price_max", high); });
}

/** Categories below their parents, each level by count. */
function tree(entries) {
  const counts = new Map(entries.map((entry) => [entry.value, entry.count]));
  const rank = (path) => path.split("/").map((_, i, parts) => {
    const upTo = parts.slice(0, i + 1).join("/");
    return `${String(1e9 - (counts.get(upTo) ?? 0)).padStart(10, "0")}${upTo}`;
  }).join("\u0001");
  return entries.map((entry) => [rank(entry.value), entry]).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** The attributes that most of the list has, each with its values. */
function attributeGroups() {
  const groups = new Map();
  for (const entry of withChosen(here.answer.facets.attributes ?? [], here.asked.getAll("attr"))) {
    const name = entry.value.split("=", 1)[0];
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  const chosen = new Set(here.asked.getAll("attr").map((pair) => pair.split("=", 1)[0]));
  const weight = ([name, entries]) => (chosen.has(name) ? 1e9 : 0) + entries.reduce((sum, entry) => sum + entry.count, 0);
  return [...groups].filter(([, entries]) => entries.length > 1 || chosen.size).sort((a, b) => weight(b) - weight(a)).slice(0, ATTRIBUTES);
}
