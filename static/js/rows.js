// Rows of a small formset that are added on demand. Without the script the same button asks the server for one more.
import { all, announceAdded, attach, one } from "./dom.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

const TYPED = "input:not([type=hidden])"; // an entry without a figure and a text is none

export function addRow(root) {
  const total = one(`input[name="${root.dataset.rows}-TOTAL_FORMS"]`, root);
  const blank = one("template[data-rows-blank]", root);
  const index = Number(total.value);
  if (index >= Number(root.dataset.most)) {
    toast(t("rows.full", { n: index }));
    return null;
  }
  const box = document.createElement("template");
  box.innerHTML = blank.innerHTML.replaceAll("__prefix__", String(index)).replaceAll("__number__", String(index + 1));
  const row = box.content.firstElementChild;
  blank.before(row);
  total.value = String(index + 1);
  announceAdded(row);
  return row;
}

attach("[data-rows] [data-rows-add]", (button) => {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const row = addRow(button.closest("[data-rows]"));
    if (row) one("select, input:not([type=hidden])", row)?.focus();
  });
});

attach("[data-rows]", (root) => {
  root.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row-drop]")?.closest("[data-row]");
    if (row) drop(root, row);
  });
});

function drop(root, row) {
  const kept = all(TYPED, row).map((field) => [field, field.value]);
  const show = (shown) => {
    row.hidden = !shown;
    for (const [field, value] of kept) field.value = shown ? value : "";
    root.dispatchEvent(new Event("change", { bubbles: true }));
  };
  show(false);
  one("[data-rows-add]", root)?.focus();
  toast(t("rows.deleted"), { action: { label: t("editor.undo"), run: () => { show(true); kept[0][0].focus(); } } });
}
