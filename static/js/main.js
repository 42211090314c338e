// Loads what the page uses. Every module is an enhancement: pages and forms work without it.
import { announceAdded, one } from "./dom.js";
import "./menu.js";
import "./dialog.js";
import "./theme.js";

const when = [
  ["[data-source]", () => import("./combobox.js")],
  ["[data-palette], [data-key], [aria-keyshortcuts]", () => import("./shortcuts.js")],
  ["[data-table], [data-bulk], [data-filter]", () => import("./table.js")],
  ["[data-inbox-list]", () => import("./inbox.js")],
  ["[data-draft]", () => import("./draft-store.js")],
  ["textarea[data-lots]", () => import("./lots.js")],
  ["[data-editor]", () => import("./editor.js")],
  ["[data-rows]", () => import("./rows.js")],
  ["[data-verify]", () => import("./verify.js")],
  ["[data-stream]", () => import("./live.js")],
];
const loaded = new Set();
if (sessionStorage.getItem("valeo:sent") || one("[data-logout]")) import("./draft-store.js");

function load() {
  const wanted = when.filter(([selector]) => !loaded.has(selector) && one(selector));
  for (const [selector] of wanted) loaded.add(selector);
  return Promise.allSettled(wanted.map(([, module]) => module()));
}

// The class says that every module this page uses is at work.
load().then(() => document.documentElement.classList.add("js"));
document.addEventListener("valeo:added", load);
document.addEventListener("htmx:afterSettle", (event) => announceAdded(event.target));
