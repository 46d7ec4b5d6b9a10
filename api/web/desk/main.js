/** The desk: which page the address names is drawn; the key is asked for where the service wants one. */

import { $, h } from "../dom.js";
import { keyed, useKey } from "./ask.js";
import { explore } from "./explore.js";
import { fields } from "./fields.js";
import { generations } from "./generations.js";
import { judging } from "./judging.js";
import { listing } from "./listing.js";
import { attempt, say } from "./parts.js";
import { reports } from "./reports.js";
import { rules } from "./rules.js";
import { takedowns } from "./takedowns.js";
import { unanswered } from "./unanswered.js";
import { words } from "./words.js";

/** Name in the address → its heading, and what draws it into a node, told what stands behind the name. */
const PAGES = {
  explore: ["查询", explore],
  rules: ["规则", rules],
  words: ["词典", words],
  takedowns: ["下架", takedowns],
  listing: ["商品审核", listing],
  unanswered: ["没结果的词", unanswered],
  fields: ["各场贡献", fields],
  judging: ["评判", judging],
  reports: ["评测", reports],
  generations: ["索引", generations],
};

function show() {
  const [name, said] = location.hash.slice(1).split("?");
  const at = PAGES[name] ? name : "explore", [heading, draw] = PAGES[at];
  document.title = `${heading} - 寻货工作台`;
  $("title").textContent = heading;
  $("nav").replaceChildren(h("ul", {}, ...Object.entries(PAGES).map(([each, [text]]) => {
    const made = h("a", { href: `#${each}`, textContent: text });
    if (each === at) made.setAttribute("aria-current", "page");
    return h("li", {}, made);
  })));
  $("nav").querySelector("[aria-current]").scrollIntoView({ inline: "center", block: "nearest" });
  say("");
  const page = h("div", { id: "page" });
  $("page").replaceWith(page);
  attempt(() => draw(page, new URLSearchParams(said ?? "")));
}

function askKey() {
  $("key-text").value = "";
  if (!$("key").open) $("key").showModal();
}

addEventListener("hashchange", () => { if (location.hash !== "#main") show(); });
addEventListener("key", askKey);
$("key-open").addEventListener("click", askKey);
$("key-form").addEventListener("submit", () => { if ($("key-text").value.trim()) useKey($("key-text").value); show(); });
$("key-drop").addEventListener("click", () => { useKey(""); $("key").close(); show(); });
$("key-open").title = keyed() ? "有密钥" : "没有密钥";
show();
