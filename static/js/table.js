// Lists by keyboard, selection with its sum, filters that answer at once. Events are delegated: live refresh replaces rows.
import { all, isTyping, one } from "./dom.js";
import { amount, t } from "./i18n.js";

const rows = (list) => all(":scope > tbody > tr, :scope > li", list).filter((row) => !row.hidden);
const table = () => one("table[data-table], ol[data-table]");
let anchor = null;

function cursor(row, focus = true) {
  for (const each of all("tr.is-cursor", row.closest("table"))) each.classList.remove("is-cursor");
  row.classList.add("is-cursor");
  row.scrollIntoView({ block: "nearest" });
  if (focus) one("a[href]", row)?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const list = table();
  if (!list || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.target.closest("details[open]")) return;
  const found = rows(list);
  const opens = list.matches("ol"); // beside the list stands the one that is open: moving opens the next
  const here = found.findIndex((row) => row.classList.contains(opens ? "is-current" : "is-cursor"));
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (opens && !["j", "k", "x"].includes(key)) return; // arrows scroll there
  if (["j", "ArrowDown", "k", "ArrowUp"].includes(key)) {
    if (!found.length) return;
    const step = key === "j" || key === "ArrowDown" ? 1 : -1;
    const next = found[Math.max(0, Math.min(found.length - 1, here < 0 ? 0 : here + step))];
    if (!opens) cursor(next);
    else if (next !== found[here]) one("a[href]", next).click();
  } else if (key === "Enter" && here >= 0 && !event.target.closest("a, button, input, summary")) one("a[href]", found[here])?.click();
  else if (key === "x" && here >= 0) one("input[type=checkbox][name]", found[here])?.click();
  else return;
  event.preventDefault();
});

// ---- selection ---------------------------------------------------------------
function picks(scope) {
  return all("tbody input[type=checkbox][name=ids], tbody .pick input[type=checkbox]", scope);
}

function update(scope) {
  const found = picks(scope);
  const chosen = found.filter((input) => input.checked);
  for (const input of found) input.closest("tr").setAttribute("aria-selected", String(input.checked));
  const head = one("[data-pick-all]", scope);
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === found.length;
    head.indeterminate = chosen.length > 0 && chosen.length < found.length;
  }
  const bar = one("[data-bulk]", scope);
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  const all_ = one("[data-bulk-all]", bar);
  if (all_ && !chosen.length) all_.checked = false;
  one("[data-bulk-count]", bar).textContent = t("table.selected", { n: chosen.length });
  const sums = chosen.map((input) => Number(input.dataset.amount));
  const known = sums.length > 0 && sums.every((value) => Number.isFinite(value)) && chosen.every((input) => input.dataset.amount);
  one("[data-bulk-sum]", bar).textContent = known && !all_?.checked ? `· ${amount(sums.reduce((sum, value) => sum + value, 0))} ${bar.dataset.currency}`.trimEnd() : "";
  if (all_?.checked) one("[data-bulk-count]", bar).textContent = all_.parentElement.textContent.trim();
}

const scopeOf = (element) => element.closest("form") ?? document.body;

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches("[data-pick-all]")) {
    for (const each of picks(scopeOf(input))) each.checked = input.checked;
    update(scopeOf(input));
  } else if (input.matches("tbody .pick input, [data-bulk-all]")) update(scopeOf(input));
  else if (input.closest("form[data-filter]") && input.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
    input.form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  const input = event.target.closest("tbody .pick input");
  if (!input) return;
  const found = picks(scopeOf(input));
  if (event.shiftKey && anchor && found.includes(anchor)) {
    const [from, to] = [found.indexOf(anchor), found.indexOf(input)].sort((a, b) => a - b);
    for (const each of found.slice(from, to + 1)) each.checked = input.checked;
  }
  anchor = input;
  update(scopeOf(input));
});

document.addEventListener("reset", (event) => setTimeout(() => {
  for (const input of picks(event.target)) input.checked = false;
  update(event.target);
}));
document.addEventListener("valeo:added", (event) => {
  if (one(".pick", event.detail.root) || event.detail.root.matches?.(".pick")) update(scopeOf(event.detail.root));
});
for (const bar of all("[data-bulk]")) update(scopeOf(bar));
