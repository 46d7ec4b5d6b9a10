/** The queue of the listing check: what a rule found, in which words, and what somebody decides about it. */

import { h } from "../dom.js";
import { get, post } from "./ask.js";
import { button, choice, count, field, form, note, say, section, submit, table, when } from "./parts.js";

const ALL = "v1/admin/listing";
const DECISIONS = { block: "不上架", demote: "降权", flag: "标记" };
const VERDICTS = { right: "没问题", wrong: "确有问题" };
const RULES = {
  absolute_words: "绝对化用语", qualification: "资质", price_fraud: "价格欺诈", title_stuffing: "堆砌标题", copied: "搬运", brand_misuse: "冒用品牌",
  counterfeit: "疑似假货", brushing: "刷单", low_quality: "质量低",
};

export async function listing(page, said) {
  const state = choice([["open", "没人看过的"], ["looked", "看过的"], ["all", "全部"]], said.get("state") ?? "open");
  const decision = choice([["", "全部"], ...Object.entries(DECISIONS)], said.get("decision") ?? "");
  const rule = choice([["", "全部"], ...Object.entries(RULES)], said.get("rule") ?? ""), found = h("div", {});
  const look = async () => {
    const asked = { state: state.value, decision: decision.value, rule: rule.value };
    history.replaceState(null, "", `#listing?${new URLSearchParams(asked)}`);
    found.replaceChildren(drawn(await get(ALL, asked), look));
  };
  page.append(section("看哪些", form(look, h("div", { className: "row" }, field("状态", state), field("结论", decision), field("规则", rule), submit("看看")))), found);
  await look();
}

function drawn({ listings, total, open, rules, generation }, again) {
  const decide = (one, verdict) => async () => {
    await post(`${ALL}/verdict`, { id: one.id, verdict, note: "" });
    await again();
    say(`${one.title}：${VERDICTS[verdict]}`);
  };
  const rows = listings.map((one) => [DECISIONS[one.decision], h("div", {}, one.title, h("br"), h("small", { textContent: one.id })),
    h("div", {}, ...one.findings.map((each) => h("p", {}, h("span", { className: "tag", textContent: RULES[each.rule] ?? each.rule }), each.matched ? h("b", { textContent: `${each.matched} ` }) : "", each.message))),
    one.looked ? `${VERDICTS[one.looked.verdict]}，${one.looked.by}，${when(one.looked.at)}` : h("span", { className: "row" },
      ...Object.entries(VERDICTS).map(([verdict, text]) => button(text, decide(one, verdict), { plain: true, name: `${text}：${one.title}` }))),
    h("a", { href: `#takedowns?kind=product&value=${encodeURIComponent(one.id)}`, textContent: "下架", ariaLabel: `下架 ${one.title}` })]);
  return section(`${count(total)} 件`, note(`${generation} 里还有 ${count(open)} 件没人看过。${Object.entries(rules).map(([rule, number]) => `${RULES[rule] ?? rule} ${number}`).join("，")}`),
    table("要看的商品", ["结论", "商品", "发现", "判断", "别的"], rows, "没有要看的了。"));
}
