// Server-sent events become DOM events, and the pieces of the page that show a changed document are fetched again.
// Only the tab that is seen keeps its streams: a browser allows six connections to a server over HTTP/1.1.
import { showCounts } from "./counts.js";
import { all, announceAdded, debounce, one } from "./dom.js";
import { clock, t } from "./i18n.js";
import { toast } from "./toast.js";

const html = document.documentElement;
const indicator = one("[data-live-indicator]");
let source = null; // one stream for all channels of the page
let listened = "";
let lastId = html.dataset.since ?? ""; // what the page was made with: nothing between making and connecting is missed
let failed = 0;
let met = false; // connected once: only then a connection can be lost
const NAMES = ["message", "workflow", "sales", "purchase", "inventory", "policy"];
const RESETS = ["stream-reset"];
const HIDDEN_GRACE = 5000;
const RETRY = 5000;
const LONGEST = 60000;

function show(state) {
  if (!indicator || indicator.dataset.live === state) return;
  indicator.dataset.live = state;
  const text = t(`live.${state}`, { time: clock() });
  indicator.firstElementChild.textContent = text;
  indicator.title = text;
}

function channels() {
  const wanted = new Set((html.dataset.channels ?? "").split(/\s+/).filter(Boolean));
  for (const element of all("[data-live-list]")) wanted.add(element.dataset.liveList);
  return wanted;
}

function judge() {
  if (!navigator.onLine || source?.readyState === EventSource.CLOSED) show("offline");
  else if (source?.readyState === EventSource.CONNECTING) show(met || failed ? "reconnecting" : "connecting");
  else if (source) show("connected");
}

function open(wanted) {
  const since = lastId ? `?since=${encodeURIComponent(lastId)}` : "";
  source = new EventSource(`${html.dataset.stream}${wanted}${since}`);
  listened = wanted;
  const own = source;
  source.onopen = () => { failed = 0; met = true; judge(); };
  source.onerror = () => {
    judge();
    if (own !== source || own.readyState !== EventSource.CLOSED) return; // it tries again by itself
    stop();
    failed += 1;
    setTimeout(() => document.visibilityState === "visible" && start(), Math.min(LONGEST, RETRY * 2 ** (failed - 1)));
  };
  for (const name of NAMES) source.addEventListener(name, (event) => receive(name, event));
  for (const name of RESETS) source.addEventListener(name, () => refreshAll());
}

function receive(channel, event) {
  if (event.lastEventId) lastId = event.lastEventId.split(":").pop();
  let data;
  try {
    data = JSON.parse(event.data);
  } catch {
    return; // a keep-alive comment of a proxy, not ours
  }
  const detail = { ...data, channel: channel === "message" ? data.channel : channel, document: data.document ?? data.document_id ?? data.uuid ?? "" };
  document.dispatchEvent(new CustomEvent("valeo:event", { detail }));
}

function start() {
  const wanted = [...channels()].sort().join(",");
  if (source && wanted !== listened) stop();
  if (!source && wanted) open(wanted);
  judge();
}

function stop() {
  source?.close();
  source = null;
}

let hiding = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.visibilityState === "visible") start();
  else hiding = setTimeout(stop, HIDDEN_GRACE);
});
addEventListener("online", start);
addEventListener("offline", judge);
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => event.persisted && (start(), refreshAll()));
document.addEventListener("valeo:added", () => document.visibilityState === "visible" && start());

// ---- refreshing ----------------------------------------------------------
function busy(element) {
  const active = document.activeElement;
  const writing = active && element.contains(active) && active.matches("input, textarea, select");
  const pointing = active && element.contains(active) && element.closest("details.menu[open]"); // on its way through a menu
  return writing || pointing || one("dialog[open], details.menu[open]", element);
}

export async function refresh(element, changed = "") {
  if (!element.isConnected || !element.dataset.liveUrl) return;
  if (busy(element)) {
    setTimeout(() => refresh(element, changed), 2000); // never take an input away from under somebody's hands
    return;
  }
  const answer = await fetch(element.dataset.liveUrl, {
    headers: { "HX-Request": "true", "X-Valeo-Live": "1" }, credentials: "same-origin",
  }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  const fresh = element.id ? box.content.getElementById(element.id) : box.content.firstElementChild;
  if (!fresh) return;
  const picked = new Set(all("input[type=checkbox][name]:checked", element).map((input) => input.value));
  const focused = document.activeElement?.id;
  element.replaceWith(fresh);
  if (fresh.dataset.title) document.title = fresh.dataset.title; // a draft that got its number
  for (const input of all("input[type=checkbox][name]", fresh)) input.checked ||= picked.has(input.value);
  if (changed) one(`[data-uuid="${CSS.escape(changed)}"]`, fresh)?.classList.add("is-fresh");
  if (focused) document.getElementById(focused)?.focus();
  announceAdded(fresh);
}

const due = new Set(); // channels that told something since the lists were last read
const concerned = (element) => due.has(element.dataset.liveList) || element.dataset.liveList === "workflow";
const lists = debounce((changed) => {
  for (const element of all("[data-live-list]")) if (concerned(element)) refresh(element, changed);
  due.clear();
}, 400);

function refreshAll() {
  for (const element of all("[data-live-refresh], [data-live-list]")) refresh(element);
}

document.addEventListener("valeo:event", ({ detail }) => {
  for (const element of all("[data-live-refresh]")) {
    if (element.dataset.liveRefresh === detail.document) refresh(element, detail.document);
  }
  due.add(detail.channel);
  lists(detail.document);
  if (detail.channel === "workflow") {
    tell(detail);
    counts();
  }
});

const counts = debounce(async () => {
  if (!html.dataset.counts) return;
  const answer = await fetch(html.dataset.counts, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
  if (answer?.ok && !answer.redirected) showCounts(await answer.json());
}, 800);

function tell(event) {
  const me = one("[data-user]")?.dataset.user ?? html.dataset.user;
  const user = event.user?.name ?? event.user_name ?? event.user ?? "";
  if (!user || (me && [event.user?.id, event.user_id, event.username, event.user].map(String).includes(me))) return;
  const number = event.number || event.reference || (event.document ? `#${event.document.slice(0, 6).toUpperCase()}` : "");
  const key = ["submit", "approve", "post", "reject", "cancel"].includes(event.action) ? event.action : "other";
  toast(t(`event.${key}`, { user, number }), { state: event.to ?? event.state, url: event.url });
}

// ---- long work: asks until the answer no longer polls --------------------
setInterval(() => {
  if (document.visibilityState !== "visible") return;
  for (const element of all("[data-live-poll]")) refresh(element);
}, 2000);

if (document.visibilityState === "visible") start();
