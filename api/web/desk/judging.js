/** Judging: sets of queries, handed out to two judges who do not see each other; then how far they agree, and the files. */

import { h } from "../dom.js";
import { get, getText, post } from "./ask.js";
import { area, button, count, field, form, input, keep, note, say, section, submit, table, when } from "./parts.js";
import { task } from "./judging_task.js";

const ALL = "v1/admin/judging";

export async function judging(page, said) {
  const name = said.get("set");
  if (name) return await judge(page, name, said.get("judge") ?? "");
  const made = input({ maxLength: 40, placeholder: "spring" }), queries = area({ rows: 5 }), depth = input({ type: "number", min: 1, max: 50, value: "10" }), list = h("div", {});
  const refresh = async () => list.replaceChildren(sets((await get(ALL)).sets));
  const make = async () => {
    const lines = queries.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const { sets: [one] } = await post(ALL, { name: made.value.trim(), queries: lines, depth: Number(depth.value) });
    await refresh();
    say(`${one.name}：${one.queries} 个词，${one.size} 件商品`);
  };
  page.append(list, section("做一份新的", form(make, h("div", { className: "row" }, field("名字", made, "小写字母、数字和 - _"), field("每个词看前几件", depth)), field("搜索词，每行一个", queries), submit("做一份"))));
  await refresh();
}

function sets(all) {
  const who = input({ maxLength: 64, placeholder: "没有密钥时写名字" });
  const open = (one) => () => { location.hash = `judging?${new URLSearchParams({ set: one.name, judge: who.value.trim() })}`; };
  const save = (one, file, as) => async () => keep(as, await getText(`${ALL}/${one.name}/export`, { file }));
  return section("评判集", field("我是", who, "有密钥的服务认密钥；两位评判互相看不到对方的分"), table("评判集", ["名字", "#词", "#商品", "做的人", "进度", "一致", "做什么"], all.map((one) => [
    one.name, one.queries, count(one.size), `${one.by}，${when(one.at)}`, Object.values(one.judges).map((done) => `${count(done)}/${count(one.size)}`).join("，") || "还没开始", agreed(one),
    h("span", { className: "row" }, button("评判", open(one), { plain: true, name: `评判 ${one.name}` }), button("qrels", save(one, "qrels", `${one.name}.qrels`), { plain: true, name: `${one.name} 存成 qrels` }),
      button("queries", save(one, "queries", `${one.name}.queries.tsv`), { plain: true, name: `${one.name} 存成 queries` }))]), "还没有评判集。"));
}

function agreed({ agreement, finished }) {
  if (!agreement) return finished ? "–" : "两位都评完才知道";
  const number = (value) => (value === null ? "–" : value.toFixed(2));
  return `κ ${number(agreement.kappa)}，加权 ${number(agreement.weighted)}（${Math.round(100 * agreement.same)}% 相同）`;
}

async function judge(page, name, who) {
  const shown = h("div", {});
  const draw = (given) => shown.replaceChildren(task(given, grade));
  const grade = async (qid, grades) => {
    draw(await post(`${ALL}/${name}/grades`, { judge: who, qid, grades }));
    shown.querySelector("input:not(:checked)")?.focus();
  };
  page.append(h("p", {}, h("a", { href: "#judging", textContent: "所有评判集" })), shown, note("键盘：0–3 打分并到下一件，↑ ↓ 换一件，Enter 交这个词。"));
  draw(await get(`${ALL}/${name}/next`, { judge: who }));
}
