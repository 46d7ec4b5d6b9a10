/** Nothing found, or something wrong: what then. */

import { $, BOX, CLOUD, h, icon, link } from "./dom.js";
import { FILTERS, PROBLEMS } from "./names.js";
import { renderPersonal } from "./personal.js";
import { renderUnderstood } from "./reading.js";
import { renderRules } from "./rules.js";
import { again, clearFilters, go, here, search, take } from "./way.js";

const EXAMPLES = ["保温杯", "汉服", "速食小龙虾", "安化黑茶", "陕西猕猴桃", "送妈妈的礼物", "跑鞋怎么选"];

function renderState(drawing, heading, text, button, action, tail) {
  $("grid").classList.remove("stale");
  $("grid").replaceChildren();
  $("foot").hidden = true;
  $("state").replaceChildren(icon(drawing), h("h2", { textContent: heading }), h("p", { textContent: text }),
    h("button", { type: "button", className: "button", textContent: button, onclick: action }), tail ?? "");
  $("state").hidden = false;
}

export function renderEmpty() {
  const filtered = FILTERS.some((name) => here.asked.has(name));
  const heading = `没有找到“${here.answer.query.text}”`;
  if (filtered) renderState(BOX, heading, "筛选条件可能太严了，放宽一些看看。", "清空筛选再找", clearFilters);
  else renderState(BOX, heading, "换个说法，或者少用几个词试试。", "换个词找", () => $("q").select(), exampleButtons());
  if (here.answer.understood?.autopsy) renderAutopsy(here.answer.understood.autopsy);
}

/** Each cause with its way out. */
export function causeList(causes) {
  const way = ({ hits_without, action }) => {
    if (action.query !== null) return link(`改搜“${action.query}”`, () => take(action));
    if (!action.ignore.length && !action.drop_filters.length) return null;
    const what = action.ignore.length + action.drop_filters.length > 1 ? "全部去掉" : action.ignore[0] === "correction" ? "搜索原词" : "去掉它";
    return link(hits_without === null ? `${what}再找` : `${what}，有 ${hits_without} 件`, () => take(action));
  };
  return h("ul", { className: "causes" }, ...causes.map((cause) => h("li", {}, cause.text, way(cause))));
}

/** The causes, and what else could be looked for. */
function renderAutopsy({ causes, suggestions }) {
  $("state").querySelector("p").replaceWith(causeList(causes), h("br"));
  if (!suggestions.length) return;
  $("state").querySelector(".examples")?.remove();
  $("state").append(h("h3", { textContent: "也可以找找" }), queryButtons(suggestions));
}

export function renderProblem(error) {
  $("count").textContent = "";
  here.answer = null;
  renderRules();
  renderUnderstood();
  renderPersonal();
  const action = error.code === "invalid_request" ? [FILTERS.some((name) => here.asked.has(name)) ? "清空筛选再找" : "回到首页", () => (FILTERS.some((name) => here.asked.has(name)) ? clearFilters() : go(new URLSearchParams()))] : ["再试一次", again];
  renderState(CLOUD, PROBLEMS[error.code] ?? "出了点问题", [error.message, error.hint].filter(Boolean).join(" "), ...action);
  $("panel").replaceChildren();
}

function queryButtons(texts) {
  return h("div", { className: "examples" }, ...texts.map((text) => h("button", { type: "button", textContent: text, onclick: () => search(text) })));
}

export function exampleButtons() { return queryButtons(EXAMPLES); }
