/** Queries that lead to nothing, why, and the one click that makes a draft of their mend: a rule, or a line of synonyms. */

import { h } from "../dom.js";
import { get } from "./ask.js";
import { button, count, draft, field, form, input, section, share, submit, table } from "./parts.js";

const WHY = { nothing: "没有答案", unopened: "有答案，没人点" };

export async function unanswered(page, said) {
  const days = input({ type: "number", min: 1, max: 366, value: said.get("days") ?? "7" });
  const least = input({ type: "number", min: 2, max: 1000, value: said.get("least") ?? "2" });
  const part = input({ type: "number", min: 0, max: 100, step: 1, value: said.get("share") ?? "10" }), found = h("div", {});
  const look = async () => {
    history.replaceState(null, "", `#unanswered?${new URLSearchParams({ days: days.value, least: least.value, share: part.value })}`);
    const { queries } = await get("v1/admin/queries/unanswered", { days: days.value, least: least.value, share: part.value / 100 });
    found.replaceChildren(drawn(queries));
  };
  page.append(section("看哪些", form(look, h("div", { className: "row" }, field("最近几天", days), field("至少几位顾客搜过", least), field("点过的人至多（%）", part), submit("看看")))), found);
  await look();
}

function drawn(queries) {
  return section(`${queries.length} 个词`, table("没结果的词", ["搜索词", "情形", "#搜的人", "#点的人", "#答案", "#相近", "为什么", "修一下"], queries.map((one) => [
    h("a", { href: `#explore?q=${encodeURIComponent(one.query)}`, textContent: one.query }), WHY[one.why], count(one.shoppers), `${count(one.chose)}（${share(one.chose / one.shoppers)}）`,
    count(one.total), count(one.near), one.causes.map((cause) => cause.text).join("；"), mend(one)]), "没有这样的词。"));
}

/** What it could have meant instead; the draft is opened where it is looked at, tried out and published. */
function mend({ query, corrected, suggestions }) {
  const meant = input({ value: corrected ?? suggestions[0] ?? "", ariaLabel: `${query} 改搜什么`, placeholder: "改搜什么" });
  const rule = () => {
    draft.put("rules", ruleOf(query, meant.value.trim()));
    location.hash = "rules";
  };
  const synonym = () => {
    draft.put("synonyms", `${query}\t${meant.value.trim()}\n`);
    location.hash = "words?name=synonyms";
  };
  return h("span", { className: "row" }, meant, button("写成规则", rule, { plain: true, name: `${query} 写成规则` }), button("写成同义词", synonym, { plain: true, name: `${query} 写成同义词` }));
}

/** JSON is YAML, so what was typed can break nothing. */
function ruleOf(query, meant) {
  const id = `mend-${[...query].map((char) => char.codePointAt(0).toString(36)).join("").slice(0, 40)}`;
  return `- ${JSON.stringify({ id, name: `${query} → ${meant}`, when: { query: [query] }, rewrite: meant })}\n`;
}
