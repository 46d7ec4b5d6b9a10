/** Dictionaries: edited as text, looked at on real queries and documents before they are in force, and their versions. */

import { h } from "../dom.js";
import { get, getVersioned, sendText } from "./ask.js";
import { area, button, choice, count, draft, field, note, reveal, say, section, table, when } from "./parts.js";

const ALL = "v1/dictionaries";
const NAMES = {
  synonyms: "同义词", rewrites: "改写", stop_words: "停用词", regional: "港台用词", kept_suffixes: "保留的后缀", user_words: "新词", units: "单位", categories: "分类", expansions: "指代",
  constraints: "条件", spelling: "更正",
};

export async function words(page, said) {
  const { dictionaries, editable } = await get(ALL), name = said.get("name") ?? "synonyms";
  const which = choice(dictionaries.map((one) => [one.name, `${NAMES[one.name] ?? one.name}${one.version ? `（第 ${one.version} 版）` : ""}${one.pending ? " · 等重建" : ""}`]), name);
  which.addEventListener("change", () => { location.hash = `words?name=${encodeURIComponent(which.value)}`; });
  page.append(section("哪一本", field("词典", which), editable ? "" : note("这项服务不收词典的修改（api.edit_dictionaries），可以看。")), await one(page, name, editable));
}

async function one(page, name, editable) {
  const { body, version } = await getVersioned(`${ALL}/${name}`), found = h("div", {});
  const text = area({ rows: 16, readOnly: !editable, value: body.text + draft.take(name) });
  const preview = async () => reveal(found, ...looked(await sendText("POST", `${ALL}/${name}/preview`, text.value)));
  const put = async () => {
    if (!confirm("保存之后马上生效。")) return;
    const made = await sendText("PUT", `${ALL}/${name}`, text.value, version);
    page.replaceChildren();
    await words(page, new URLSearchParams({ name }));
    say(`${NAMES[name] ?? name} 第 ${made.version} 版已经生效`);
  };
  return h("div", {}, section(NAMES[name] ?? name, field("内容", text, "写法见 docs/dictionaries.md"), editable ? h("div", { className: "row" }, button("预览", preview, { plain: true }), button("保存", put)) : ""), found,
    section("历史", table("历史", ["#版", "时间", "#字节"], body.versions.toReversed().map((each) => [each.number, when(each.created_at), count(each.bytes)]), "只有最初的一份。")));
}

function looked({ lines, known, matching, compared, queries, titles, documents, documents_read, changed }) {
  const named = (ids, all) => ids && h("ul", {}, ...ids.map((id) => h("li", {}, all[id], " ", h("small", { textContent: id }))));
  return [section("会变什么", note(`日志里 ${count(known)} 个词，沾到的 ${count(matching)} 个，读了两遍的 ${count(compared)} 个，${count(queries.length)} 个会变；看过的 ${count(documents_read)} 件商品里 ${count(documents)} 件会变。`),
    h("pre", { textContent: lines.join("\n"), tabIndex: 0 }),
    table("会变的搜索词", ["搜索词", "#搜过", "之前", "之后", "走的", "来的"], queries.slice(0, 50).map((one) => [h("a", { href: `#explore?q=${encodeURIComponent(one.query)}`, textContent: one.query }), count(one.count),
      JSON.stringify(one.before), JSON.stringify(one.after), named(one.gone, titles), named(one.come, titles)]), "没有搜索词会变。"),
    documents ? h("div", {}, h("h3", { textContent: "会变的商品（前几件）" }), named(Object.keys(changed), changed)) : "")];
}
