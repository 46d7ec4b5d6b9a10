/** Why a hit stands where it stands: what it scores for everybody, and what the shopper's own interests moved. */

import { h } from "./dom.js";
import { CHANNELS, DIMENSIONS, FEATURES, FIELDS, FORMULAS, PLACED, SOURCES, bandName } from "./names.js";
import { here } from "./way.js";

const NAMED = 8;

export function why(hit) {
  if (hit.explain) return h("details", {}, h("summary", { textContent: "为什么排在这里" }), ...moved(hit), ...scores(hit.explain));
  if (hit.source) return h("details", {}, h("summary", { textContent: "为什么推荐" }), ...source(hit));
  return null;
}

/** The place for everybody, the place here, and the interests whose parts add up to the personal score. */
function moved({ rank, neutral_rank, because, explain: { personal } }) {
  if (!personal) return [];
  const { interests, score } = personal, { strength, shift } = here.answer.personal;
  const rest = interests.slice(NAMED), most = Math.abs(interests[0]?.contribution ?? 0) || 1;
  const signed = (value) => `${value > 0 ? "+" : ""}${value.toFixed(4)}`;
  const row = (name, value) => h("div", { className: value < 0 ? "against" : "" }, h("p", {}, name, h("b", { textContent: signed(value) })),
    h("div", {}, h("span", { "--share": `${Math.min(100, (100 * Math.abs(value)) / most)}%` })));
  return [h("div", { className: "mine" },
    h("p", { className: "places" }, `大家看到第 ${neutral_rank} 位，你看到第 ${rank} 位`, because ? `，${because}` : ""),
    h("small", { textContent: `话里说清了 ${Math.round(100 * strength)}%，最多挪 ${shift} 位` }),
    ...interests.slice(0, NAMED).map((one) => row(`${DIMENSIONS[one.dimension] ?? one.dimension} ${one.dimension === "price" ? bandName(one.value) : one.value.split("/").at(-1)}`, one.contribution)),
    rest.length ? row(`其余 ${rest.length} 项`, rest.reduce((sum, one) => sum + one.contribution, 0)) : null,
    h("p", { className: "total" }, h("b", { textContent: `合你的心意 ${signed(score)}` }), h("small", { textContent: "不计入下面的总分，只决定挪几位" })))];
}

function scores(parts) {
  const features = Object.entries(parts.features).filter(([, part]) => part !== 0);
  const all = [...Object.values(parts.channels).map((channel) => channel.contribution), ...features.map(([, part]) => part)];
  const sum = all.reduce((total, part) => total + Math.abs(part), 0) || 1;
  const fields = Object.entries(parts.fields).map(([name, value]) => `${FIELDS[name] ?? name} ${value.toFixed(2)}`).join("，");
  return [
    ...Object.entries(parts.channels).map(([name, channel]) => h("div", { className: `part ${name}` },
      h("p", {}, CHANNELS[name] ?? name, features.length ? null : h("b", { textContent: channel.contribution.toFixed(4) })),
      features.length ? null : h("div", {}, h("span", { "--share": `${(100 * Math.abs(channel.contribution)) / sum}%` })),
      h("small", { textContent: `${channel.rank ? `第 ${channel.rank} 名` : "未召回"}，原始分 ${channel.value.toFixed(3)}${name === "lexical" && fields ? `（${fields}）` : ""}` }))),
    ...features.map(([name, part]) => h("div", { className: "part feature" },
      h("p", {}, FEATURES[name] ?? ruled(name, parts.rules), h("b", { textContent: part.toFixed(4) })),
      h("div", {}, h("span", { "--share": `${(100 * Math.abs(part)) / sum}%` })))),
    h("p", { className: "part" }, h("b", { textContent: `总分 ${parts.score.toFixed(4)}` })),
    PLACED[parts.placed] ? h("p", { className: "part", textContent: PLACED[parts.placed] }) : null,
    h("p", { className: "formula", textContent: FORMULAS[parts.formula] ?? parts.formula }),
  ];
}

/** What a boost is called: by the name of its rule. */
function ruled(name, rules = []) {
  const { name: called, rule } = rules.find((one) => name === `rule:${one.rule}`) ?? {};
  return called || rule ? `店铺的规则 ${called || rule}` : name;
}

function source({ source, because, propensity }) {
  return [h("p", { className: "part", textContent: SOURCES[source] ?? source }),
    because ? h("p", { className: "part", textContent: because }) : null,
    source === "explored" ? h("p", { className: "part", textContent: `这一位有 ${(100 * propensity).toFixed(1)}% 的机会给它` }) : null].filter(Boolean);
}
