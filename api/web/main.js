/** Where everything is tied together: what the URL says is shown, and what is pressed is done. */

import { leaveAnswer, showAnswer } from "./answer.js";
import { $, phone } from "./dom.js";
import { exampleButtons } from "./empty.js";
import { leaveFeed, showFeed } from "./feed.js";
import { showItem } from "./item.js";
import { leaveMall, showMall } from "./mall.js";
import { showVideo } from "./player.js";
import { leaveRooms, showRooms } from "./rooms.js";
import { openSuggestions } from "./suggest.js";
import { openSwitch } from "./switch.js";
import { clearFilters, go, here, search } from "./way.js";

let at = null;

/** Shows what the URL says. */
function show() {
  at = location.search;
  here.asked = new URLSearchParams(at);
  const query = here.asked.get("q") ?? "", inside = ["shop", "campaign", "category"].some((name) => here.asked.has(name));
  $("q").value = query;
  document.title = query ? `${query} - 寻货` : "寻货";
  $("heading").textContent = query ? `“${query}”的搜索结果` : "寻货";
  document.body.classList.toggle("home", !query && !inside);
  $("hero").hidden = !!query || inside;
  $("results").hidden = !query;
  $("state").hidden = true;
  if (query) { leaveFeed(); leaveRooms(); leaveMall(); return showAnswer(); }
  leaveAnswer();
  if (inside) leaveRooms(); else showRooms();
  if (showMall()) showFeed(); else leaveFeed();
  if ($("drawer").open) $("drawer").close();
  if (!inside && !phone.matches && !location.hash) $("q").focus({ preventScroll: true });
}

$("examples").replaceWith(exampleButtons());
$("form").addEventListener("submit", (event) => { event.preventDefault(); $("q").blur(); search($("q").value || $("q").dataset.shade || ""); });
$("home").addEventListener("click", (event) => { event.preventDefault(); go(new URLSearchParams()); });
$("open").addEventListener("click", () => { $("scroll").append($("panel")); $("drawer").showModal(); });
$("done").addEventListener("click", () => $("drawer").close());
$("reset").addEventListener("click", clearFilters);
$("drawer").addEventListener("close", () => $("side").append($("panel")));
$("drawer").addEventListener("click", (event) => { if (event.target === $("drawer")) $("drawer").close(); });
phone.addEventListener("change", () => { if ($("drawer").open) $("drawer").close(); });
// Another thing behind the # is no other list. Of a way that changes both, browsers say only this.
addEventListener("popstate", () => { if (location.search !== at) { show(); showItem(); showVideo(); } });
addEventListener("way", () => { show(); showItem(); });
addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); $("q").focus(); $("q").select(); }
});
openSwitch();
openSuggestions();
show();
showItem();
showVideo();
