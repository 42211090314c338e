// Light, dark or as the system: at once on the page, and kept in a cookie that base_html.html reads.
import { all, one } from "./dom.js";

const YEAR = 31536000;
const keep = (name, value) => {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-switch] button");
  if (!button) return;
  const group = button.closest("[data-theme-switch]");
  if (button.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = button.value;
  for (const each of all("button", group)) each.setAttribute("aria-pressed", String(each === button));
  keep("valeo_theme", button.value);
});

one("#nav-slim")?.addEventListener("change", (event) => {
  keep("valeo_nav", event.target.checked ? "slim" : "wide");
  one(".shell").dataset.nav = event.target.checked ? "slim" : "wide";
});

// The personal settings are the last word: saving them lifts what was chosen on this device.
document.addEventListener("submit", (event) => {
  if (event.target.elements?.theme) document.cookie = "valeo_theme=; path=/; max-age=0; samesite=lax";
});
