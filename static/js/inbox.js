// The approvals inbox: the list stays where it was from one item to the next, and a rejection asks for its reason on the spot.
import { attach, one } from "./dom.js";

const KEY = "valeo:inbox"; // how far the list was scrolled, in this tab

// The form scrolls by itself beside the item; on a phone the page does, and the address leads to the item.
attach("[data-inbox-list]", (form) => {
  form.scrollTop = Number(sessionStorage.getItem(KEY) ?? 0);
  const current = one(".is-current", form);
  if (current && form.scrollHeight > form.clientHeight) {
    const row = current.getBoundingClientRect();
    const top = form.getBoundingClientRect().top;
    const bottom = one(".inbox-foot", form).getBoundingClientRect().top;
    if (row.top < top) form.scrollTop -= top - row.top;
    else if (row.bottom > bottom) form.scrollTop += row.bottom - bottom;
  }
  addEventListener("pagehide", () => sessionStorage.setItem(KEY, String(form.scrollTop)));
});

attach("[data-decide]", (form) => {
  const reason = one("[name=reason]", form);
  const needed = one("[data-reason-needed]", form);
  const ask = (asks) => {
    needed.hidden = !asks;
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", needed.id]]) {
      if (asks) reason.setAttribute(name, value);
      else reason.removeAttribute(name);
    }
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "reject" || reason.value.trim()) return;
    event.preventDefault(); // without a script the reason is asked for on a page of its own
    ask(true);
    reason.focus();
  });
  reason.addEventListener("input", () => ask(false));
});
