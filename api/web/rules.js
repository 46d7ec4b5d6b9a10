/** What the rules of the shop say beside a list: banners, and where to go instead. */

import { $, h } from "./dom.js";
import { here } from "./way.js";

export function renderRules() {
  const { banners = [], redirect } = here.answer?.rules ?? {};
  const led = redirect ? [{ text: redirect.channel ? `去“${redirect.channel}”频道看看` : "去活动页看看", link: redirect.url }] : [];
  const shown = [...led, ...banners].map(({ text, link }) => (link ? h("a", { href: link, textContent: text }) : h("span", { textContent: text })));
  $("banners").replaceChildren(...shown);
  $("banners").hidden = !shown.length;
}
