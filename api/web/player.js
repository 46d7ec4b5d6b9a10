/** The player: a video without its footage, so what is said runs instead. Its id and second stand behind the # of the URL. */

import { note } from "./acts.js";
import { after } from "./after.js";
import { badge } from "./clips.js";
import { $, askFor, h, icon } from "./dom.js";
import { clock, secondOf } from "./moment.js";
import { hue, short } from "./names.js";
import { roomOf } from "./room.js";
import { shown } from "./shown.js";
import { spots } from "./spots.js";
import { tickerOf } from "./ticker.js";
import { lineAt, transcript } from "./transcript.js";
import { here } from "./way.js";

const PLAY = "M17 10l20 14-20 14z", PAUSE = "M17 11v26M31 11v26", LEAST_S = 1;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let opened = null;

/** Opens what the URL names at its second, or closes what it names no more. */
export async function showVideo() {
  const asked = new URLSearchParams(location.hash.slice(1)), id = asked.get("video"), at = asked.has("t") ? Number(asked.get("t")) || 0 : null;
  if (!id) { leave(); return; }
  if (opened?.id === id) { opened.seek?.(at ?? 0); return; }
  leave();
  const mine = (opened = { id });
  const video = await askFor(`v1/videos/${encodeURIComponent(id)}`);
  const room = video.error ? await askFor(`v1/live/${encodeURIComponent(id)}`) : {};
  if (mine !== opened) return;
  if (video.error && room.error) $("clip").replaceChildren(h("h2", { id: "watch-title", textContent: "没有这个视频" }), h("p", { className: "quiet", textContent: video.error.message }));
  else play(mine, video.error ? roomAlone(id) : video, at);
  $("watch").showModal();
  mine.shown = true;
  mine.begin?.();
  const next = video.error ? null : await after(id, () => leave());
  if (next && mine === opened) $("clip").querySelector(".beside").append(next);
}

/** A livestream whose transcript is not there yet. */
function roomAlone(id) {
  return { id, title: `直播间 ${id}`, creator: null, kind: "live", stats: {}, segments: [], moments: [], products: [] };
}

function play(mine, video, at) {
  const keep = () => history.replaceState(null, "", secondOf(video.id, Math.round(100 * mine.ticker.now()) / 100));
  const seek = (second) => { mine.ticker.seek(second); keep(); };
  const lines = transcript(video, seek), goods = shown(video, seek, keep);
  const room = video.kind === "live" ? roomOf(video.id, keep, (on, title) => { stage.air(on, title); about.replaceWith((about = aboutOf(video, on))); }) : null;
  const length = Math.max(0, ...video.segments.map(({ end }) => end ?? 0));
  const stage = stageOf(video, length, seek, () => (mine.ticker.playing ? (mine.ticker.pause(), keep()) : mine.ticker.play()));
  let about = aboutOf(video, false);
  mine.video = video;
  mine.room = room;
  mine.seek = (second) => mine.ticker.seek(second);
  mine.ticker = tickerOf(length, (second, playing) => { stage.move(second, playing); lines.move(second); goods.move(second); });
  // Once it is on the screen, so that the line of this second can be scrolled to.
  // A room is entered for what is on its screen now, not for what was said.
  mine.begin = () => { mine.ticker.seek(at ?? 0); if (!still.matches && (at !== null || !room)) mine.ticker.play(); };
  $("clip").replaceChildren(h("div", { className: "seen" }, stage.node, about, spots(video, seek), room?.strip), h("div", { className: "told" }, video.segments.length ? lines.list : null),
    h("div", { className: "beside" }, goods.list));
}

function aboutOf({ title, creator, kind, stats }, on) {
  const facts = [creator?.name, stats.views ? `${short(stats.views)} 次播放` : ""].filter(Boolean).join(" · ");
  return h("div", { className: "about" }, h("h2", { id: "watch-title", textContent: title }), h("p", { className: "quiet" }, badge({ kind, on_air: on }), facts));
}

/** Where the footage would be: the words of this second, and what moves it. */
function stageOf({ creator, title, segments }, length, seek, flip) {
  const words = h("p", { className: "words" }), time = h("span", { className: "time" });
  const button = h("button", { type: "button", className: "flip", onclick: flip });
  const slider = h("input", { type: "range", min: 0, max: length, step: 1, "aria-label": "进度", oninput: () => seek(Number(slider.value)) });
  const bar = length ? h("div", { className: "controls" }, button, slider, time) : h("p", { className: "controls quiet", textContent: segments.length ? "这份文字稿没有时间。" : "还没有文字稿。" });
  const aside = h("p", { className: "aside" });
  let playing = null, screen = "";
  function air(on, title) {
    aside.textContent = on ? "正在直播，这里没有画面" : "这里没有画面，放的是文字";
    screen = on ? title : "";
    if (!segments[lineAt(segments, Number(slider.value))]) words.textContent = screen;
  }
  air(false, "");
  function move(at, now) {
    words.textContent = segments[lineAt(segments, at)]?.text ?? screen;
    slider.value = at;
    slider.setAttribute("aria-valuetext", clock(at));
    time.textContent = `${clock(at)} / ${clock(length)}`;
    if (now === playing) return;
    playing = now;
    button.replaceChildren(icon(now ? PAUSE : PLAY));
    button.ariaLabel = now ? "暂停" : "播放";
  }
  return { node: h("div", { className: "stage", "--hue": String(hue(creator?.name ?? title)) }, aside, words, bar), move, air };
}

/** Notes how long it was watched, and stops whatever runs. */
function leave() {
  if (!opened) return;
  noteWatched();
  opened.ticker?.pause();
  opened.room?.end();
  opened = null;
  if ($("watch").open) $("watch").close();
  $("clip").replaceChildren();
}

function noteWatched() {
  const seconds = opened?.ticker?.watched() ?? 0;
  if (seconds < LEAST_S) return;
  const act = { item_id: opened.id, kind: opened.video.kind, surface: "video", watch_s: Math.round(seconds * 10) / 10 };
  note("watch", here.asked.get("q") ? { ...act, query: here.asked.get("q") } : act, true);
}

function shut() {
  leave();
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
}

$("watch").addEventListener("cancel", shut);
$("watch").addEventListener("close", () => { if (opened?.shown && !$("watch").open) shut(); });
$("watch").addEventListener("click", (event) => { if (event.target === $("watch")) shut(); });
$("unwatch").addEventListener("click", shut);
addEventListener("hashchange", showVideo);
// Who looks away does not watch. Before acts.js sends what it has: capturing listeners are called first.
addEventListener("pagehide", noteWatched, true);
document.addEventListener("visibilitychange", () => { if (document.hidden) { opened?.ticker?.pause(); noteWatched(); } }, true);
