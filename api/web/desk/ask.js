/** Every request of the desk, with the key that the operator typed in: it stays in this tab, and goes nowhere else. */

const KEPT = "xunhuo.desk.key";
let key = kept();

/** What the service refused: its error, with its status. */
export class Refused extends Error {
  constructor(status, { code = "", message = "", field = null, hint = null } = {}) {
    super(message);
    Object.assign(this, { status, code, field, hint });
  }
}

export function keyed() { return key !== ""; }

/** From now on asks with this key; "" with none. */
export function useKey(text) {
  key = text.trim();
  try { sessionStorage.setItem(KEPT, key); } catch { /* then it holds until the page is left */ }
}

export async function get(where, params = {}) {
  return (await sent("GET", within(where, params))).body;
}

/** As `get`, with the version of what came: {body, version}. */
export async function getVersioned(where) {
  return await sent("GET", where);
}

export async function post(where, body, { version = null } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (version !== null) headers["If-Match"] = `"${version}"`;
  return (await sent("POST", where, { headers, body: JSON.stringify(body) })).body;
}

/** Sends a text as it is. */
export async function sendText(method, where, text, version = null) {
  const headers = { "Content-Type": "text/plain; charset=utf-8" };
  if (version !== null) headers["If-Match"] = `"${version}"`;
  return (await sent(method, where, { headers, body: text })).body;
}

/** What is no JSON: a file to keep. */
export async function getText(where, params = {}) {
  return await (await answered("GET", within(where, params))).text();
}

async function sent(method, where, options = {}) {
  const response = await answered(method, where, options);
  return { body: await response.json(), version: Number((response.headers.get("ETag") ?? "").replaceAll('"', "")) };
}

async function answered(method, where, options = {}) {
  const headers = key ? { ...options.headers, Authorization: `Bearer ${key}` } : options.headers;
  let response;
  try {
    response = await fetch(where, { ...options, method, headers });
  } catch {
    throw new Refused(0, { code: "network", message: "连不上服务。" });
  }
  if (response.ok) return response;
  throw new Refused(response.status, (await response.json().catch(() => ({}))).error);
}

/** An address with the parameters that have a value; a list gives one more than once. */
function within(where, params) {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) for (const one of [value].flat()) if (one !== "" && one !== null && one !== undefined && one !== false) said.append(name, one);
  return said.size ? `${where}?${said}` : where;
}

function kept() {
  try { return sessionStorage.getItem(KEPT) ?? ""; } catch { return ""; }
}
