// Menus are <details>: this adds Escape, arrow keys, a click outside, and one open at a time.
import { all } from "./dom.js";

const open = () => all("details.menu[open]");

function close(menu, focus = false) {
  menu.open = false;
  if (focus) menu.querySelector("summary")?.focus();
}

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu);
  const item = event.target.closest(".menu-panel button.menu-item[type=button], .menu-panel a.menu-item");
  if (item) close(item.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (event.key === "Escape") {
    for (const each of open()) close(each, each.contains(event.target));
    return;
  }
  if (!menu?.open || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  if (event.target.matches("input, select, textarea")) return;
  const items = all(".menu-panel :is(a, button, input)", menu).filter((item) => item.offsetParent);
  if (!items.length) return;
  event.preventDefault();
  const here = items.indexOf(document.activeElement);
  const target = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  items.at(here < 0 && event.key === "ArrowUp" ? -1 : target % items.length).focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
});
