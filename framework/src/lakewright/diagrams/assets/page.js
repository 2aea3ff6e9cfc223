"use strict";
/* What every page needs: elements without markup, icons, words, the theme. No text of a user ever becomes markup. */

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false && child !== ""));
  return node;
}

const element = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const shape = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const byId = (id) => document.getElementById(id);
const content = () => JSON.parse(byId("content").textContent);

const MARKS = {
  success: "M4.6 8.3l2.3 2.3 4.5-5",
  failed: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6",
  timed_out: "M8 4.4V8l2.4 1.6",
  cancelled: "M5.6 5.6h4.8v4.8H5.6z",
  interrupted: "M5.6 5.6h4.8v4.8H5.6z",
  upstream_failed: "M8 3.8v5M8 11.6v.2",
  excluded: "M4.8 8h6.4",
  running: "M6.6 5l4 3-4 3z",
  pending: "M5 8h.1M8 8h.1M11 8h.1",
};
const STATES = Object.keys(MARKS);
const words = (state) => state.replace(/_/g, " ");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function icon(state) {
  return shape("svg", { class: `icon state-${state}`, viewBox: "0 0 16 16", "aria-hidden": "true" },
    shape("circle", { cx: 8, cy: 8, r: 7.5 }), shape("path", { d: MARKS[state] ?? MARKS.pending }));
}

function duration(seconds) {
  if (seconds > 0 && seconds < 0.01) return `${Math.ceil(1000 * seconds)} ms`;
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function bytes(size) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${unit && size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

const grouped = (number) => number.toLocaleString("en-US");
const plural = (count, noun) => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

/* What a panel of details is made of; what says nothing is left out. */
const section = (title, note, ...children) => element("section", {}, element("h3", {}, title, note && element("span", { class: "note" }, note)), ...children);

function facts(pairs) {
  const said = pairs.filter(([, value]) => value);
  return said.length ? element("dl", { class: "facts" }, said.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])) : null;
}

function names(keys, link, limit = 12) {
  const rest = keys.length - limit;
  return element("span", { class: "names" }, keys.slice(0, limit).map((key) => link(key)), rest > 0 && element("span", { class: "soft" }, `and ${grouped(rest)} more`));
}

/* The system's theme until the reader chooses one. */
function followTheme(button) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const use = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-label", theme === "dark" ? "Use light colours" : "Use dark colours");
  };
  const follow = () => use(dark.matches ? "dark" : "light");
  follow();
  dark.addEventListener("change", follow);
  button.append(shape("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    shape("path", { class: "moon", d: "M8 1.5a6.5 6.5 0 1 0 0 13z" })));
  button.addEventListener("click", () => {
    dark.removeEventListener("change", follow);
    use(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  });
  // Paper is light.
  let shown;
  addEventListener("beforeprint", () => { shown = document.documentElement.dataset.theme; use("light"); });
  addEventListener("afterprint", () => use(shown));
}
