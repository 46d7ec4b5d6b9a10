/** Every request of the page, with the key that the page was given; without one the service asks for none. */

const KEY = document.querySelector('meta[name="key"]')?.content ?? "";

/** Whether it has one. Such a key speaks for no shopper, so whoever is here is a guest. */
export const keyed = KEY !== "";

/** As fetch. */
export function call(where, options = {}) {
  if (!keyed) return fetch(where, options);
  return fetch(where, { ...options, headers: { ...options.headers, Authorization: `Bearer ${KEY}` } });
}

/** Sends JSON without asking whether it arrives: the page may be gone before an answer. True when it is on its way. */
export function leave(where, body) {
  if (!keyed) return navigator.sendBeacon(where, new Blob([body], { type: "application/json" }));
  // A beacon carries no key.
  call(where, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  return true;
}
