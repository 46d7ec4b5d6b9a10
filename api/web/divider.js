/** The line between what answers and what is only near; where nothing answers, why, and the ways out. */

import { h } from "./dom.js";
import { causeList } from "./empty.js";

/** The line, where a hit is the first that is near. */
export function dividerBefore(hit, { divider, total, understood }) {
  if (!hit.near || hit.rank !== total.value + 1) return [];
  const line = h("h2", { className: "divider", textContent: divider });
  const causes = total.value ? [] : (understood?.autopsy?.causes ?? []).filter((cause) => cause.kind !== "no_match");
  return causes.length ? [line, h("div", { className: "ways" }, causeList(causes))] : [line];
}

/** How many answer, and how many are near, where it is counted: [text, number, text]. */
export function countWords({ total: { value, relation }, near }) {
  if (!value && near) return ["没有完全符合的，有 ", String(near), " 件相近"];
  return [{ eq: "共 ", about: "约 ", gte: "" }[relation], relation === "gte" ? `${value}+` : String(value), near ? ` 件，另有 ${near} 件相近` : " 件"];
}
