// The small numbers at the bell and in the navigation: {"inbox": 7, "bell": 9}. Opening the bell is reading its news.
import { all, csrf, one } from "./dom.js";

export function showCounts(counts) {
  for (const [name, number] of Object.entries(counts)) {
    for (const element of all(`[data-live-count="${CSS.escape(name)}"]`)) {
      element.firstChild.textContent = String(number);
      element.hidden = !number;
    }
  }
}

const bell = one("[data-bell]");
bell?.addEventListener("toggle", async () => {
  if (!bell.open || one("[data-live-count]", bell).hidden) return;
  const answer = await fetch(bell.dataset.bell, {
    method: "POST", headers: { Accept: "application/json", "X-CSRFToken": csrf() }, credentials: "same-origin",
  }).catch(() => null);
  if (answer?.ok && !answer.redirected) showCounts(await answer.json());
});
