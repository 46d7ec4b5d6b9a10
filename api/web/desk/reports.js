/** Evaluations: runs with their intervals, and A against B with how sure the difference is; the whole page can be kept. */

import { h } from "../dom.js";
import { get, getText } from "./ask.js";
import { button, count, facts, keep, note, section, table, when } from "./parts.js";

const ALL = "v1/admin/reports";
const KINDS = { run: "一次评测", comparison: "A/B 对比", page: "页面" };
const ABOUT = { channels: "召回", generation: "索引", encoder: "编码器", analyzer: "分词" };

export async function reports(page, said) {
  const { reports: all } = await get(ALL), shown = h("div", {});
  const open = (one) => async () => {
    history.replaceState(null, "", `#reports?name=${encodeURIComponent(one.name)}`);
    shown.replaceChildren(await drawn(one));
    shown.querySelector("h2")?.scrollIntoView();
  };
  const save = (one, file) => async () => keep(`${one.name}-${file}`, await getText(`${ALL}/${encodeURIComponent(one.name)}/${file}`), "text/html");
  page.append(section("报告", note("数据目录的 reports 里的：xunhuo eval run … --out <数据目录>/reports/名字"), table("报告", ["名字", "种类", "时间", "做什么"], all.map((one) => [one.name, KINDS[one.kind], when(one.at),
    h("span", { className: "row" }, one.kind === "page" ? "" : button("看", open(one), { plain: true, name: `看 ${one.name}` }),
      ...one.files.filter((file) => file.endsWith(".html")).map((file) => button(`存下 ${file}`, save(one, file), { plain: true, name: `存下 ${one.name} 的 ${file}` })))]), "还没有报告。")), shown);
  const asked = all.find((one) => one.name === said.get("name"));
  if (asked && asked.kind !== "page") shown.replaceChildren(await drawn(asked));
}

async function drawn({ name, kind }) {
  const where = `${ALL}/${encodeURIComponent(name)}`;
  return kind === "run" ? run(name, await get(`${where}/summary.json`)) : comparison(name, await get(`${where}/comparison.json`));
}

function about(said) { return Object.entries(said).map(([name, value]) => [ABOUT[name] ?? name, value]); }
function number(value) { return value.toFixed(4); }
/** Of one query alone there is no interval. */
function range({ low, high }) { return low === null ? "–" : `${number(low)} – ${number(high)}`; }

function run(name, { about: said, coverage, measures, slices, latency }) {
  return h("div", {}, section(name, facts([...about(said), ["搜索词", `${count(coverage.asked)}，判过的 ${count(coverage.judged)}，没结果的 ${count(coverage.without_result.length)}`], ["用时", `中位 ${latency.p50_ms.toFixed(1)} 毫秒，p99 ${latency.p99_ms.toFixed(1)} 毫秒`]]),
    table("指标", ["指标", "#平均", "#95% 区间"], Object.entries(measures).map(([measure, one]) => [measure, number(one.mean), range(one)]))),
  section("分组", table("分组", ["组", "#词", ...Object.keys(measures).slice(0, 3).map((each) => `#${each}`)], slices.map((one) => [`${one.group} ${one.label}`, count(one.n), ...Object.keys(measures).slice(0, 3).map((each) => number(one.measures[each].mean))]))));
}

function comparison(name, { name_a, name_b, about_a, about_b, n, measures, slices }) {
  const differ = [...new Set([...Object.keys(about_a), ...Object.keys(about_b)])].filter((key) => about_a[key] !== about_b[key]);
  return h("div", {}, section(name, facts([["A", name_a], ["B", name_b], ["搜索词", count(n)], ...differ.map((key) => [ABOUT[key] ?? key, `${about_a[key] ?? "–"} → ${about_b[key] ?? "–"}`])]),
    table("B 比 A", deltaHeads("指标"), measures.map((one) => [one.measure, ...delta(one)]))),
  section("分组", table("分组", deltaHeads("组"), slices.filter((one) => one.measures.length).map((one) => [`${one.group} ${one.label}（${one.n}）`, ...delta(one.measures[0])]))));
}

function deltaHeads(first) { return [first, "#A", "#B", "#差", "#95% 区间", "#p", "#胜 / 平 / 负"]; }

function delta({ mean_a, mean_b, delta: by, p_value, wins, ties, losses }) {
  const sure = by.low === null ? "" : by.low > 0 ? "up" : by.high < 0 ? "down" : "";
  return [number(mean_a), number(mean_b), h("span", { className: sure, textContent: `${by.mean > 0 ? "+" : ""}${number(by.mean)}` }), range(by), p_value === null ? "–" : p_value.toFixed(3), `${wins} / ${ties} / ${losses}`];
}
