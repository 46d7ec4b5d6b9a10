/** What search, mall, videos and livestreams each bring (FACT+), and how shoppers went from one to the other. */

import { h } from "../dom.js";
import { get, getText } from "./ask.js";
import { button, count, field, form, input, keep, note, section, share, submit, table } from "./parts.js";
import { piled } from "./plot.js";

const FIELDS = { search: "搜索", mall: "商城", video: "短视频", live: "直播", other: "说不清" };
const NAMES = Object.keys(FIELDS);

export async function fields(page, said) {
  const days = input({ type: "number", min: 1, max: 366, value: said.get("days") ?? "28" }), found = h("div", {});
  const look = async () => {
    history.replaceState(null, "", `#fields?days=${days.value}`);
    found.replaceChildren(...drawn(await get("v1/admin/fields", { days: days.value })));
  };
  const save = async () => keep("fields.csv", await getText("v1/admin/fields/csv", { days: days.value }), "text/csv");
  page.append(section("最近多久", form(look, h("div", { className: "row" }, field("天", days), submit("看看"), button("存成 CSV", save, { plain: true })))), found);
  await look();
}

function drawn({ fields: rows, ways, days }) {
  const money = rows.reduce((sum, row) => sum + row.gmv, 0), unpriced = rows.reduce((sum, row) => sum + row.unpriced, 0);
  return [
    section("各场带来什么",
      table("各场带来什么", ["场", "#顾客", "#曝光", "#点击", "#点击率", "#观看", "#加购", "#订单", "#退货", "#GMV", "#占比", "#退款", "#优质 GMV"], rows.map((row) => [
        name(row.field), count(row.shoppers), count(row.impressions), count(row.clicks), row.impressions ? share(row.clicks / row.impressions) : "–", count(row.watches), count(row.carts),
        count(row.orders), count(row.refunds), yuan(row.gmv), money ? share(row.gmv / money) : "–", yuan(row.refunded), yuan(row.quality_gmv)])),
      note(`金额按现在的价格算。优质 GMV：没有退、质量够好的商品的成交。${unpriced ? `有 ${count(unpriced)} 件商品现在没有价格，没算在金额里。` : ""}`)),
    section("每天的 GMV", Object.keys(days).length ? piled("每天的 GMV，按场堆叠", Object.entries(days).map(([day, parts]) => [day.slice(5), parts]), NAMES, yuan) : note("这些天没有成交。"),
      h("p", { className: "legend" }, ...NAMES.map((each) => name(each)))),
    section("场与场之间",
      h("h3", { textContent: "一次逛里，从哪到哪" }), matrix("从哪到哪（次）", ways, (way) => way?.moves),
      h("h3", { textContent: "在哪种草，在哪成交" }), matrix("种草到成交（单）", ways, (way) => way?.orders)),
  ];
}

function name(each) {
  return h("span", {}, h("i", { className: `of-${each}`, ariaHidden: "true" }), FIELDS[each]);
}

/** Rows: where it began; columns: where it went. */
function matrix(caption, ways, of) {
  const seen = NAMES.filter((each) => ways.some((way) => [way.origin, way.target].includes(each) && of(way)));
  return table(caption, ["从 ＼ 到", ...seen.map((each) => `#${FIELDS[each]}`)], seen.map((from) => [FIELDS[from], ...seen.map((to) => {
    const number = of(ways.find((way) => way.origin === from && way.target === to));
    return number ? count(number) : "–";
  })]), "还没有。");
}

function yuan(value) {
  return value >= 10000 ? `¥${(value / 10000).toFixed(1)}万` : `¥${Math.round(value)}`;
}
