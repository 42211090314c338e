// Rows copied from a spreadsheet become lines, from the cell one stands in to the right and down.
import { all } from "./dom.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

// Tab-separated text; a cell in quotes may hold line breaks and doubled quotes.
export function rowsOf(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; }
    else if (sign === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); }
    else if (sign !== "\r") cell += sign;
  }
  rows.at(-1).push(cell);
  return rows.filter((row) => row.some((value) => value.trim() !== ""));
}

function put(cell, text) {
  const value = text.trim().replaceAll(/\s+/g, " ");
  if (cell.type === "checkbox") { cell.checked = /^(1|x|ja|j|yes|y|true)$/i.test(value); return; }
  if (cell.tagName !== "SELECT") { cell.value = value; return; }
  const wanted = value.toLowerCase();
  const option = [...cell.options].find((each) => each.value.toLowerCase() === wanted || each.text.toLowerCase().startsWith(wanted));
  if (option && value) cell.value = option.value;
}

export function pasteRows(grid, cell, text) {
  const rows = rowsOf(text);
  if (rows.length < 2 && (rows[0]?.length ?? 0) < 2) return false;
  const columns = all("[data-column]", grid.line(cell)).map((each) => each.dataset.column);
  const first = columns.indexOf(cell.dataset.column);
  const lines = grid.lines;
  let at = lines.indexOf(grid.line(cell));
  let taken = 0;
  for (const row of rows) {
    if (at === lines.length && at < grid.most) lines.push(grid.add());
    const line = lines[at];
    if (!line) break;
    row.forEach((value, index) => {
      const target = grid.cell(line, columns[first + index]);
      if (target && !target.readOnly) put(target, value);
    });
    taken += 1;
    at += 1;
  }
  grid.changed();
  grid.cells(grid.lines[at] ?? grid.lines.at(-1))[0]?.focus();
  toast(t(taken < rows.length ? "editor.pastedsome" : "editor.pasted", { n: taken, left: rows.length - taken, most: grid.most }));
  return true;
}

export function attachPaste(grid) {
  grid.root.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-column]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (cell && pasteRows(grid, cell, text)) event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-grid-paste]")) return;
    const cell = grid.cells(grid.lines.at(-1))[0];
    const text = await navigator.clipboard?.readText?.().catch(() => "");
    cell?.focus();
    if (cell && text) pasteRows(grid, cell, text);
  });
}
