/** Who is at the page: a shopper by id, a guest of whom only this visit is known, or nobody. "farewell" is heard before it changes, "who" after. */

import { keyed } from "./call.js";

const KEPT = "xunhuo.who", VISIT = "xunhuo.visit";
export const NOBODY = { kind: "nobody", id: "", name: "" };
export const GUEST = { kind: "guest", id: "", name: "访客" };

/** kind: shopper, guest or nobody; id: of a shopper; session: of this visit, "" for nobody; consent: null while it is not known. */
export const who = { ...NOBODY, session: "", consent: null };

/** Goes on as the one of the last visit to the page. */
export function begin() {
  const kept = read(localStorage, KEPT) ?? NOBODY;
  take(keyed && kept.kind === "shopper" ? GUEST : kept, read(sessionStorage, VISIT));
}

/** From now on somebody else is here, in a visit of its own. */
export function become(somebody) {
  dispatchEvent(new Event("farewell"));
  keep(localStorage, KEPT, somebody);
  take(somebody, null);
  dispatchEvent(new Event("who"));
}

/** Another shopper of this id, or the same one under the name that is known. */
export function shopper(id, name = "") {
  return { kind: "shopper", id, name: name || id };
}

/** Adds to a request who asks. */
export function signed(params) {
  if (who.id) params.set("user_id", who.id);
  if (who.session) params.set("session_id", who.session);
  return params;
}

/** A name that nobody else has given anything. */
export function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function take({ kind, id, name }, visit) {
  const mine = visit?.of === `${kind} ${id}` ? visit.session : fresh();
  const session = kind === "nobody" ? "" : mine;
  Object.assign(who, { kind, id, name, session, consent: kind === "shopper" ? null : kind === "guest" });
  keep(sessionStorage, VISIT, { of: `${kind} ${id}`, session });
}

// A browser may keep nothing at all for a page; then it is another visit each time.
function read(storage, name) {
  try { return JSON.parse(storage.getItem(name)); } catch { return null; }
}

function keep(storage, name, value) {
  try { storage.setItem(name, JSON.stringify(value)); } catch { /* nothing is kept */ }
}
