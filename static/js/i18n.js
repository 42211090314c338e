// Texts and figures in the user's language; the server writes them into #i18n.
const data = JSON.parse(document.getElementById("i18n")?.textContent ?? "{}");

export const language = data.language ?? "en";

export function t(key, values = {}) {
  return (data[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// "1.234,5" or "1,234.5" as typed by people of this language; NaN where it is no figure.
export function parse(text) {
  const plain = String(text ?? "").trim().replaceAll(/[\s\u00a0']/g, "").replace("\u2212", "-");
  const point = data.decimal ?? ".";
  const group = point === "," ? "." : ",";
  const whole = plain.replaceAll(group, "").replace(point, ".");
  return whole === "" ? NaN : Number(whole);
}

export function amount(value) {
  const locale = language.startsWith("de") ? "de-DE" : "en-GB";
  const form = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return form.format(value).replace("-", "\u2212");
}

export function clock(date = new Date()) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
