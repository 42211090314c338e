// Compares a PDF with the printed document's checksums inside the browser: the file is never sent anywhere.
// data-hashes: SHA-256 of every archived paper, hex, separated by spaces.
import { attach, icon, make, one } from "./dom.js";
import { t } from "./i18n.js";

const MOST = 50 * 1024 * 1024;

async function digest(file) {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

attach("[data-verify]", (zone) => {
  const hashes = new Set((zone.dataset.hashes ?? "").toLowerCase().split(/\s+/).filter(Boolean));
  const input = one("input[type=file]", zone);
  const result = document.getElementById(zone.dataset.result ?? "") ?? zone.parentElement.insertBefore(make("div", { role: "status", "aria-live": "polite" }), zone.nextSibling);
  const say = (kind, symbol, bold, text = "") => result.replaceChildren(
    make("div", { class: `notice mt-3 ${kind}` }, icon(symbol), make("p", {}, make("b", {}, bold), text ? ` ${text}` : "")));

  async function check(file) {
    if (!file) return;
    if (!globalThis.crypto?.subtle) return say("notice-warn", "triangle-alert", t("verify.impossible"));
    if (file.size > MOST) return say("notice-warn", "triangle-alert", t("verify.large", { name: file.name }));
    say("notice-quiet", "clock", t("verify.reading", { name: file.name }));
    const sum = await digest(file);
    if (hashes.has(sum)) say("notice-ok", "check", t("verify.same", { name: file.name }), t("verify.same.more"));
    else say("notice-danger", "circle-alert", t("verify.other", { name: file.name }), t("verify.other.more"));
  }

  input?.addEventListener("change", () => { check(input.files[0]); input.value = ""; });
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); check(event.dataTransfer.files[0]); });
  zone.hidden = false;
});
