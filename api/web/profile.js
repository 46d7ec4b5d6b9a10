/** What we think a shopper likes: shown with its evidence, and taken away, confirmed, switched off or forgotten at a word. */

import { forgetActs, send } from "./acts.js";
import { call } from "./call.js";
import { $, askFor, h, link } from "./dom.js";
import { ACTS } from "./names.js";
import { again } from "./way.js";
import { who } from "./who.js";

const FEW = 12;
let shown = null, held = null, all = false, running = null;

/** Asks what is held of who is here. What is not known yet is found out: whether events may be kept. What was asked last counts. */
export async function learnWho() {
  const mine = (running = {});
  shown = held = null;
  $("profile").setAttribute("aria-busy", String(who.kind === "shopper"));
  if (who.kind !== "shopper") return renderProfile();
  const found = await askFor(`${path(who.id)}/profile`);
  if (mine !== running) return;
  shown = found.profile ? found : { problem: found.error?.message ?? "没有收到回答。" };
  // Where there are no profiles there is nothing to forbid; where the answer is missing it stays unknown.
  who.consent = found.choices?.consent ?? ([404, 405].includes(found.error.status) ? true : null);
  $("profile").setAttribute("aria-busy", "false");
  renderProfile();
  send();
}

export function renderProfile() {
  $("profile").replaceChildren(...(who.kind === "shopper" ? of(shown) : [h("p", { className: "quiet", textContent: who.kind === "guest" ? "访客没有档案：只有这次看过的会影响顺序，关掉页面就忘了。" : "没有人在用，什么都不记。" })]));
}

function of(found) {
  if (!found) return [h("p", { className: "quiet", textContent: "正在读取…" })];
  if (found.problem) return [h("p", { className: "quiet", textContent: `读不到档案：${found.problem}` })];
  const { consent, pinned } = found.choices, interests = found.profile.interests ?? [];
  const few = all ? interests : interests.slice(0, FEW);
  return [
    h("label", { className: "switch" }, h("input", { type: "checkbox", role: "switch", checked: consent, "data-key": "consent", onchange: (event) => allow(event.target.checked) }), "记住我的行为，按喜好排序"),
    consent ? null : h("p", { className: "quiet", textContent: "已经关掉：不再记录，也不读以前的。以前的还留着，可以导出或全部忘掉。" }),
    consent && !interests.length ? h("p", { className: "quiet", textContent: "还不了解你的喜好。逛一逛、搜一搜，这里就会有。" }) : null,
    few.length ? h("ul", { className: "interests" }, ...few.map((one) => interest(one, pinned.includes(one.interest)))) : null,
    interests.length > FEW ? link(all ? "收起" : `全部 ${interests.length} 项`, () => { all = !all; renderProfile(); }) : null,
    h("p", { className: "rights" },
      h("a", { className: "link", href: `${path(who.id)}/export`, download: `${who.id}.jsonl`, textContent: "导出全部数据" }),
      h("button", { type: "button", className: "link", textContent: "全部忘掉", "data-key": "forget", onclick: (event) => forget(event.target) })),
  ].filter(Boolean);
}

function interest(one, pinned) {
  const strength = Math.min(1, Math.abs(one.weight));
  return h("li", { className: one.weight < 0 ? "against" : "" },
    h("details", { ontoggle: (event) => { if (event.target.open) showEvidence(event.target, one); } },
      h("summary", {}, h("span", { textContent: one.in_words }), h("span", { className: "meter", "aria-hidden": "true" }, h("span", { "--share": `${100 * strength}%` }))),
      h("p", { className: "quiet", textContent: `最近一次：${ago(one.last_seen)}，把握 ${Math.round(100 * one.confidence)}%${pinned ? "，你确认过" : ""}` }),
      h("ul", { className: "evidence" })),
    h("button", { type: "button", className: "small", textContent: pinned ? "已钉住" : "钉住", "aria-pressed": String(pinned), "aria-label": `钉住：${one.name}`, "data-key": `pin ${one.interest}`, disabled: pinned, onclick: () => decide("PUT", `${interestPath(one)}/pin`, `已钉住“${one.name}”`) }),
    h("button", { type: "button", className: "small", textContent: "去掉", "aria-label": `去掉：${one.name}`, onclick: () => decide("DELETE", interestPath(one), `已去掉“${one.name}”`) }));
}

/** The acts that made an interest, out of all that is held of the shopper. */
async function showEvidence(details, one) {
  held ??= call(`${path(who.id)}/export`).then((response) => response.text()).then(eventsById, () => new Map());
  const events = (await held), list = details.querySelector(".evidence");
  const lines = await Promise.all(one.events.map((id) => events.get(id)).filter(Boolean).map(inWords));
  list.replaceChildren(...lines.map((text) => h("li", { textContent: text })));
}

function eventsById(lines) {
  const records = lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return new Map(records.filter((one) => one.record === "event").map((one) => [one.id, one]));
}

async function inWords({ ts, type, item_id, query }) {
  const item = item_id ? await askFor(`v1/products/${encodeURIComponent(item_id)}`) : {};
  const what = item.product?.title ?? (item_id || query);
  return `${new Date(ts * 1000).toLocaleDateString("zh-CN", { month: "long", day: "numeric" })}${ACTS[type] ?? type} ${what}${item_id && query ? `（搜“${query}”时）` : ""}`;
}

async function allow(consent) {
  if (!consent) forgetActs();
  await decide("PUT", `${path(who.id)}/consent`, consent ? "已打开：从现在起会记住你的行为" : "已关掉：不再记录，也不读以前的", { consent });
  document.querySelector("[data-key=consent]")?.focus();
}

/** Asks once more before everything goes. */
async function forget(button) {
  if (!button.dataset.sure) {
    button.dataset.sure = "yes";
    button.textContent = "真的全部忘掉？再按一次";
    return;
  }
  forgetActs();
  await decide("DELETE", path(who.id), "已全部忘掉");
}

/** Sends a choice, says what became of it, and shows everything as it is now. */
async function decide(method, where, done, body = null) {
  const given = await askFor(where, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) });
  $("said").textContent = given.error ? `没有成功：${given.error.message}` : done;
  await learnWho();
  again();
}

function path(id) { return `v1/users/${encodeURIComponent(id)}`; }
function interestPath(one) { return `${path(who.id)}/interests/${encodeURIComponent(one.interest)}`; }
function ago(seconds) {
  const days = Math.floor((Date.now() / 1000 - seconds) / 86400);
  return days < 1 ? "今天" : `${days} 天前`;
}
