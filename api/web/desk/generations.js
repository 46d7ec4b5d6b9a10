/** Generations of the index: which is served, what the checks said of each, and a switch to another one. */

import { h } from "../dom.js";
import { get, post } from "./ask.js";
import { button, count, facts, input, field, note, say, section, table, when } from "./parts.js";

const ALL = "v1/admin/generations";
const CHECKS = {
  counts: "数量", integrity: "完整", categories: "分类占比", fields: "字段", titles: "标题", identity: "编号", values: "归类", columns: "筛选列", prices: "价格",
  stock: "库存", vectors: "向量", drift: "编码器", analysis: "分词", twins: "重复", gold: "搜得到", latency: "速度", judged: "相关性",
};
const DOCUMENTS = { product: "商品", moment: "片段", video: "视频" };

export async function generations(page) {
  const { generations: all, switches } = await get(ALL);
  const remark = input({ maxLength: 500 }), serving = all.find((one) => one.serving)?.generation ?? null;
  const serve = (one) => async () => {
    if (!confirm(`改用 ${one.generation} 服务？`)) return;
    const { switch: made } = await post(`${ALL}/serve`, { generation: one.generation, expected: serving, note: remark.value });
    page.replaceChildren();
    await generations(page);
    say(`现在用的是 ${made.generation}，之前是 ${made.was}`);
  };
  page.append(
    section("换一代", field("备注", remark, "为什么，写进历史"), all.length ? note("在下面选一代。新的一代由 xunhuo rebuild 建，检查都过才会自动发布；这里可以退回，也可以再换回来。") : note("还没有索引。")),
    ...all.map((one) => section(one.generation, h("p", {}, tag(one), one.forced ? h("span", { className: "tag", textContent: "强行发布" }) : ""),
      facts([["建于", when(one.created_at)], ["内容", Object.entries(one.documents).map(([kind, number]) => `${DOCUMENTS[kind] ?? kind} ${count(number)}`).join("，")],
        ["编码器", one.encoder], ["大小", one.bytes ? `${(one.bytes / 1e6).toFixed(1)} MB` : ""], ["对照", one.against],
        ["强行发布", one.forced && `${one.forced.by}，${when(one.forced.at)}：${one.forced.why}`]]),
      checks(one), one.serving || one.refused ? "" : button("用这一代", serve(one), { plain: true, name: `用这一代 ${one.generation}` }))),
    section("谁换过", table("谁换过", ["时间", "换成", "之前", "谁", "备注"], switches.map((one) => [when(one.at), one.generation, one.was, one.by, one.note]), "还没有人换过。")));
}

function tag({ serving, refused }) {
  return h("span", { className: "tag", textContent: serving ? "正在服务" : refused ? "检查没过，已丢弃" : "备用" });
}

/** What failed is said; what passed is counted, and opened by whoever wants it. */
function checks({ generation, passed, failed, seconds }) {
  const bad = Object.entries(failed), name = (check) => CHECKS[check] ?? check;
  if (!bad.length && !passed.length) return note("没有检查的记录。");
  const time = (check) => (seconds[check] === undefined ? "" : `${seconds[check].toFixed(2)} 秒`);
  return h("div", {}, bad.length ? table(`${generation} 没过的检查`, ["检查", "发现"], bad.map(([check, found]) => [name(check), found.join("；")])) : "",
    h("details", {}, h("summary", { textContent: `${passed.length} 项检查通过` }), table(`${generation} 通过的检查`, ["检查", "#用时"], passed.map((check) => [name(check), time(check)]))));
}
