// Nothing typed is lost: unsaved inputs of form[data-draft] lie in localStorage until the server has taken them.
// They survive a reload, an expired login (the login page is recognised) and a lost connection. Kept per user and company.
import { all, attach, debounce, icon, make, one } from "./dom.js";
import { clock, t } from "./i18n.js";
import { addRow } from "./rows.js";

const SENT = "valeo:sent";
const { user = "", company = "" } = document.documentElement.dataset;
const keyOf = (form) => `valeo:draft:${user}:${company}:${form.dataset.draft}`;
const SKIP = /^(csrfmiddlewaretoken|.*password.*|do|once)$/i;

function values(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIP.test(name));
}

// What counts as typed: not how many empty lines the grid keeps, which changes without anybody typing.
const text = (list) => JSON.stringify(list.filter(([name, value]) => value !== "" && !/-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(name)));

function read(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  } catch {
    return null;
  }
}

function write(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ time: Date.now(), values: values(form) }));
  } catch {
    return; // storage full or forbidden: the form works without
  }
  const note = one("[data-draft-note]", form);
  if (note) note.textContent = t("draft.kept", { time: clock() });
}

// Lines that the draft has and the page has not are made first, by the same button the grid uses.
function makeLines(form, stored) {
  const total = stored.find(([name]) => name.endsWith("-TOTAL_FORMS"));
  const own = total && one(`[name="${total[0]}"]`, form);
  if (!own) return;
  const blank = one("template[data-grid-blank]", form);
  const table = one("table.entry", form);
  for (let index = Number(own.value); index < Number(total[1]); index += 1) {
    const box = document.createElement("template");
    box.innerHTML = blank.innerHTML.replaceAll("__prefix__", String(index)).replaceAll("__number__", String(index + 1));
    table.append(box.content);
  }
  own.value = String(Math.max(Number(own.value), Number(total[1])));
}

function makeRows(form, stored) {
  for (const root of all("[data-rows]", form)) {
    const name = `${root.dataset.rows}-TOTAL_FORMS`;
    const wanted = Number(stored.find(([each]) => each === name)?.[1] ?? 0);
    while (Number(one(`[name="${name}"]`, root).value) < wanted && addRow(root));
  }
}

function restore(form, stored) {
  makeLines(form, stored);
  makeRows(form, stored);
  const byName = Map.groupBy ? Map.groupBy(stored, ([name]) => name) : group(stored);
  for (const field of all("input[name], select[name], textarea[name]", form)) {
    if (SKIP.test(field.name) || field.type === "file" || /-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/.test(field.name)) continue;
    const found = (byName.get(field.name) ?? []).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = found.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = found.includes(option.value);
    else if (found.length) field.value = found[0];
  }
  for (const box of all("[data-line-delete]:checked", form)) box.closest("tbody.line").hidden = true;
  const place = (line) => Number(one("[data-line-order]", line)?.value) || Infinity;
  one("table.entry", form)?.append(...all("table.entry tbody.line", form).sort((a, b) => place(a) - place(b) || 0));
  form.dataset.restored = "";
  one("[data-grid]", form)?.dispatchEvent(new Event("valeo:restored"));
}

function group(stored) {
  const map = new Map();
  for (const pair of stored) map.set(pair[0], [...(map.get(pair[0]) ?? []), pair]);
  return map;
}

function bar(form, time) {
  const again = make("button", { class: "btn btn-plain btn-s", type: "button" }, t("draft.discard"));
  again.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    form.dataset.startsOver = ""; // or leaving the page would keep it again
    location.replace(location.href);
  });
  const said = make("p", {}, make("b", {}, t("draft.back", { time })), " ", t("draft.why"));
  const notice = make("div", { class: "notice notice-quiet mt-3", role: "status" }, icon("rotate-ccw"), said, make("div", { class: "actions" }, again));
  const head = one(".doc-head, .page-head", form);
  if (head) head.closest(".doc-head, header")?.after(notice);
  else form.prepend(notice);
}

// What came of the last sending? The login and error pages mean: not taken. Anything else without errors means: taken.
function settleSent() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  if (one("input[type=password], .error-page")) return;
  const form = all("form[data-draft]").find((each) => keyOf(each) === key);
  if (form && one('[data-form-errors], [aria-invalid="true"]', form)) return;
  localStorage.removeItem(key);
}

settleSent();

attach("form[data-draft]", (form) => {
  const start = text(values(form));
  const kept = read(form);
  const answered = one('[data-form-errors], [aria-invalid="true"]', form);
  if (kept && !answered && text(kept.values) !== start) {
    restore(form, kept.values);
    bar(form, new Date(kept.time).toDateString() === new Date().toDateString() ? clock(new Date(kept.time)) : new Date(kept.time).toLocaleString(document.documentElement.lang));
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const keep = debounce(() => (text(values(form)) === start ? localStorage.removeItem(keyOf(form)) : write(form)), 400);
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  addEventListener("pagehide", () => { if (!("startsOver" in form.dataset) && text(values(form)) !== start && sessionStorage.getItem(SENT) !== keyOf(form)) write(form); });
  form.addEventListener("submit", (event) => {
    keep.cancel();
    write(form);
    if (!event.defaultPrevented) sessionStorage.setItem(SENT, keyOf(form));
  });
  for (const leave of all("[data-draft-discard]", form)) leave.addEventListener("click", () => { keep.cancel(); sessionStorage.setItem(SENT, keyOf(form)); });
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-logout]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("valeo:draft:")) localStorage.removeItem(key);
});
