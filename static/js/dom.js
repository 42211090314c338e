// The few helpers every module needs.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// make("p", {class: "meta"}, "text", child): never writes HTML, so nothing typed can become markup.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(symbol, small = false) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", small ? "icon icon-s" : "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset.sprite}#${symbol}`);
  svg.append(use);
  return svg;
}

export function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

export function debounce(call, wait) {
  let timer = 0;
  const later = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), wait);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

export function csrf() {
  return one("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

let counter = 0;
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

// Modules attach themselves to an element once, also to those that arrive later.
export function attach(selector, setup) {
  const run = (root) => {
    const found = root.matches?.(selector) ? [root, ...all(selector, root)] : all(selector, root);
    for (const element of found) {
      const done = (element.valeo ??= new Set());
      if (done.has(setup)) continue;
      done.add(setup);
      setup(element);
    }
  };
  run(document);
  document.addEventListener("valeo:added", (event) => run(event.detail.root));
}

export function announceAdded(root) {
  document.dispatchEvent(new CustomEvent("valeo:added", { detail: { root } }));
}
