// Looks at a page from within, as a test wants to know it, and tells the page
// around it.
"use strict";

const faults = [];
const fault = (text) => { if (faults.length < 20) faults.push(text); };
addEventListener("error", (event) => fault("error: " + (event.message || event.target.src || event.target.href)), true);
addEventListener("unhandledrejection", (event) => fault("rejected: " + event.reason));
for (const kind of ["error", "warn"]) console[kind] = (...words) => fault(kind + ": " + words.join(" "));

let shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; }).observe({ type: "layout-shift", buffered: true });

const wanted = new URLSearchParams(location.search);
const theme = wanted.get("theme"), narrow = wanted.get("width") === "390";
const one = (selector) => document.querySelector(selector);
const visible = (element) => element.getClientRects().length > 0;
const press = (element, key) => element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

const channels = (color) => color.match(/[\d.]+/g).map(Number);
const luminance = (color) => {
  const [r, g, b] = channels(color).slice(0, 3).map((c) => c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const background = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if ((channels(color)[3] ?? 1) === 1) return color;
  }
  return "rgb(255, 255, 255)";
};

function contrast() {
  const seen = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !visible(element) || element.closest("script, style")) continue;
    texts++;
    const pair = getComputedStyle(element).color + " on " + background(element);
    if (!seen.has(pair)) {
      const [a, b] = pair.split(" on ").map(luminance);
      seen.set(pair, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
      if (seen.get(pair) < 4.5) fault("contrast " + seen.get(pair).toFixed(2) + ": " + pair + ": " + walker.currentNode.data.trim().slice(0, 40));
    }
  }
  const dark = luminance(background(document.body)) < 0.2;
  if (dark !== (theme === "dark")) fault("the theme is not " + theme);
  return texts;
}

function width() {
  const most = document.documentElement.clientWidth;
  if (String(innerWidth) !== wanted.get("width")) fault("the width is " + innerWidth);
  if (document.documentElement.scrollWidth <= most) return;
  for (const element of document.querySelectorAll("main *")) {
    if (element.getBoundingClientRect().right > most + 1 && !element.closest(".scroll, pre")) {
      fault("too wide: " + element.outerHTML.slice(0, 120));
      return;
    }
  }
  fault("the page is " + document.documentElement.scrollWidth + " wide");
}

// search returns the titles and places that a query finds.
function search(query) {
  const input = one("#search");
  input.value = query;
  input.dispatchEvent(new Event("input"));
  return [...document.querySelectorAll("#results [role=option]")].map((option) => option.querySelector(".title").textContent + " " + option.dataset.place);
}

function searches() {
  for (const [query, want] of [
    ["partfile_gap", "PARTFILE_GAP_STATUS codes.html#tag-PARTFILE_GAP_STATUS"],
    ["0x0301", "PARTFILE_NAME codes.html#tag-PARTFILE_NAME"],
    ["0x301", "PARTFILE_NAME codes.html#tag-PARTFILE_NAME"],
    ["769", "PARTFILE_NAME codes.html#tag-PARTFILE_NAME"],
    ["0x04F", "AUTH_SALT codes.html#op-AUTH_SALT"],
    ["EC_FLAG_ZLIB", "zlib wire.html#zlib"],
    ["EC_TAGTYPE_HASH16", "hash16 wire.html#type-hash16"],
    ["EC_DETAIL_CMD", "CMD enums.html#DetailLevel.CMD"],
    ["EC_PREFS_GENERAL", "GENERAL enums.html#PreferenceGroups.GENERAL"],
    ["GetDLoadQueue", "GET_DLOAD_QUEUE messages-files.html#GetDLoadQueue"],
    ["EC_OP_STAT_REQ", "STAT_REQ messages-stats.html#StatReq"],
    ["adler", "zlib wire.html#zlib"],
    ["allocating", "ALLOCATING enums.html#PartFileStatus.ALLOCATING"],
    ["connstate", "ConnState messages-stats.html#ConnState"],
    ["salt password", "The password session.html#password"],
  ]) {
    const found = search(query);
    if (!found.slice(0, 6).includes(want)) fault("search " + query + " finds " + found.slice(0, 6));
  }
  const input = one("#search");
  if (search("stats")[0] !== "STATS messages-stats.html#Stats") fault("the first of stats is " + search("stats")[0]);
  const box = one("#results").getBoundingClientRect();
  if (box.left < 0 || box.right > document.documentElement.clientWidth) fault("the results reach from " + box.left + " to " + box.right);
  const first = input.getAttribute("aria-activedescendant");
  press(input, "ArrowDown");
  if (input.getAttribute("aria-activedescendant") === first || !one("#results [aria-selected=true]")) fault("the arrow keys do not choose");
  if (input.getAttribute("aria-expanded") !== "true" || !/\d+ results/.test(one("#found").textContent)) fault("results are not announced");
  if (search("no such thing anywhere").length || !visible(one("#results"))) fault("nothing found is not said");
  press(input, "Escape");
  if (visible(one("#results")) || input.value) fault("Escape does not close");
  press(document.body, "/");
  if (document.activeElement !== input) fault("/ does not lead to the search");
  input.blur();
}

function packets() {
  const fields = document.querySelectorAll(".packet .f");
  for (const packet of document.querySelectorAll(".packet")) {
    const all = packet.querySelectorAll(".f"), say = packet.querySelector(".say");
    const tap = all[all.length - 1];
    tap.click();
    const says = tap.dataset.says.replace(": ", " ");
    if (say.textContent !== says) fault("a tap says " + say.textContent + ", not " + says);
    all[0].focus();
    if (say.textContent !== all[0].dataset.says.replace(": ", " ")) fault("focus says " + say.textContent);
    press(all[0], "ArrowRight");
    if (document.activeElement !== all[1]) fault("the arrow keys do not move");
    press(all[1], "ArrowDown");
    if (!document.activeElement.closest(".line") || document.activeElement.closest(".line") === all[1].closest(".line")) fault("the arrow keys do not move down");
    if (packet.querySelectorAll(".f[tabindex='0']").length !== 1) fault("more than one stop of the tab key in a packet");
  }
  for (const field of fields) {
    if (!field.getAttribute("aria-label") || field.getAttribute("role") !== "button") { fault("a field without a name"); break; }
  }
  return fields.length;
}

function navigation() {
  const nav = one("#nav"), button = one(".menu");
  if (visible(button) !== narrow) fault("the contents' button is wrong for this width");
  if (narrow) {
    if (visible(nav)) fault("the contents hide the page");
    button.click();
    if (!visible(nav)) fault("the contents do not open");
    nav.hidePopover();
  } else if (!visible(nav) || getComputedStyle(nav).position !== "sticky") {
    fault("the contents are not beside the page");
  }
}

function themes() {
  const button = one("#theme"), before = document.documentElement.dataset.theme;
  const seen = new Set();
  for (let i = 0; i < 3; i++) { button.click(); seen.add(document.documentElement.dataset.theme + getComputedStyle(document.documentElement).colorScheme); }
  if (seen.size !== 3 || document.documentElement.dataset.theme !== before) fault("the theme's button gives " + [...seen]);
}

addEventListener("load", () => setTimeout(() => {
  const counts = { shift };
  document.documentElement.dataset.theme = theme;
  navigation();
  themes();
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  counts.texts = contrast();
  width();
  counts.fields = packets();
  searches();
  parent.postMessage({ page: location.pathname.split("/").pop(), width: wanted.get("width"), theme, faults, ...counts }, "*");
}, 50));
