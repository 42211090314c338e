// The entry grid: a Django formset whose lines are <tbody class="line">. Adds, copies, deletes and numbers lines, moves
// between cells. There is always one empty line at the end; an untouched extra form is skipped by the server.
import { all, announceAdded, one } from "./dom.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

const CELLS = "input[data-column], select[data-column]";

export class Grid {
  constructor(root) {
    this.root = root;
    this.prefix = root.dataset.prefix;
    this.table = one("table.entry", root);
    this.blank = one("template[data-grid-blank]", root);
    this.total = one(`input[name="${this.prefix}-TOTAL_FORMS"]`, root);
    this.most = Number(root.dataset.most) || Infinity;
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusin", (event) => this.mark(this.line(event.target)));
    root.addEventListener("input", (event) => {
      if (event.target.dataset.column === "article") this.put(this.line(event.target), "article_id", "");
      this.settle();
    });
    root.addEventListener("change", (event) => {
      if (event.target.matches("[data-line-delete]")) this.remove(this.line(event.target));
    });
    root.addEventListener("valeo:choose", (event) => this.chosen(event));
    root.addEventListener("valeo:restored", () => { this.trim(); this.settle(); });
    this.trim();
    this.settle();
  }

  // Without the script a page has several empty lines; with it one is enough.
  trim() {
    for (let lines = this.lines; lines.length > 1 && !this.filled(lines.at(-1)) && !this.filled(lines.at(-2)); lines = this.lines) {
      const index = Number(this.total.value) - 1;
      if (lines.at(-1).dataset.line === `${this.prefix}-${index}`) this.total.value = String(index);
      lines.at(-1).remove();
    }
  }

  get lines() { return all("tbody.line", this.table).filter((line) => !line.hidden); }
  line(target) { return target?.closest?.("tbody.line") ?? null; }
  cells(line) { return all(CELLS, line).filter((cell) => !cell.readOnly && !cell.disabled && getComputedStyle(cell).visibility !== "hidden"); }
  cell(line, column) { return one(`[data-column="${column}"]`, line); }
  field(line, name) { return this.cell(line, name) ?? one(`[name="${line.dataset.line}-${name}"]`, line); }
  put(line, name, value) {
    const field = this.field(line, name);
    if (field && value !== undefined) field.value = value;
  }
  filled(line) { return all('input[data-column]:not([type="checkbox"])', line).some((cell) => cell.value.trim() !== "" && cell.value !== cell.defaultBlank) || Boolean(one('input[name$="-id"]', line)?.value); }

  add(after = null) {
    const index = Number(this.total.value);
    const html = this.blank.innerHTML.replaceAll("__prefix__", String(index)).replaceAll("__number__", String(index + 1));
    const box = document.createElement("template");
    box.innerHTML = html;
    const line = box.content.firstElementChild;
    for (const cell of all("input[data-column]", line)) cell.defaultBlank = cell.value;
    if (after) after.after(line);
    else this.table.append(line);
    this.total.value = String(index + 1);
    announceAdded(line);
    return line;
  }

  // Numbers, order and labels follow what is seen.
  settle() {
    const lines = this.lines;
    if (!this.root.hasAttribute("data-readonly") && lines.length < this.most && (!lines.length || this.filled(lines.at(-1)))) lines.push(this.add());
    let number = 0;
    for (const line of lines) {
      const filled = this.filled(line);
      if (filled) number += 1;
      line.rows[0].classList.toggle("new-row", !filled);
      const shown = one("[data-line-number]", line);
      if (shown) shown.textContent = filled ? String(number) : "+";
      const order = one("[data-line-order]", line);
      if (order) order.value = filled ? String(number) : "";
      for (const named of all("[aria-label]", line.rows[0])) {
        named.setAttribute("aria-label", named.getAttribute("aria-label").replace(/\d+(?!.*\d)/, String(filled ? number : number + 1)));
      }
    }
  }

  mark(line) {
    for (const each of all("tr.is-current", this.table)) each.classList.remove("is-current");
    line?.rows[0].classList.add("is-current");
  }

  // Whether the document takes no further line; said once it is asked for one.
  full() {
    const full = this.lines.filter((line) => this.filled(line)).length >= this.most;
    if (full) toast(t("editor.full", { n: this.most }));
    return full;
  }

  copy(line) {
    if (this.full()) return;
    const copy = this.add(this.orderable(line) ? line : this.lines.filter((each) => this.filled(each)).at(-1));
    const own = `${line.dataset.line}-`;
    for (const field of all("input[name], select[name], textarea[name]", line)) {
      const name = field.name.slice(own.length);
      if (["id", "DELETE", "ORDER", "uuid"].includes(name)) continue;
      const target = one(`[name="${copy.dataset.line}-${name}"]`, copy);
      if (!target) continue;
      if (field.type === "checkbox") target.checked = field.checked;
      else target.value = field.value;
    }
    this.changed();
    (this.cell(copy, "quantity") ?? this.cells(copy)[0])?.focus();
  }

  orderable(line) { return Boolean(one("[data-line-order]", line)); }

  remove(line) {
    const lines = this.lines;
    const at = lines.indexOf(line);
    if (at < 0 || !this.filled(line)) return;
    const number = one("[data-line-number]", line)?.textContent;
    const box = one("[data-line-delete]", line);
    if (box) box.checked = true;
    line.hidden = true;
    this.changed();
    (this.cells(this.lines[Math.min(at, this.lines.length - 1)] ?? line)[0])?.focus();
    toast(t("editor.deleted", { n: number }), { action: { label: t("editor.undo"), run: () => {
      line.hidden = false;
      if (box) box.checked = false;
      this.changed();
      this.cells(line)[0]?.focus();
    } } });
  }

  changed() {
    this.settle();
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A chosen article brings its description; what was only found for the article before it is found anew. A cell is
  // found, not typed, while its auto_ field says the same.
  chosen(event) {
    const line = this.line(event.target);
    if (!line) return;
    const { id, number, label, fill = {} } = event.detail;
    this.put(line, "article", number);
    this.put(line, "article_id", id ?? "");
    for (const name of ["description", "unit", "price"]) {
      const cell = this.cell(line, name);
      const found = one(`[name="${line.dataset.line}-auto_${name}"]`, line);
      if (!cell || (cell !== event.target && cell.value !== "" && cell.value !== found?.value)) continue;
      cell.value = name === "description" ? label : "";
      if (found) found.value = cell.value;
    }
    for (const [name, value] of Object.entries(fill)) this.put(line, name, value);
    this.changed();
    const quantity = this.cell(line, "quantity");
    setTimeout(() => { quantity?.focus(); quantity?.select?.(); });
  }

  step(cell, columns, lines) {
    const line = this.line(cell);
    const all_ = this.lines;
    if (lines) {
      const target = all_[all_.indexOf(line) + lines];
      const other = target && this.cell(target, cell.dataset.column);
      other?.focus();
      other?.select?.();
      return Boolean(other);
    }
    const cells = this.cells(line);
    let next = cells[cells.indexOf(cell) + columns];
    if (!next && columns > 0) {
      this.settle();
      const following = this.lines[this.lines.indexOf(line) + 1];
      next = following && this.cells(following)[0];
    }
    next?.focus();
    next?.select?.();
    return Boolean(next);
  }

  key(event) {
    const cell = event.target.closest(CELLS);
    if (!cell || event.isComposing) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !ctrl && !event.altKey) this.step(cell, event.shiftKey ? -1 : 1, 0);
    else if (event.key === "ArrowDown" && !event.altKey && cell.matches("input")) this.step(cell, 0, 1);
    else if (event.key === "ArrowUp" && !event.altKey && cell.matches("input")) this.step(cell, 0, -1);
    else if (ctrl && event.key.toLowerCase() === "d") this.copy(this.line(cell));
    else if (ctrl && event.key === "Delete") this.remove(this.line(cell));
    else return;
    event.preventDefault();
  }
}
