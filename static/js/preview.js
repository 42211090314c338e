// Live totals: the form goes to data-preview-url, the answer fills the rail, the calculated cells and the errors.
import { all, announceAdded, csrf, debounce, icon, make, one } from "./dom.js";
import { t } from "./i18n.js";

export class Preview {
  constructor(form, url) {
    this.form = form;
    this.url = url;
    this.ask = debounce(() => this.load(), 250);
  }

  async load() {
    this.request?.abort();
    this.request = new AbortController();
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.delete("do");
    this.sent = body;
    try {
      const answer = await fetch(this.url, {
        method: "POST", body, signal: this.request.signal, credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": csrf() },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      this.apply(await answer.json());
      this.stale(false);
    } catch (error) {
      if (error.name !== "AbortError") this.stale(true);
    }
  }

  stale(on) {
    const rail = one("[data-rail]", this.form);
    if (!rail) return;
    rail.classList.toggle("is-stale", on);
    one("[data-stale]", rail)?.remove();
    if (on) rail.prepend(make("p", { class: "field-error warnc", "data-stale": true }, icon("triangle-alert"), t("editor.offline")));
  }

  apply({ rail, calc = {}, errors = {}, warnings = {}, shown = {}, options = {}, labels = {} }) {
    const place = one("[data-rail]", this.form);
    if (rail !== undefined && place) {
      place.innerHTML = rail; // our own server's fragment; the CSP lets no script in it run
      announceAdded(place);
    }
    for (const [prefix, values] of Object.entries(calc)) this.line(prefix, values);
    this.errors(errors);
    this.warnings(warnings);
    for (const [name, list] of Object.entries(options)) this.options(this.named(name), list);
    for (const [name, text] of Object.entries(labels)) this.label(this.named(name), text);
    for (const [name, text] of Object.entries(shown)) {
      const place = one("[data-shown]", this.named(name)?.closest(".field") ?? this.form);
      if (place) place.textContent = text;
    }
  }

  named(name) { return one(`[name="${CSS.escape(name)}"]`, this.form); }

  // The empty choice says what it stands for.
  label(select, text) {
    const empty = select && one('option[value=""]', select);
    if (empty) empty.textContent = text;
  }

  // What depends on the partner, such as his addresses; the choice stays where it is still on offer.
  options(select, list) {
    if (!select || select === document.activeElement) return;
    const chosen = select.value;
    for (const option of [...select.options]) if (option.value !== "") option.remove();
    select.append(...list.map(([value, text]) => make("option", { value }, text)));
    select.value = list.some(([value]) => value === chosen) ? chosen : "";
  }

  line(prefix, values) {
    const line = one(`tbody[data-line="${CSS.escape(prefix)}"]`, this.form);
    if (!line) return;
    for (const [name, value] of Object.entries(values)) {
      const cell = one(`[data-calc="${CSS.escape(name)}"]`, line);
      if (cell) cell.textContent = value;
    }
    if (values.put) this.put(prefix, values.put);
    if (values.missing !== undefined) line.dataset.missing = values.missing; // of the lots (lots.js)
    one('[data-calc="available"]', line)?.classList.toggle("warnc", Boolean(values.short));
    for (const [column, text] of Object.entries(values.labels ?? {})) this.label(this.named(`${prefix}-${column}`), text);
    for (const [column, value] of Object.entries(values.fill ?? {})) {
      const cell = this.named(`${prefix}-${column}`);
      const found = this.named(`${prefix}-auto_${column}`);
      if (!cell || cell === document.activeElement || (cell.value !== "" && cell.value !== found?.value)) continue;
      cell.value = value;
      if (found) found.value = value;
    }
  }

  // "40 Sack" typed as the quantity goes into both cells or none, once it is typed to the end and not touched since.
  put(prefix, values) {
    const cells = Object.entries(values).map(([column, value]) => [this.named(`${prefix}-${column}`), value]);
    if (cells.some(([cell], index) => !cell || cell.value !== this.sent.get(cell.name) || (!index && cell === document.activeElement))) return;
    for (const [cell, value] of cells) cell.value = value;
  }

  errors(found) {
    for (const cell of all("[data-preview-error]", this.form)) {
      cell.removeAttribute("aria-invalid");
      delete cell.dataset.previewError;
    }
    for (const box of all("[data-line-errors]", this.form)) {
      box.replaceChildren();
      box.closest("tr").hidden = true;
    }
    for (const text of all("[data-preview-text]", this.form)) text.remove();
    for (const [name, text] of Object.entries(found)) {
      const cell = this.named(name);
      // an empty form is no error yet: only what was touched, or is part of a line, is marked while one types
      if (!cell || (cell.value === "" && !cell.closest("tbody.line"))) continue;
      if (cell === document.activeElement && cell.dataset.source) continue; // half a name is no error yet
      cell.setAttribute("aria-invalid", "true");
      cell.dataset.previewError = "";
      const box = one("[data-line-errors]", cell.closest("tbody.line") ?? document.createElement("p"));
      if (!box) {
        const error = make("p", { class: "field-error", id: `${name}-now`, "data-preview-text": true }, icon("circle-alert"), text);
        cell.closest(".field")?.append(error);
        cell.setAttribute("aria-describedby", error.id);
        continue;
      }
      cell.setAttribute("aria-describedby", box.id);
      box.append(make("p", { class: "field-error" }, icon("circle-alert"), text));
      box.closest("tr").hidden = false;
    }
  }

  warnings(found) {
    const place = one("[data-grid-messages]", this.form);
    if (!place) return;
    place.replaceChildren(...Object.entries(found).map(([prefix, text]) => {
      const number = one(`tbody[data-line="${CSS.escape(prefix)}"] [data-line-number]`, this.form)?.textContent;
      return make("p", { class: "field-error warnc" }, icon("triangle-alert"), number ? `${number}: ${text}` : text);
    }));
  }
}
