// Keys for everything: / and Ctrl+K open the palette, ? lists the keys, data-key presses a button or link.
import { all, icon, isTyping, make, one } from "./dom.js";
import { t } from "./i18n.js";

const palette = one("[data-palette]");
const input = palette && one("input", palette);
const list = palette && one("ul", palette);
let request = null;
let rows = [];
let at = 0;

function openPalette(text = "") {
  if (!palette || palette.open) return;
  palette.showModal();
  input.value = text;
  input.focus();
  fill();
}

// Commands are the links and keyed buttons that the page has: what the user may not do is not there.
function commands(words) {
  const found = new Map();
  for (const link of all(".nav .nav-item, a[data-key], button[data-key]:not([aria-disabled])")) {
    const label = (link.querySelector(".nav-label") ?? link).textContent.trim().replaceAll(/\s+/g, " ");
    if (label && words.every((word) => label.toLowerCase().includes(word))) found.set(label, link);
  }
  return [...found].slice(0, words.length ? 6 : 8).map(([label, link]) => ({ label, icon: "arrow-right", end: t("palette.commands"), run: () => link.click() }));
}

async function documents(text) {
  request?.abort();
  if (text.length < 2 || !palette.dataset.source) return [];
  request = new AbortController();
  const url = new URL(palette.dataset.source, location.href);
  url.searchParams.set("q", text);
  url.searchParams.set("format", "json");
  const answer = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return [];
  const { results = [] } = await answer.json();
  return results.map((hit) => ({
    label: [hit.number, hit.label].filter(Boolean).join(" · "), icon: hit.symbol ?? "file", end: [hit.sub, hit.right].filter(Boolean).join(" · "),
    run: () => location.assign(hit.url),
  }));
}

async function fill() {
  const text = input.value.trim();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  show(commands(words), text);
  const hits = await documents(text).catch(() => null);
  if (hits?.length && input.value.trim() === text) show([...hits, ...commands(words)], text);
}

function show(found, text) {
  rows = found;
  at = 0;
  list.replaceChildren(...rows.map((row, index) => {
    const item = make("li", { role: "option", id: `palette-${index}`, "aria-selected": String(index === 0) },
      icon(row.icon), make("span", {}, row.label), make("span", { class: "end" }, row.end));
    item.addEventListener("click", () => run(index));
    return item;
  }));
  one("[data-none]", palette).textContent = rows.length || !text ? "" : t("palette.none");
  input.setAttribute("aria-expanded", String(rows.length > 0));
  if (rows.length) input.setAttribute("aria-activedescendant", "palette-0");
  else input.removeAttribute("aria-activedescendant");
}

function move(step) {
  if (!rows.length) return;
  list.children[at]?.setAttribute("aria-selected", "false");
  at = (at + step + rows.length) % rows.length;
  list.children[at].setAttribute("aria-selected", "true");
  list.children[at].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", list.children[at].id);
}

function run(index) {
  const row = rows[index];
  if (row) {
    palette.close();
    row.run();
  } else if (input.value.trim() && palette.dataset.source) {
    location.assign(`${palette.dataset.source}?q=${encodeURIComponent(input.value.trim())}`);
  }
}

if (palette) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  palette.addEventListener("close", () => input.blur()); // else keys go on into the field nobody sees
  let wait = 0;
  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(fill, 100); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") run(at);
    else if (event.key === "Escape") { input.blur(); palette.close(); } // a search field would only empty itself
    else return;
    event.preventDefault();
  });
  const field = one("[data-search] input");
  field?.addEventListener("pointerdown", (event) => { event.preventDefault(); openPalette(); });
}

function press(key) {
  const target = all(`[data-key="${CSS.escape(key)}"]`).find((element) => element.offsetParent || element.getClientRects().length);
  target?.click();
  return Boolean(target);
}

// Ctrl+S, Ctrl+Enter and the like press the control that says so in aria-keyshortcuts.
function chord(event) {
  const name = `Control+${event.key.length === 1 ? event.key.toUpperCase() : event.key}`;
  const within = one("dialog[open]") ?? document;
  const target = one(`[aria-keyshortcuts~="${CSS.escape(name)}"]:not(input)`, within);
  target?.click();
  return Boolean(target);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && chord(event)) {
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
  if (event.key === "/") {
    event.preventDefault();
    openPalette();
  } else if (event.key === "?") {
    const keys = document.getElementById("keys");
    if (keys instanceof HTMLDialogElement) keys.showModal();
  } else if (/^[a-z]$/i.test(event.key) && !(one("[data-table]") && /^[jkx]$/i.test(event.key)) && press(event.key.toLowerCase())) {
    event.preventDefault();
  }
});
