/** Where everything is tied together: what the URL says is shown, and what is pressed is done. */

import { leaveAnswer, showAnswer } from "./answer.js";
import { $, phone } from "./dom.js";
import { exampleButtons } from "./empty.js";
import { leaveFeed, showFeed } from "./feed.js";
import { leaveItem, showItem } from "./item.js";
import { leaveMall, showMall } from "./mall.js";
import { comeBack } from "./place.js";
import { showVideo } from "./player.js";
import { leaveRooms, showRooms } from "./rooms.js";
import { openSuggestions } from "./suggest.js";
import { openSwitch } from "./switch.js";
import { clearFilters, go, here, search } from "./way.js";

/** at: what the page shows. list: what is drawn, and stays so while a product is looked at: its address, name, and what was pressed. */
let at = null, list = null;

/** Shows what the URL says. */
function show() {
  at = location.search;
  here.asked = new URLSearchParams(at);
  const query = here.asked.get("q") ?? "", inside = ["shop", "campaign", "category"].some((name) => here.asked.has(name));
  const id = here.asked.get("item"), home = !query && !inside && !id;
  $("q").value = id ? "" : query;
  document.body.classList.toggle("home", home);
  if (id) return look(id);
  document.body.classList.remove("looking");
  leaveItem();
  if (home) showRooms(); else leaveRooms();
  if (list?.at === at) return comeAgain();
  list = { at };
  document.title = query ? `${query} - 寻货` : "寻货";
  $("heading").textContent = query ? `“${query}”的搜索结果` : "寻货";
  $("hero").hidden = !home;
  $("results").hidden = !query;
  $("state").hidden = true;
  if (query) { leaveFeed(); leaveMall(); return showAnswer(); }
  leaveAnswer();
  if (showMall()) showFeed(); else leaveFeed();
  if ($("drawer").open) $("drawer").close();
  if (home && !phone.matches && !location.hash) $("q").focus({ preventScroll: true });
}

/** A product, over the list that it was pressed in. */
function look(id) {
  if (list && !document.body.classList.contains("looking")) Object.assign(list, { title: document.title, heading: $("heading").textContent, pressed: document.activeElement });
  document.body.classList.add("looking");
  leaveRooms();
  scrollTo({ top: 0 });
  showItem(id);
}

/** The list that is still there. */
function comeAgain() {
  document.title = list.title;
  $("heading").textContent = list.heading;
  list.pressed.focus({ preventScroll: true });
  comeBack();
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
addEventListener("popstate", () => { if (location.search !== at) { show(); showVideo(); } });
// What is pressed is asked anew, but for the list behind a product. Once more to the same place is for somebody else, or a second try.
addEventListener("way", () => {
  if (location.search === at || !new URLSearchParams(location.search).has("item")) list = null;
  show();
  showVideo();
});
addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); $("q").focus(); $("q").select(); }
});
openSwitch();
openSuggestions();
show();
showVideo();
