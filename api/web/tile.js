/** How a product looks: its photograph where there is one that may be shown, else a drawing of such a thing in its colour; and its price. */

import { colourOf } from "./colours.js";
import { h } from "./dom.js";
import { kindOf } from "./kinds.js";
import { digest, hue } from "./names.js";
import { SILHOUETTES } from "./silhouettes.js";

const SVG = "http://www.w3.org/2000/svg", SIDE = 64, WIDTH = 320, HEIGHT = 240, COLOURS = ["颜色", "色号"];
const HOSTS = new Set((document.querySelector('meta[name="image-hosts"]')?.content ?? "").split(" ").filter(Boolean));
// Things that mostly have a colour, where none is said: hue, saturation, lightness.
const USUAL = {
  apple: [356, 66, 50], citrus: [32, 88, 58], nuts: [30, 46, 52], prawn: [10, 76, 54], meat: [356, 52, 52], wine: [352, 44, 28], tin: [130, 26, 36], noodles: [8, 60, 46], sack: [38, 46, 74],
  jar: [34, 62, 52], board: [32, 46, 62], knife: [210, 12, 74], glass: [196, 38, 80], bowl: [206, 40, 82], lipstick: [352, 72, 46], tissue: [204, 44, 74], wok: [220, 8, 24], plant: [130, 38, 44],
};

export function picture(hit) {
  const path = [hit.category ?? []].flat().join("/").split("/").filter(Boolean), leaf = path.at(-1) ?? "好物";
  const about = hit.attributes ?? hit.fields?.attributes ?? {}, said = COLOURS.map((name) => [about[name] ?? []].flat()[0]).find(Boolean) ?? "";
  const badge = hit.fields?.stock === 0 ? "暂时缺货" : hit.kind === "video" ? "视频" : null, called = `${said} ${leaf}`.trim(), url = photographOf(hit);
  const drawn = () => drawing(kindOf(path, hit.title ?? ""), colourOf(said), leaf, `${called}的示意图`);
  return h("div", { className: "tile", "--hue": String(hue(leaf) + (digest(hit.id) % 5) * 6) },
    url ? photograph(url, `${called}的照片`, drawn) : drawn(),
    h("i", { textContent: leaf, "aria-hidden": "true" }), badge ? h("b", { textContent: badge }) : null);
}

/** The first picture of the record that lies where pictures may be shown from; null without one. */
function photographOf({ images = [], fields }) {
  return [...images, ...(fields?.images ?? [])].map((one) => URL.parse?.(one) ?? null).find((url) => url?.protocol === "https:" && HOSTS.has(url.host))?.href ?? null;
}

function photograph(src, alt, instead) {
  return h("img", { loading: "lazy", decoding: "async", width: WIDTH, height: HEIGHT, referrerPolicy: "no-referrer", alt, src, onerror: (event) => event.target.replaceWith(instead()) });
}

function drawing(kind, colour, leaf, label) {
  const svg = document.createElementNS(SVG, "svg"), [tone, vivid, light] = colour ?? USUAL[kind] ?? [hue(leaf), 38, 56];
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", "aria-label": label, "data-kind": kind })) svg.setAttribute(name, value);
  for (const [name, value] of [["--tone", tone], ["--vivid", `${vivid}%`], ["--light", `${light}%`]]) svg.style.setProperty(name, String(value));
  svg.append(...SILHOUETTES[kind].split("|").map((piece) => {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("class", piece[0]);
    line.setAttribute("d", piece.slice(2));
    return line;
  }));
  return svg;
}

export function price(hit) {
  if (typeof hit.price !== "number") return h("span", { className: "now", textContent: "暂无价格" });
  const [whole, cents] = hit.price.toFixed(2).split(".");
  return h("span", { className: "now", "data-price": String(hit.price) }, "¥", h("b", { textContent: whole }), cents === "00" ? "" : `.${cents}`);
}
