// Type-ahead after the ARIA combobox pattern. Without it the field takes the number, which the server resolves.
// data-source: JSON {"results": [{id, number, label, sub, right, tone}], "none": "what is not there"} ·
// data-source-with: what the search asks along, as "partner=partner lot=line:lot,lot": a parameter and the fields it is
// read from, of the same line or of the head, the first that says something · data-fill: number, label or id ·
// data-hidden: id of a hidden field that gets the id. Fires "valeo:choose" with the chosen result.
import { attach, debounce, make, uid } from "./dom.js";
import { t } from "./i18n.js";

const TONES = { warn: "warnc strong", bad: "bad strong", good: "good strong" };
const cache = new Map();

function along(input, url) {
  for (const part of (input.dataset.sourceWith ?? "").split(" ").filter(Boolean)) {
    const [name, places] = part.split("=");
    const line = input.closest("[data-line]")?.dataset.line;
    const fields = places.split(",").map((place) => input.form?.elements.namedItem(place.replace(/^line:/, `${line}-`)));
    const value = fields.find((field) => field?.value)?.value;
    if (value) url.searchParams.set(name, value);
  }
}

async function search(input, text, signal) {
  const url = new URL(input.dataset.source, location.href);
  along(input, url);
  url.searchParams.set("q", text);
  const key = url.href;
  if (cache.has(key)) return cache.get(key);
  const answer = await fetch(url, { signal, headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  if (cache.size > 200) cache.clear();
  cache.set(key, found);
  return found;
}

export function marked(text, words) {
  const span = make("span");
  const found = words.split(/\s+/).filter(Boolean).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!found.length) return make("span", {}, text);
  for (const part of String(text).split(new RegExp(`(${found.join("|")})`, "i"))) {
    const hit = new RegExp(`^(${found.join("|")})$`, "i").test(part);
    span.append(hit ? make("mark", {}, part) : part);
  }
  return span;
}

class Combobox {
  constructor(input) {
    this.input = input;
    this.results = [];
    this.at = -1;
    this.id = uid("combo");
    this.box = input.closest(".combo, td") ?? input.parentElement;
    this.box.classList.add("combo");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    this.find = debounce(() => this.load(), 120);
    this.waiting = false; // for the answer to what was typed last
    input.addEventListener("input", () => { this.waiting = true; this.forget(); this.find(); });
    input.addEventListener("keydown", (event) => this.key(event));
    if ("atOnce" in input.dataset) input.addEventListener("focus", () => this.load(true));
    input.addEventListener("blur", () => { this.waiting = false; this.find.cancel(); setTimeout(() => { if (document.activeElement !== input) this.close(); }, 150); });
  }

  forget() {
    const hidden = this.input.dataset.hidden && document.getElementById(this.input.dataset.hidden);
    if (hidden) hidden.value = "";
    const shown = this.box.querySelector("[data-shown]");
    if (shown) shown.textContent = "";
  }

  async load(force = false) {
    const text = this.input.value.trim();
    if (!text) this.waiting = false;
    if (!text && !force) return this.close();
    this.request?.abort();
    this.request = new AbortController();
    try {
      const { results = [], none } = await search(this.input, text, this.request.signal);
      if (document.activeElement === this.input) this.show(results, text, none);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.say(t("combo.failed"));
    }
    this.waiting = false;
  }

  say(text) {
    this.close();
    this.list = make("div", { class: "combo-list" }, make("p", { class: "combo-foot", role: "status" }, text));
    this.place();
  }

  show(results, text, none) {
    if (!results.length) return this.say(none || t("combo.none"));
    this.close();
    this.results = results;
    this.shownFor = text;
    const options = results.map((result, index) => this.option(result, index, text));
    const list = make("ul", { id: `${this.id}-list`, role: "listbox", "aria-label": this.input.getAttribute("aria-label") ?? this.input.labels?.[0]?.firstElementChild?.textContent ?? "" }, ...options);
    const foot = make("p", { class: "combo-foot" }, make("span", { role: "status" }, t("combo.hits", { n: results.length })),
      make("span", {}, make("kbd", {}, "↑"), " ", make("kbd", {}, "↓"), ` ${t("combo.choose")}`), make("span", {}, make("kbd", {}, "↵"), ` ${t("combo.take")}`));
    this.list = make("div", { class: "combo-list" }, list, foot);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.place();
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", list.id);
    this.move(0);
  }

  // Inside a scrolling grid the list would be cut off: there it is fixed to the window.
  place() {
    this.box.append(this.list);
    if (!this.box.closest(".table-wrap")) return;
    this.list.popover = "manual";
    this.list.showPopover();
    const cell = this.input.getBoundingClientRect();
    const box = this.list.getBoundingClientRect();
    const below = cell.bottom + 4 + box.height <= innerHeight;
    this.list.style.insetBlockStart = `${below ? cell.bottom + 4 : Math.max(8, cell.top - box.height - 4)}px`;
    this.list.style.insetInlineStart = `${Math.max(8, Math.min(cell.left, innerWidth - box.width - 12))}px`;
  }

  option(result, index, text) {
    const right = make("span", { class: "right" }, make("span", { class: TONES[result.tone] ?? null }, result.right ?? ""));
    const parts = [make("span", { class: "id" }, result.number ?? ""), marked(result.label ?? "", text), right];
    if (result.sub) parts.push(make("span", { class: "sub" }, result.sub));
    const item = make("li", { class: "combo-opt", role: "option", id: `${this.id}-${index}`, "aria-selected": "false" }, ...parts);
    item.addEventListener("click", () => this.choose(index));
    return item;
  }

  move(index) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    options[this.at]?.setAttribute("aria-selected", "false");
    this.at = (index + options.length) % options.length;
    options[this.at].setAttribute("aria-selected", "true");
    options[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.at].id);
  }

  choose(index) {
    const result = this.results[index];
    if (!result) return;
    this.input.value = result[this.input.dataset.fill || "number"] ?? result.number ?? "";
    const hidden = this.input.dataset.hidden && document.getElementById(this.input.dataset.hidden);
    if (hidden) hidden.value = result.id;
    const shown = this.box.querySelector("[data-shown]");
    if (shown) shown.textContent = this.input.dataset.fill === "label" ? (result.sub ?? "") : result.label;
    this.close();
    this.input.dispatchEvent(new CustomEvent("valeo:choose", { bubbles: true, detail: result }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get open() { return this.input.getAttribute("aria-expanded") === "true"; }

  key(event) {
    if (event.key === "ArrowDown" && (event.altKey || (!this.open && !this.input.closest("[data-grid]")))) {
      event.preventDefault();
      this.load(true);
      return;
    }
    const enter = event.key === "Enter" && !event.ctrlKey;
    if (!this.open && !(enter && this.waiting)) return;
    const moves = { ArrowDown: this.at + 1, ArrowUp: this.at - 1 };
    if (this.open && event.key in moves) this.move(moves[event.key]);
    else if (enter) this.take();
    else if (event.key === "Tab") { if (this.fresh) this.choose(this.at); return; }
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Whether the list is of what stands in the field now: who types fast is not given what an earlier letter found, and
  // whose Enter comes before the answer (a scanner's does) gets the best hit when it is there.
  get fresh() { return this.open && this.shownFor === this.input.value.trim(); }

  async take() {
    if (this.fresh) { this.choose(this.at); return; }
    this.find.cancel();
    await this.load();
    if (this.fresh) this.choose(0);
  }

  close() {
    this.list?.remove();
    this.list = null;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.removeAttribute("aria-controls");
  }
}

attach("input[data-source]", (input) => {
  new Combobox(input);
});
