/** Where somebody was in a list: kept with the entry of the history, so that back, forward and reload come to it again. */

const WAIT_MS = 120;
let at = location.search, timer = null, wanted = history.state?.place ?? null;

/** Once a list is drawn: as far down as it was. more(): puts the next page below, and says whether there was one. */
export async function comeBack(more = () => false) {
  const place = wanted;
  if (!place) return;
  while (cards() < place.cards && (await more()));
  if (place === wanted) scrollTo({ top: place.y });
  wanted = null;
}

function cards() {
  return document.querySelectorAll("#results:not([hidden]) #grid > .card, #feed:not([hidden]) #offers > .card").length;
}

/** Writes down how far down the page is. */
export function keep() {
  clearTimeout(timer);
  if (!wanted) history.replaceState({ ...history.state, place: { cards: cards(), y: Math.round(scrollY) } }, "");
}

history.scrollRestoration = "manual";
addEventListener("scroll", () => { clearTimeout(timer); timer = setTimeout(keep, WAIT_MS); }, { passive: true });
// Another thing behind the # is no other list.
addEventListener("popstate", () => {
  clearTimeout(timer);
  if (location.search !== at) wanted = history.state?.place ?? null;
  at = location.search;
});
addEventListener("way", () => { wanted = null; at = location.search; });
