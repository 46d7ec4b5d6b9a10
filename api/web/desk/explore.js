/** A query under the glass: how it was read, which rules held, and of every hit the parts that sum and what placed it. */

import { h } from "../dom.js";
import { CHANNELS, DIMENSIONS, FEATURES, INTENTS, KINDS, NOTES, PARTS, PLACED } from "../names.js";
import { post } from "./ask.js";
import { count, facts, field, form, input, note, section, share, submit, table } from "./parts.js";

const SAID = { noise: "语气词", other: "别的", catalogue: "商品库", lexicon: "词典", pattern: "写法", context: "上下文", nobody: "不知道是谁在问" };
const STATES = { applied: "用了", relaxed: "放宽了", overridden: "以选的为准", ignored: "没算" };
const ACTIONS = { hide: "藏起来", filter: "只留", bury: "放到最后", pin: "放到某一位", boost: "加分", rewrite: "改写", redirect: "带去别处", banner: "横幅" };
const SIZE = 20;

export async function explore(page, said) {
  const query = input({ type: "search", value: said.get("q") ?? "", maxLength: 512 });
  const user = input({ value: said.get("user") ?? "" });
  const found = h("div", {});
  const ask = async () => {
    const at = new URLSearchParams({ q: query.value, ...(user.value && { user: user.value }) });
    history.replaceState(null, "", `#explore?${at}`);
    const asked = { query: query.value, size: SIZE, explain: true, kinds: ["product"], ...(user.value ? { user_id: user.value } : {}) };
    found.replaceChildren(...drawn(await post("v1/search", asked)));
  };
  page.append(section("问一句", form(ask, h("div", { className: "row" },
    field("查询", query), field("替哪位顾客问（可不填）", user, "要有替顾客说话的密钥"), submit("看看")))), found);
  if (query.value) await ask();
}

function drawn(answer) {
  const { understood: read } = answer;
  return [section("怎么读的", plan(answer)), ...(read ? [words(read)] : []), ...ruled(answer.rules), ...empty(read), hits(answer)];
}

function plan({ query, understood: read, total, near, took_ms, generation, degraded, personal }) {
  const { rewrite, correction, intent, searched } = read ?? {};
  return facts([
    ["规范写法", query.normalized], ["搜的是", searched], ["切成", query.tokens.join(" / ")],
    ["改写", rewrite && `${rewrite.text}（规则 ${rewrite.rules.join("、")}）`],
    ["更正", correction && `${correction.text}（${correction.kind}，${correction.action}，${share(correction.confidence)}）`],
    ["意图", intent && `${INTENTS[intent.kind] ?? intent.kind}，说清了 ${share(intent.strength)}：${Object.entries(intent.parts).filter(([, part]) => part > 0).map(([name, part]) => `${PARTS[name]?.[0] ?? name} ${part.toFixed(2)}`).join(" + ")}`],
    ["字面召回", NOTES[query.match] ?? "包含全部词语"],
    ["结果", `${count(total.value)}${total.relation === "eq" ? "" : "+"} 件答案，${count(near)} 件相近`],
    ["个性化", personal.applied ? `最多挪 ${personal.shift} 位` : `没有用：${SAID[personal.why_not] ?? personal.why_not}`],
    ["没用上", degraded.map((part) => CHANNELS[part] ?? part).join("、")],
    ["索引", generation], ["用时", `${took_ms.toFixed(1)} 毫秒`],
  ]);
}

function words({ entities, constraints, term_weights, categories }) {
  return section("认出了什么",
    table("词的轻重", ["词", "#分量"], Object.entries(term_weights).map(([word, weight]) => [word, weight.toFixed(3)]), "没有可搜的词。"),
    table("认出的东西", ["原文", "是什么", "值", "#把握", "从哪知道"], entities.map((one) => [one.text, KINDS[one.kind]?.[0] ?? SAID[one.kind] ?? one.kind, one.value, share(one.confidence), SAID[one.source] ?? one.source]), "没有认出品牌、商品或属性。"),
    table("读到的条件", ["原文", "条件", "结果"], constraints.map((one) => [one.text, one.label, STATES[one.state]]), "没有读到条件。"),
    table("可能的分类", ["分类", "#可能"], categories.map((one) => [one.category, share(one.probability)]), "说不出是哪个分类。"));
}

function ruled(rules) {
  if (!rules) return [section("规则", note("没有规则生效。"))];
  const held = rules.held.map((one) => [h("a", { href: "#rules", textContent: one.name || one.id }), one.actions.map((each) => ACTIONS[each] ?? each).join("、")]);
  return [section("规则", facts([["版本", String(rules.version)], ["改写成", rules.rewritten], ["带去", rules.redirect?.url ?? rules.redirect?.channel], ["横幅", rules.banners.map((one) => one.text).join("；")]]),
    table("生效的规则", ["规则", "做什么"], held))];
}

function empty(read) {
  const why = read?.autopsy;
  return why ? [section("为什么没有结果", table("原因", ["原因", "#放开之后"], why.causes.map((one) => [one.text, one.hits_without === null ? "–" : count(one.hits_without)])),
    note(why.suggestions.length ? `可以试试：${why.suggestions.join("、")}` : ""))] : [];
}

function hits({ hits: found, personal }) {
  return section("结果", ...found.map((hit) => h("details", {}, h("summary", {}, `${hit.rank}. ${hit.title} `, h("small", { textContent: [hit.id, hit.near ? "相近" : "", hit.pinned ? "规则放的" : "", hit.explain ? hit.explain.score.toFixed(3) : ""].filter(Boolean).join(" · ") })),
    ...(hit.explain ? parts(hit, personal) : []))), ...(found.length ? [] : [note("一件也没有。")]));
}

/** The parts of a score, each with what they come to so far: the last sum is the score. */
function parts({ explain, neutral_rank, rank, because }) {
  const { features, channels, formula, placed, personal, rules, score } = explain;
  const ranked = Object.entries(features).filter(([, part]) => part !== 0);
  const all = ranked.length ? ranked.map(([name, part]) => [named(name, rules), part]) : Object.entries(channels).map(([name, one]) => [CHANNELS[name] ?? name, one.contribution]);
  let sum = 0;
  const rows = all.sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).map(([name, part]) => [name, part.toFixed(4), (sum += part).toFixed(4)]);
  return [
    facts([["总分", score.toFixed(4)], ["算法", formula], ["位置", PLACED[placed] ?? "按总分"], ["大家看到", neutral_rank && neutral_rank !== rank ? `第 ${neutral_rank} 位` : ""], ["因为", because],
      ["召回", Object.entries(channels).map(([name, one]) => `${CHANNELS[name] ?? name}${one.rank ? `第 ${one.rank} 名` : "没召回"}（${one.value.toFixed(3)}）`).join("；")],
      ["规则", rules.map((one) => `${one.name || one.rule} ${ACTIONS[one.action] ?? one.action}`).join("；")]]),
    table(`第 ${rank} 位的各部分`, ["部分", "#多少", "#加到"], rows),
    personal ? table(`第 ${rank} 位合心意`, ["喜好", "#多少"], personal.interests.map((one) => [`${DIMENSIONS[one.dimension] ?? one.dimension} ${one.value}`, one.contribution.toFixed(4)])) : null,
  ].filter(Boolean);
}

function named(name, rules) {
  const rule = rules.find((one) => name === `rule:${one.rule}`);
  return rule ? `规则 ${rule.name || rule.rule}` : FEATURES[name] ?? name;
}
