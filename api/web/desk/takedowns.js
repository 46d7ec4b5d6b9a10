/** Take-downs: tried out first, then said with a reason and an end; what stands is taken back here, and who did what is told. */

import { h } from "../dom.js";
import { get, post } from "./ask.js";
import { area, button, choice, count, field, form, input, say, section, submit, table, when } from "./parts.js";

const KINDS = [["product", "商品"], ["spu", "同款（SPU）"], ["shop", "店铺"], ["brand", "品牌"], ["video", "视频或直播"], ["creator", "作者"], ["query", "整句搜索词"], ["word", "词"]];
const REASONS = [["law", "法律法规禁止"], ["counterfeit", "假冒伪劣"], ["safety", "安全隐患"], ["recall", "产品召回"], ["qualification", "缺少资质"], ["advertising", "违法广告"], ["rights", "侵犯知识产权"], ["privacy", "侵犯隐私或肖像"], ["complaint", "投诉举报"], ["fraud", "虚假交易或价格欺诈"], ["owner", "商家或作者申请"], ["other", "其他"]];
const DOCUMENTS = { product: "商品", moment: "片段", video: "视频" };
const ACTIONS = { take_down: "下架", restore: "恢复", expire: "到期" };
const ALL = "v1/admin/takedowns";

export async function takedowns(page, said) {
  const standing = h("div", {}), history = h("div", {});
  const refresh = async () => {
    standing.replaceChildren(await stands(refresh));
    history.replaceChildren(await trail());
  };
  page.append(asking(said, refresh), standing, history);
  await refresh();
}

function asking(said, refresh) {
  const kind = choice(KINDS, said.get("kind") ?? "product"), reason = choice(REASONS, "other");
  const values = area({ rows: 3, value: said.get("value") ?? "" }), remark = input({ maxLength: 1000 });
  const until = input({ type: "datetime-local" }), silent = h("input", { type: "checkbox", id: "silent" });
  const effects = h("div", {}), act = h("div", { className: "row", hidden: true });
  const asked = () => values.value.split("\n").map((line) => line.trim()).filter(Boolean).map((value) => ({
    kind: kind.value, value, reason: reason.value, note: remark.value, until: until.value ? new Date(until.value).toISOString() : null, show_notice: !silent.checked,
  }));
  const check = async () => {
    const { effects: found } = await post(`${ALL}/check`, { takedowns: asked() });
    effects.replaceChildren(wouldGo(found));
    act.hidden = false;
  };
  const add = async () => {
    const { takedowns: made } = await post(ALL, { takedowns: asked() });
    say(`已下架 ${made.map((one) => one.target).join("、")}`);
    values.value = "";
    effects.replaceChildren();
    act.hidden = true;
    await refresh();
  };
  // What was tried out is what is said: whatever changes is tried out again.
  for (const one of [kind, values]) one.addEventListener("input", () => { act.hidden = true; effects.replaceChildren(); });
  act.append(button("下架", add));
  return section("下架什么", form(check,
    h("div", { className: "row" }, field("种类", kind), field("理由", reason)),
    field("值", values, "每行一个：编号；品牌、搜索词和词写文字"),
    h("div", { className: "row" }, field("备注", remark, "案号、工单；顾客看不到"), field("到期（可不填）", until)),
    h("p", { className: "check" }, silent, h("label", { htmlFor: "silent", textContent: "不告诉顾客是规定的原因" })),
    submit("先试一试")), effects, act);
}

function wouldGo(effects) {
  const rows = effects.map(({ target, hits, samples, stands }) => [target,
    Object.entries(hits).map(([kind, number]) => `${DOCUMENTS[kind] ?? kind} ${count(number)}`).join("，") || "没有",
    Object.values(samples).flat().map((one) => one.title || one.id).join("；"), stands ? "已经下架" : ""]);
  return table("会下架什么", ["目标", "会不见", "比如", "现在"], rows);
}

async function stands(refresh) {
  const { takedowns: found } = await get(ALL);
  const back = (target) => async () => {
    if (!confirm(`恢复 ${target}？`)) return;
    await post(`${ALL}/restore`, { targets: [target], note: "" });
    say(`已恢复 ${target}`);
    await refresh();
  };
  return section("现在下架的", table("现在下架的", ["目标", "理由", "备注", "谁", "从", "到", "做什么"], found.map((one) => [
    one.target, one.reason_name, one.note, one.operator, when(one.since), when(one.until), button("恢复", back(one.target), { plain: true, name: `恢复 ${one.target}` })]), "什么也没有下架。"));
}

async function trail() {
  const { entries } = await get(`${ALL}/history`, { limit: 50 });
  return section("谁做了什么", table("谁做了什么", ["时间", "做了", "目标", "谁", "理由", "备注"], entries.map((one) => [
    when(one.at), ACTIONS[one.action] ?? one.action, one.target, one.operator, REASONS.find(([name]) => name === one.reason)?.[1], one.note]), "还没有记录。"));
}
