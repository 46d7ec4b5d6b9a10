/** Why a hit stands where it stands. */

import { h } from "./dom.js";
import { CHANNELS, FEATURES, FIELDS, PLACED } from "./names.js";

export function scores(parts) {
  const features = Object.entries(parts.features).filter(([, part]) => part !== 0);
  const all = [...Object.values(parts.channels).map((channel) => channel.contribution), ...features.map(([, part]) => part)];
  const sum = all.reduce((total, part) => total + Math.abs(part), 0) || 1;
  const fields = Object.entries(parts.fields).map(([name, value]) => `${FIELDS[name] ?? name} ${value.toFixed(2)}`).join("，");
  return h("details", {},
    h("summary", { textContent: "为什么排在这里" }),
    ...Object.entries(parts.channels).map(([name, channel]) => h("div", { className: `part ${name}` },
      h("p", {}, CHANNELS[name] ?? name, features.length ? null : h("b", { textContent: channel.contribution.toFixed(4) })),
      features.length ? null : h("div", {}, h("span", { "--share": `${(100 * Math.abs(channel.contribution)) / sum}%` })),
      h("small", { textContent: `${channel.rank ? `第 ${channel.rank} 名` : "未召回"}，原始分 ${channel.value.toFixed(3)}${name === "lexical" && fields ? `（${fields}）` : ""}` }))),
    ...features.map(([name, part]) => h("div", { className: "part feature" },
      h("p", {}, FEATURES[name] ?? name, h("b", { textContent: part.toFixed(4) })),
      h("div", {}, h("span", { "--share": `${(100 * Math.abs(part)) / sum}%` })))),
    h("p", { className: "part" }, h("b", { textContent: `总分 ${parts.score.toFixed(4)}` })),
    PLACED[parts.placed] ? h("p", { className: "part", textContent: PLACED[parts.placed] }) : null,
    h("p", { className: "formula", textContent: parts.formula }));
}
