/** Merchandising rules: edited as text, checked, looked at on queries before anybody sees them, published, and taken back. */

import { h } from "../dom.js";
import { get, getVersioned, post } from "./ask.js";
import { area, button, draft, field, input, note, reveal, say, section, table, when } from "./parts.js";

const ALL = "v1/admin/rules";

export async function rules(page) {
  const { body, version } = await getVersioned(ALL);
  const text = area({ rows: 12, value: withDraft(body.text, draft.take("rules")) });
  const queries = area({ rows: 4, placeholder: "不写就用规则里说到的词" }), remark = input({ maxLength: 500 });
  const found = h("div", {}), history = h("div", {});
  const asked = () => ({ rules: text.value });
  const check = async () => {
    const { rules: number, publishable, problems } = await post(`${ALL}/validate`, asked());
    reveal(found, section("检查", note(`${number} 条规则，${publishable ? "可以发布" : "还不能发布"}`), wrongs(problems)));
  };
  const preview = async () => {
    const lines = queries.value.split("\n").map((line) => line.trim()).filter(Boolean);
    reveal(found, looked(await post(`${ALL}/preview`, { ...asked(), queries: lines })));
  };
  const publish = async () => {
    if (!confirm("发布之后，下一次搜索就按这些规则。")) return;
    const made = await post(`${ALL}/publish`, { ...asked(), note: remark.value }, { version });
    await again(`第 ${made.version.number} 版已经生效：${made.version.rules} 条规则`);
  };
  const back = (number) => async () => {
    if (!confirm(number ? `回到第 ${number} 版？` : "撤掉所有规则？")) return;
    const made = await post(`${ALL}/rollback`, { version: number, note: remark.value }, { version });
    await again(`第 ${made.version.number} 版已经生效：内容同第 ${number} 版`);
  };
  const again = async (done) => { page.replaceChildren(); await rules(page); say(done); };
  page.append(
    section(body.version ? `规则（第 ${version} 版）` : "规则（还没有发布过）", field("全部规则，YAML", text, "写法见 docs/rules.md；整份一起发布"),
      field("拿哪些搜索词看", queries), h("div", { className: "row" }, button("检查", check, { plain: true }), button("预览", preview)),
      h("div", { className: "row" }, field("备注", remark, "为什么，写进历史"), button("发布", publish))),
    found, history);
  history.replaceChildren(await versions(text, back, version));
}

/** A rule that another page made a draft of comes first; it is not kept before somebody publishes. */
function withDraft(text, rule) {
  return rule ? text.replace(/^rules:( \[\])?\n/m, `rules:\n${rule}`) : text;
}

function wrongs(problems) {
  return table("问题", ["规则", "字段", "问题", "怎么办", "轻重"], problems.map((one) => [one.rule, one.field, one.message, one.hint, one.fatal ? "必须改" : "提醒"]), "没有发现问题。");
}

function looked({ queries, silent, problems, seconds }) {
  const changed = queries.filter((one) => one.moved.length || JSON.stringify(one.before) !== JSON.stringify(one.after));
  return section("预览：现在 → 发布后", note(`${queries.length} 个词里 ${changed.length} 个会变（${seconds.toFixed(2)} 秒）`), wrongs(problems),
    ...changed.flatMap(({ query, before, after, moved }) => [h("h3", { textContent: query }),
      note([`${before.total} → ${after.total} 件`, ...["rewritten", "redirect"].filter((name) => before[name] !== after[name]).map((name) => `${name}：${before[name] ?? "–"} → ${after[name] ?? "–"}`),
        `规则 ${before.held.join("、") || "–"} → ${after.held.join("、") || "–"}`, after.banners.length ? `横幅 ${after.banners.join("、")}` : ""].filter(Boolean).join("；")),
      table(`${query} 的前十`, ["#现在", "#之后", "变化", "商品"], moved.map((one) => [one.before ?? "–", one.after ?? "–", arrow(one), `${one.title} ${one.id}`]), "前十不变。")]),
    silent.length ? note(`对这些词都没有生效：${silent.join("、")}`) : "");
}

function arrow({ before, after }) {
  if (after === null) return h("span", { className: "down", textContent: "走了" });
  if (before === null) return h("span", { className: "up", textContent: "来了" });
  return h("span", { className: after < before ? "up" : "down", textContent: after < before ? `升 ${before - after}` : `降 ${after - before}` });
}

async function versions(text, back, current) {
  const { versions: all } = await get(`${ALL}/history`);
  const open = (number) => async () => { text.value = (await get(`${ALL}/versions/${number}`)).text; text.focus(); };
  const rows = all.toReversed().map((one) => [one.number, when(one.at), one.by, one.note, one.restored ? `同第 ${one.restored} 版` : `${one.rules} 条`,
    h("span", { className: "row" }, button("看", open(one.number), { plain: true, name: `看第 ${one.number} 版` }),
      one.number === current ? "生效中" : button("回到这版", back(one.number), { plain: true, name: `回到第 ${one.number} 版` }))]);
  return section("历史", table("历史", ["#版", "时间", "谁", "备注", "内容", "做什么"], rows, "还没有发布过。"), all.length ? button("撤掉所有规则", back(0), { plain: true }) : "");
}
