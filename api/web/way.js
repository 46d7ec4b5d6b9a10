/** Where the page is: the URL is the state. Whoever changes it goes there, and "way" is heard in main.js. */

import { $ } from "./dom.js";
import { FILTERS, PARAMETERS } from "./names.js";
import { keep } from "./place.js";

/** asked: what the URL says; answer: what the service said to that; shown: how many of its hits are on the page. */
export const here = { asked: new URLSearchParams(), answer: null, shown: 0 };

export function go(params) {
  for (const name of [...params.keys()]) if (params.get(name) === "") params.delete(name);
  const url = params.size ? `?${params}` : "./";
  keep();
  // A thing that is open behind the # is left, too.
  if (location.hash || params.toString() !== new URLSearchParams(location.search).toString()) history.pushState(null, "", url);
  again();
}

/** Once more to where the page is. */
export function again() {
  dispatchEvent(new Event("way"));
}

export function change(edit) {
  const params = new URLSearchParams(here.asked);
  edit(params);
  go(params);
}

export function toggle(name, value) {
  change((params) => {
    const values = params.getAll(name);
    params.delete(name);
    for (const kept of values) if (kept !== value) params.append(name, kept);
    if (!values.includes(value)) params.append(name, value);
  });
}

export function clearFilters() {
  change((params) => FILTERS.forEach((name) => params.delete(name)));
}

/** Switches something off that was read in the query, or on again. */
export function ignore(id) {
  toggle("ignore", id);
}

/** Does what the autopsy of an empty answer proposes. */
export function take(action) {
  if (action.query !== null) return search(action.query);
  change((params) => {
    for (const id of action.ignore) params.append("ignore", id);
    for (const filter of action.drop_filters) for (const name of PARAMETERS[filter] ?? [filter]) params.delete(name);
  });
}

export function search(text) {
  $("q").value = text;
  go(new URLSearchParams({ q: text.trim() }));
}
