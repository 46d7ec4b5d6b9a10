/** One query of a judge: each of its documents gets a grade in words, by mouse or by 0 to 3; at the end what is disputed. */

import { h } from "../dom.js";
import { attempt, count, note, section } from "./parts.js";

const GRADES = ["0 不相关", "1 沾边", "2 基本符合", "3 完全符合"];

/** grade: sends (qid, grades) and draws what comes next. */
export function task({ topic, given, done, size, disputed }, grade) {
  if (topic) return one(topic, given, `评了 ${count(done)}，共 ${count(size)} 件`, grade);
  return h("div", {}, section("评完了", note(`${count(size)} 件都评过了。${disputed.length ? "" : "没有分歧要再看；另一位评完才看得到分歧。"}`)),
    ...disputed.map((each) => one({ qid: each.qid, query: each.query, documents: [each.document] }, {}, `两位评的是：${each.grades.map((number) => GRADES[number]).join("，")}`, grade)));
}

function one({ qid, query, documents }, given, about, grade) {
  const chosen = { ...given };
  const send = h("button", { type: "submit", className: "button", textContent: "交这个词", disabled: true });
  const rows = documents.map((document, at) => h("fieldset", { className: "judged" }, h("legend", {}, document.title, h("br"), h("small", { textContent: document.about })),
    ...GRADES.map((text, number) => h("label", {}, h("input", { type: "radio", name: `${qid} ${document.id}`, value: String(number), checked: given[document.id] === number, onchange: () => { chosen[document.id] = number; ready(); } }), text))));
  const ready = () => { send.disabled = documents.some(({ id }) => chosen[id] === undefined); };
  ready();
  const go = (from, step) => { const next = rows[from + step]; (next?.querySelector("input:checked") ?? next?.querySelector("input") ?? (step > 0 ? send : null))?.focus(); };
  return h("form", {
    onsubmit: (event) => { event.preventDefault(); attempt(() => grade(qid, chosen), send); },
    onkeydown: (event) => {
      const at = rows.indexOf(event.target.closest("fieldset"));
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key >= "0" && event.key <= "3" && event.key.length === 1) { rows[at].querySelectorAll("input")[Number(event.key)].click(); go(at, 1); }
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") go(at, event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "Enter" && !send.disabled) send.click();
      else return;
      event.preventDefault();
    },
  }, section(`“${query}”`, note(about), ...rows, send));
}
