/** How the query was read, and what of it is not meant. */

import { $, h, link } from "./dom.js";
import { INTENTS, KINDS, PARTS, leafOf } from "./names.js";
import { here, ignore, search, toggle } from "./way.js";

export function renderUnderstood() {
  const read = here.answer?.understood;
  renderSpelling(read);
  const wishes = (read?.constraints ?? []).map(wish);
  $("wishes").replaceChildren(...wishes);
  $("wishes").hidden = !wishes.length;
  $("reading").hidden = !read || !(read.entities.length || wishes.length);
  if (!$("reading").hidden) $("reading").replaceChildren(h("summary", {}, h("b", { textContent: "理解" }), ...pieces(read)), insight(read));
}

function renderSpelling(read) {
  const ruled = here.answer?.rules?.rewritten, { correction } = read ?? {};
  const typed = ruled ? here.asked.get("q").trim() : here.answer?.query.text, rewrite = ruled ? { text: ruled } : read?.rewrite;
  const back = (what) => link(`${what}“${typed}”`, () => ignore(rewrite ? "rewrite" : "correction"));
  let line = [];
  if (rewrite) line = ["已为您搜索“", h("b", { textContent: rewrite.text }), "”，", back("仍然搜索")];
  else if (correction?.action === "replace") line = ["已为您搜索“", h("b", { textContent: correction.text }), "”，", back("仍然搜索")];
  else if (correction?.action === "both") line = ["也为您搜索了“", h("b", { textContent: correction.text }), "”，", back("只搜索")];
  else if (correction) line = ["您是不是要找 ", link(correction.text, () => search([correction.text, ...said(read)].join(" "))), "？"];
  else if (here.asked.getAll("ignore").includes("correction")) line = [`按原词“${typed}”搜索，`, link("恢复自动更正", () => ignore("correction"))];
  $("spelling").replaceChildren(...line);
  $("spelling").hidden = !line.length;
}

/** The words that were read as conditions and are not in the searched text. */
function said(read) {
  return read.constraints.filter((one) => one.state !== "ignored" && !read.searched.includes(one.text)).map((one) => one.text);
}

function wish({ id, label, state }) {
  const [text, name] = {
    applied: [`${label} ✕`, `去掉条件：${label}`],
    relaxed: [`已放宽：${label} ✕`, `去掉已放宽的条件：${label}`],
    overridden: [`${label}（以您选的为准）✕`, `去掉条件：${label}`],
    ignored: [`＋ ${label}`, `恢复条件：${label}`],
  }[state];
  return h("button", { type: "button", className: state, textContent: text, "aria-label": name, "data-key": `wish ${id}`, onclick: () => ignore(id) });
}

/** The query, cut into what was recognised and what lies between. */
function pieces(read) {
  const marks = [
    ...read.constraints.filter((one) => one.state !== "ignored").map((one) => ({ ...one, name: "条件", hue: null })),
    ...read.entities.filter((one) => KINDS[one.kind]).map((one) => ({ ...one, name: KINDS[one.kind][0], hue: KINDS[one.kind][1] })),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  const letters = [...read.query], shown = [];
  const plain = (from, to) => { if (from < to) shown.push(h("span", { textContent: letters.slice(from, to).join("") })); };
  let at = 0;
  for (const { start, end, name, hue } of marks) {
    if (start < at) continue;
    plain(at, start);
    shown.push(h("span", { className: hue === null ? "piece wish" : "piece", "--hue": String(hue ?? 0) }, letters.slice(start, end).join(""), h("i", { textContent: name })));
    at = end;
  }
  plain(at, letters.length);
  return shown;
}

function insight({ term_weights, categories, intent }) {
  const row = (text, share, label) => h("div", { className: "row" }, text, h("div", { className: "meter" }, h("span", { "--share": `${100 * share}%` })), h("small", { textContent: label }));
  const words = Object.entries(term_weights).map(([word, weight]) => row(h("span", { textContent: word, title: word }), weight, weight.toFixed(2)));
  const leaves = categories.filter(({ probability }) => probability >= 0.005).map(({ category, probability }) => row(
    h("button", { type: "button", className: "link", textContent: leafOf("category", category), title: `只看 ${category}`, onclick: () => { if (!here.asked.getAll("category").includes(category)) toggle("category", category); } }),
    probability, `${Math.round(100 * probability)}%`));
  const parts = Object.entries(intent?.parts ?? {}).filter(([, part]) => part > 0).map(([name, part]) => [...(PARTS[name] ?? [name, 0]), part]);
  return h("div", { className: "insight" },
    words.length ? h("div", {}, h("h2", { textContent: "每个词有多要紧" }), ...words) : null,
    leaves.length ? h("div", {}, h("h2", { textContent: "可能的分类" }), ...leaves) : null,
    intent ? h("div", { className: "intent" },
      h("h2", { textContent: `${INTENTS[intent.kind] ?? intent.kind} · 说清了 ${Math.round(100 * intent.strength)}%` }),
      h("div", { className: "meter parts" }, ...parts.map(([, hue, part]) => h("span", { "--share": `${100 * part}%`, "--hue": String(hue) }))),
      h("p", { className: "parts-of" }, ...parts.map(([name, hue, part]) => h("span", {}, h("i", { "--hue": String(hue) }), `${name} ${part.toFixed(2)}`)))) : null);
}
