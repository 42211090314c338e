// data-dialog opens a native <dialog>; without a script the button's own submit or link does the work.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && opener.getAttribute("aria-disabled") !== "true") {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("textarea, input:not([type=hidden]), select")?.focus();
    }
  }
  if (opener?.getAttribute("aria-disabled") === "true") event.preventDefault();
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside) event.target.close();
  }
});

// What is not possible now stays so, also for Enter and for scripts of other modules.
document.addEventListener("click", (event) => {
  if (event.target.closest('button[aria-disabled="true"], a[aria-disabled="true"]')) event.preventDefault();
}, true);

// A double click on a submit button must not send twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-many")) return;
  if (event.submitter?.formMethod === "dialog") return;
  if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 3000) event.preventDefault();
  else form.dataset.sent = String(Date.now());
});
