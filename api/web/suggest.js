/**
 * The list under the search box: completions while something is typed; else what was searched here before, and what many
 * search now. An editable combobox with a listbox, as WAI-ARIA has it: the focus stays in the box, and the line that is
 * chosen with the arrows is told by aria-activedescendant.
 */

import { $, askFor, h } from "./dom.js";
import { go, search } from "./way.js";
import { signed, who } from "./who.js";

const KEPT = "xunhuo.searched", MOST = 8, WAIT_MS = 60;
const box = $("q"), list = $("suggestions");
let lines = [], chosen = -1, asked = 0, timer = 0, given = "";

/** Listens to the search box. */
export function openSuggestions() {
  const soon = () => { clearTimeout(timer); timer = setTimeout(offer, WAIT_MS); };
  box.addEventListener("input", soon);
  box.addEventListener("click", soon);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", pressed);
  // What is pressed in the list takes no focus from the box.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  addEventListener("way", () => { close(); remember(new URLSearchParams(location.search).get("q")); });
  addEventListener("who", shade);
  shade();
}

/** Closes the list; what is still on its way is not wanted any more. */
function close() {
  clearTimeout(timer);
  asked += 1;
  show([]);
}

async function offer() {
  const typed = box.value.trim(), mine = (asked += 1);
  given = box.value;
  const groups = typed ? [{ name: "", lines: (await completions(typed)).map((one) => line(one, typed)) }] : await unasked();
  if (mine === asked && document.activeElement === box) show(groups.filter((group) => group.lines.length));
}

async function completions(typed) {
  const { suggestions } = await askFor(`v1/suggest?${signed(new URLSearchParams({ q: typed, size: MOST }))}`);
  return suggestions ?? [];
}

/** What was searched here, and the hot list. */
async function unasked() {
  const { hot } = await askFor(`v1/suggest/hot?${new URLSearchParams({ size: MOST })}`);
  const named = (query, mark) => ({ label: query, mark, take: () => search(query) });
  const past = searched().map((query) => named(query, ""));
  if (past.length) past.push({ label: "清空搜索历史", mark: "", quiet: true, take: () => { keep([]); box.focus(); offer(); } });
  return [
    { name: "搜索历史", lines: past },
    { name: "大家都在搜", lines: (hot ?? []).map((one) => named(one.query, { new: "新", up: "热" }[one.trend] ?? "")) },
  ];
}

/** A completion: what it is called, where it is searched, and what happens when it is taken. */
function line(one, typed) {
  const where = one.category ? `在 ${one.category.at(-1)} 里搜` : one.shop ? "进店看看" : one.own ? "搜过" : "";
  const params = new URLSearchParams({ q: one.query });
  if (one.category) params.set("category", one.category.join("/"));
  if (one.shop) params.set("shop", one.shop);
  return { label: one.text, mark: where, typed, take: () => { box.value = one.query; go(params); } };
}

function show(groups) {
  lines = groups.flatMap((group) => group.lines);
  chosen = -1;
  let number = 0;
  const options = ({ label, mark, typed, quiet, take }) => h("li",
    { id: `suggestion-${number++}`, role: "option", "aria-selected": "false", className: quiet ? "quiet" : "", onclick: take },
    h("span", {}, ...marked(label, typed)), mark ? h("small", { textContent: mark }) : null);
  list.replaceChildren(...groups.map((group, at) => (group.name
    ? h("ul", { role: "group", "aria-labelledby": `suggestions-${at}` }, h("li", { id: `suggestions-${at}`, role: "presentation", className: "title", textContent: group.name }), ...group.lines.map(options))
    : h("ul", { role: "presentation" }, ...group.lines.map(options)))));
  list.hidden = !lines.length;
  box.setAttribute("aria-expanded", String(!!lines.length));
  box.removeAttribute("aria-activedescendant");
  $("suggested").textContent = lines.length ? `${lines.length} 条建议，用上下键选择` : "";
}

/** What was typed stands as it was, what goes on behind it is bold. */
function marked(label, typed) {
  if (!typed || !label.startsWith(typed)) return [label];
  return [typed, h("b", { textContent: label.slice(typed.length) })];
}

function pressed(event) {
  if (event.isComposing) return;
  const { key } = event;
  if (key === "Escape" && lines.length) { event.preventDefault(); box.value = given; return close(); }
  if (key === "Enter" && chosen >= 0) { event.preventDefault(); return lines[chosen].take(); }
  if (key !== "ArrowDown" && key !== "ArrowUp") return;
  event.preventDefault();
  if (!lines.length) return offer();
  // One place more than there are lines: that of the box itself.
  const places = lines.length + 1;
  choose(((chosen + 1 + (key === "ArrowDown" ? 1 : places - 1)) % places) - 1);
}

function choose(place) {
  const options = list.querySelectorAll("[role=option]");
  options[chosen]?.setAttribute("aria-selected", "false");
  chosen = place;
  options[chosen]?.setAttribute("aria-selected", "true");
  options[chosen]?.scrollIntoView({ block: "nearest" });
  if (chosen < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", options[chosen].id);
  box.value = chosen < 0 || lines[chosen].quiet ? given : lines[chosen].label;
}

/** Has the empty box say what this shopper may want next. */
async function shade() {
  const { words } = await askFor(`v1/suggest/shade?${signed(new URLSearchParams({ size: 1 }))}`);
  box.placeholder = words?.length ? words[0].query : "想找什么？说出来就好";
  box.dataset.shade = words?.length ? words[0].query : "";
}

// Kept for whoever is at the page, on this machine alone.
function searched() {
  try { return JSON.parse(localStorage.getItem(`${KEPT}.${who.id}`)) ?? []; } catch { return []; }
}

function remember(query) {
  if (query?.trim()) keep([query.trim(), ...searched().filter((one) => one !== query.trim())].slice(0, MOST));
}

function keep(queries) {
  try { localStorage.setItem(`${KEPT}.${who.id}`, JSON.stringify(queries)); } catch { /* nothing is kept */ }
}
