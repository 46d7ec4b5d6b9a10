/** The switch of shoppers: those of the demo mall, any id, a guest, or nobody. */

import { keyed } from "./call.js";
import { $, askFor, h, link } from "./dom.js";
import { learnWho } from "./profile.js";
import { again } from "./way.js";
import { GUEST, NOBODY, become, begin, shopper, who } from "./who.js";

let tastes = [];

export async function openSwitch() {
  begin();
  render();
  writeId();
  $("who").addEventListener("click", () => { learnWho(); $("me").showModal(); });
  $("leave").addEventListener("click", () => $("me").close());
  $("me").addEventListener("click", (event) => { if (event.target === $("me")) $("me").close(); });
  $("other").addEventListener("submit", (event) => { event.preventDefault(); const id = $("id").value.trim(); if (id) become(shopper(id)); });
  addEventListener("who", () => { $("said").textContent = `现在是${title()}`; render(); writeId(); learnWho(); again(); });
  learnWho();
  $("other").hidden = keyed;
  if (keyed) return;
  tastes = (await askFor("v1/demo/shoppers")).shoppers ?? [];
  render();
  if ($("id").value === who.id) writeId();  // else somebody is typing
}

function title() {
  return who.kind === "nobody" ? "没有人" : who.name;
}

function render() {
  $("who").replaceChildren(h("span", { className: "face", "aria-hidden": "true", textContent: who.kind === "nobody" ? "?" : [...who.name][0] }), h("span", { className: "name", textContent: title() }));
  $("who").ariaLabel = `现在是${title()}，换人或看档案`;
  const choices = [
    ...tastes.map(({ id, name, likes }) => [shopper(id, name), name, `常看 ${likes.join("、")}`]),
    [GUEST, "访客", "只看这次逛了什么"], [NOBODY, "没有人", "什么都不记，按大家的顺序"],
  ];
  $("people").replaceChildren(...choices.map(([somebody, name, about]) => h("label", {},
    h("input", { type: "radio", name: "who", checked: somebody.kind === who.kind && somebody.id === who.id, "data-key": `who ${somebody.kind} ${somebody.id}`, onchange: () => { become(somebody); document.querySelector(`[data-key="who ${somebody.kind} ${somebody.id}"]`)?.focus(); } }),
    h("span", {}, h("b", { textContent: name }), h("small", { textContent: about })))));
  // Who comes for the first time sees that there is somebody to be.
  $("try").replaceChildren("换个人逛逛：", ...tastes.map(({ id, name }) => link(name, () => become(shopper(id, name)))));
  $("try").hidden = who.kind !== "nobody" || !tastes.length;
}

/** The id of who has no name here. */
function writeId() {
  $("id").value = who.kind === "shopper" && !tastes.some((one) => one.id === who.id) ? who.id : "";
}
