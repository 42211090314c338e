// A quiet message at the bottom right, announced politely; never for an error.
import { icon, make, one } from "./dom.js";
import { clock, t } from "./i18n.js";

const SYMBOLS = { draft: "circle-dashed", pending: "clock-3", approved: "circle-check", posted: "st-posted", rejected: "circle-x", cancelled: "ban" };
const STAY = 8000;
const MOST = 3;

export function toast(text, { state = "", url = "", action = null } = {}) {
  const region = one("[data-toasts]");
  if (!region) return null;
  const more = make("span", { class: "sub meta" }, clock());
  if (url) more.append(" · ", make("a", { href: url }, t("view")));
  if (action) {
    const button = make("button", { class: "btn btn-plain btn-s", type: "button" }, action.label);
    button.addEventListener("click", () => { action.run(); box.remove(); });
    more.append(" ", button);
  }
  const shut = make("button", { class: "btn btn-plain btn-icon btn-s", type: "button", "data-toast-close": true, "aria-label": t("close") }, icon("x", true));
  const box = make("div", { class: "toast", "data-state": state || null }, icon(SYMBOLS[state] ?? "info"), make("p", {}, text, more), shut);
  tell(box, region);
  return box;
}

// It goes by itself unless somebody is at it; putting it in is what a screen reader hears.
function tell(box, region) {
  region.append(box);
  while (region.children.length > MOST) region.firstElementChild.remove();
  let timer = setTimeout(() => box.remove(), STAY);
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("focusin", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => { timer = setTimeout(() => box.remove(), STAY); });
}

// What the page came with: the answer to what the reader did on the one before.
const told = one("[data-toasts]");
for (const box of told ? [...told.children] : []) tell(box, told);

document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast")?.remove());
