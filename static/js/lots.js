// Lots of a line: what lies in stock is offered, and a choice writes itself into the text, "4711 = 25", a row per lot.
// Without the script, and for lots that are not in stock yet, the rows are typed.
import { announceAdded, attach, make } from "./dom.js";
import { t } from "./i18n.js";

const PARTS = "article=line:article warehouse_id=line:warehouse,warehouse";

// As much as the line still lacks and the lot has; both in the stock unit, as plain numbers of the server.
function amount(area, result) {
  const missing = Number(area.closest("[data-line]")?.dataset.missing);
  const there = Number(result.quantity);
  const found = missing > 0 && missing < there ? missing : there;
  return Number.isFinite(found) && found > 0 ? String(found).replace(".", t("decimal")) : "";
}

attach("form[data-lots-source] textarea[data-lots]", (area) => {
  const input = make("input", {
    class: "input", type: "text", autocomplete: "off", spellcheck: "false", placeholder: t("lots.pick"), "aria-label": t("lots.pick"),
    "data-source": area.form.dataset.lotsSource, "data-source-with": PARTS, "data-fill": "number", "data-at-once": "",
  });
  const box = make("div", { class: "combo lots-pick" }, input);
  area.before(box);
  announceAdded(box);
  input.addEventListener("valeo:choose", (event) => {
    event.stopPropagation(); // the grid would take it for an article
    const rows = area.value.split("\n").filter((row) => row.trim());
    area.value = [...rows, `${event.detail.number} = ${amount(area, event.detail)}`].join("\n");
    input.value = "";
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
