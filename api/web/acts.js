/** What is done on the page, as events of POST /v1/events: gathered, sent together, and what is left when the page is left. */

import { call, leave } from "./call.js";
import { fresh, who } from "./who.js";

const PATH = "v1/events", TOGETHER_MS = 1000, AGAIN_MS = 5000, AT_ONCE = 200, WAITING = 1000;
let waiting = [], sending = false, timer = null, taken = true;
const seen = new WeakSet(), offers = new WeakMap();

/** Notes an act and says whether it did: of nobody, or without consent, nothing is noted. One that tells much is sent at once. */
export function note(type, act, soon = false) {
  if (!taken || !who.session || who.consent === false) return false;
  const fields = { id: fresh(), ts: Date.now() / 1000, type, session_id: who.session, ...act };
  if (who.id) fields.user_id = who.id;
  waiting = [...waiting, fields].slice(-WAITING);
  later(soon ? 0 : TOGETHER_MS);
  return true;
}

/** What an event says of a hit: what it is, where it stood, and by what it was put there. */
export function offered(hit, surface, query = "") {
  const act = { item_id: hit.id, kind: hit.kind, surface, position: hit.rank - 1 };
  if (query) act.query = query;
  if (hit.policy) Object.assign(act, { policy: hit.policy, propensity: hit.propensity });
  return act;
}

/** Notes an impression as soon as half of the card was on the screen. */
export function watch(card, act) {
  offers.set(card, act);
  looking.observe(card);
}

/** Throws away what is not sent yet. */
export function forgetActs() {
  waiting = [];
}

/** Sends what waits; the same events again where it did not arrive, since an event counts once. */
export async function send() {
  clearTimeout(timer);
  timer = null;
  if (who.consent === false) forgetActs();
  // Whether a shopper allows it has to be known first.
  if (sending || !waiting.length || who.consent === null) return;
  const some = waiting.slice(0, AT_ONCE);
  sending = true;
  try {
    const response = await call(PATH, { method: "POST", headers: { "Content-Type": "application/json" }, body: bodyOf(some), keepalive: true });
    await response.text();
    if (response.status === 404 || response.status === 405) taken = false;
    if (response.ok || response.status < 500) drop(some);
  } catch { /* the network is away */ } finally { sending = false; }
  if (!taken) waiting = [];
  if (waiting.length) later(waiting[0] === some[0] ? AGAIN_MS : 0);
}

function drop(sent) {
  const gone = new Set(sent);
  waiting = waiting.filter((act) => !gone.has(act));
}

function later(ms) {
  if (ms === 0) { send(); return; }
  timer ??= setTimeout(send, ms);
}

function bodyOf(acts) {
  return JSON.stringify({ events: acts });
}

/** What waits, without asking whether it arrived: the page may be gone before an answer. */
function sendAndLeave() {
  if (!waiting.length || who.consent !== true) return;
  const some = waiting.slice(0, AT_ONCE);
  if (leave(PATH, bodyOf(some))) drop(some);
}

const looking = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || seen.has(target)) continue;
    seen.add(target);
    looking.unobserve(target);
    note("impression", offers.get(target));
  }
}, { threshold: 0.5 });

addEventListener("pagehide", sendAndLeave);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") sendAndLeave(); });
addEventListener("farewell", () => { sendAndLeave(); forgetActs(); });
