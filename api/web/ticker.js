/** The time of a video that has no footage: it runs while it plays, and knows how much was played. */

const STEP_MS = 200;

/** length: in seconds; tick(at, playing): is told whenever anything changes. */
export function tickerOf(length, tick) {
  let at = 0, since = null, timer = null, watched = 0;
  const now = () => (since === null ? at : Math.min(length, at + (performance.now() - since) / 1000));
  const say = () => tick(now(), since !== null);
  function settle() {
    watched += now() - at;
    at = now();
    if (since !== null) since = performance.now();
  }
  function pause() {
    settle();
    since = null;
    clearInterval(timer);
    say();
  }
  return {
    now,
    pause,
    play() {
      if (since !== null || !length) return;
      if (at >= length) at = 0;
      since = performance.now();
      timer = setInterval(() => (now() >= length ? pause() : say()), STEP_MS);
      say();
    },
    get playing() { return since !== null; },
    seek(second) {
      settle();
      at = Math.max(0, Math.min(length, second));
      say();
    },
    /** Seconds that were played since this was asked last. */
    watched() {
      settle();
      const seconds = watched;
      watched = 0;
      return seconds;
    },
  };
}
