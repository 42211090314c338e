// The document editor: grid, paste from spreadsheets, live totals, F8 to the next error.
import { all, attach, one } from "./dom.js";
import { Grid } from "./grid.js";
import { t } from "./i18n.js";
import { attachPaste } from "./paste.js";
import { Preview } from "./preview.js";
import { toast } from "./toast.js";

function reveal(field) {
  for (let fold = field.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  const more = field.closest(".line-detail") && one("[data-line-more]", field.closest("tbody.line"));
  if (more) more.checked = true;
  field.focus();
  field.select?.();
}

function nextError(form) {
  const wrong = all('[aria-invalid="true"]', form).filter((field) => !field.closest("[hidden]"));
  if (!wrong.length) {
    toast(t("editor.noerror"));
    return;
  }
  const here = document.activeElement;
  const after = wrong.find((field) => field !== here && here.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
  reveal(after ?? wrong[0]);
}

// What the server said about a field is about what stood there; what stands there now is judged anew.
function settle(field) {
  if (!field.matches('[aria-invalid="true"]') || "previewError" in field.dataset) return;
  field.removeAttribute("aria-invalid");
  one(".field-errors", field.closest(".field") ?? field)?.remove();
}

attach("form[data-editor]", (form) => {
  for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => settle(event.target));
  form.noValidate = true; // the server names all reasons at once and in the user's language, the browser one in its own
  const root = one("[data-grid]", form);
  const grid = root && new Grid(root);
  if (grid) attachPaste(grid);
  const url = form.dataset.previewUrl ?? root?.dataset.previewUrl;
  if (url) {
    const preview = new Preview(form, url);
    form.addEventListener("input", preview.ask);
    form.addEventListener("change", preview.ask);
    addEventListener("online", preview.ask);
    form.addEventListener("submit", () => preview.ask.cancel());
    if ("restored" in form.dataset) preview.ask(); // what was restored before this module came
  }
  // Enter in a head field must not send a half-filled document.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input") && !event.target.closest("[data-grid]")) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    nextError(form);
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field?.matches?.("input, select, textarea")) return;
    event.preventDefault();
    reveal(field);
  });
});
