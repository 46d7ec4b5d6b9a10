/** What who asks had to do with the order of a list, and what was taken along into it. */

import { $, h, link } from "./dom.js";
import { change, here } from "./way.js";
import { who } from "./who.js";

const WHY_NOT = {
  off: "这是大家的顺序。", cold: "还不够了解你，先按大家的顺序。", no_consent: "你关掉了按喜好排序，这是大家的顺序。",
  said: "你说得很清楚，就按你说的排，不看喜好。", sorted: "按你选的方式排序，不看喜好。", no_match: "这些商品里没有和你的喜好有关的。",
  nothing_to_order: "", not_understood: "", frozen: "", nobody: "", unavailable: "",
};

export function renderPersonal() {
  const { personal } = here.answer ?? {};
  const mine = !!personal && (who.kind !== "nobody" || here.asked.has("came_from")) && personal.why_not !== "unavailable";
  // Of nobody nothing is known but the video that the search came from.
  const line = mine && (who.kind !== "nobody" || personal.applied) ? inWords(personal) : "";
  const off = here.asked.get("personalize") === "false";
  const flip = link(off ? "按我的喜好排" : "看大家的顺序", () => change((params) => (off ? params.delete("personalize") : params.set("personalize", "false"))));
  $("personal").replaceChildren(...(line ? [line, personal.applied || off ? flip : ""] : []));
  $("personal").hidden = !line;
  renderCarried(mine ? personal.carry_over : []);
}

function inWords({ applied, why_not, strength, shift }) {
  if (!applied) return WHY_NOT[why_not] ?? "";
  return `按${who.kind === "shopper" ? "你的喜好" : "这次看过的"}排过：话里说清了 ${Math.round(100 * strength)}%，所以一件商品最多挪 ${shift} 位。`;
}

/** What was taken along from the feed or a video: one chip that leaves it behind. */
function renderCarried(carried) {
  const left = here.asked.get("carry_over") === "false";
  const chips = [];
  if (carried.length) {
    const names = carried.map(({ interest }) => interest.value.split("/").at(-1));
    const minutes = Math.max(1, Math.round((Math.max(...carried.map((one) => one.expires)) - Date.now() / 1000) / 60));
    const text = [...new Set(names)].slice(0, 3).join("、");
    chips.push(h("button", {
      type: "button", textContent: `带着刚看过的：${text} ✕`, title: `再过 ${minutes} 分钟就不算了`, "data-key": "carried",
      "aria-label": `不带刚看过的：${text}`, onclick: () => change((params) => params.set("carry_over", "false")),
    }));
  } else if (left && (who.kind !== "nobody" || here.asked.has("came_from"))) {
    chips.push(h("button", { type: "button", className: "ignored", textContent: "＋ 带上刚看过的", "data-key": "carried", onclick: () => change((params) => params.delete("carry_over")) }));
  }
  $("carried").replaceChildren(...chips);
  $("carried").hidden = !chips.length;
}
