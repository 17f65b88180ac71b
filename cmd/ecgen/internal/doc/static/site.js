// What the pages do beyond being read: search, packets byte by byte, the theme,
// and the place in the contents. Without it everything else works.
"use strict";

const root = document.documentElement;
root.classList.add("live");

// Search. A word of the query must stand in the title or in the text; titles
// come first, and of them those that begin with it. Names may be those of
// aMule's header, and numbers may have any zeros in front.
{
  const input = document.getElementById("search");
  const list = document.getElementById("results");
  const found = document.getElementById("found");
  const most = 40;
  const lower = (text) => text.toLowerCase().replace(/\b0x0+(?=[0-9a-f])/g, "0x");
  const index = (window.ecgenIndex || []).map(([title, kind, place, text]) =>
    ({ title, kind, place, text, key: lower(title), words: lower(title).split(/[^a-z0-9]+/), all: " " + lower([title, kind, text, place.split("#")[1]].join(" ")) + " " }));
  let chosen = -1;

  const rank = (entry, word) => {
    if (entry.key === word) return 8;
    if (entry.key.startsWith(word)) return 6;
    if (entry.words.some((part) => part.startsWith(word))) return 5;
    if (entry.key.includes(word)) return 4;
    if (entry.all.includes(" " + word + " ")) return 3;
    return entry.all.includes(word) ? 1 : 0;
  };
  const kinds = { Message: 0.9, Page: 0.8, Section: 0.7, Object: 0.6, Opcode: 0.5, Tag: 0.4, Enumeration: 0.3 };
  const search = (query) => {
    const words = lower(query).split(/\s+/).filter(Boolean).map((word) => word.replace(/^ec_[a-z]+_/, ""));
    const hits = [];
    for (const entry of index) {
      let sum = 0;
      for (const word of words) {
        const points = rank(entry, word);
        if (!points) { sum = 0; break; }
        sum += points;
      }
      if (sum) hits.push([sum + (kinds[entry.kind] || 0), entry]);
    }
    return hits.sort((a, b) => b[0] - a[0] || a[1].title.length - b[1].title.length).map((hit) => hit[1]);
  };

  // excerpt is the text around the first word of the query.
  const excerpt = (entry, query) => {
    const word = lower(query).split(/\s+/).filter(Boolean)[0] || "";
    const at = lower(entry.text).indexOf(word);
    return at > 60 ? "… " + entry.text.slice(entry.text.indexOf(" ", at - 50) + 1) : entry.text;
  };
  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  };

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (number) => {
    const options = list.querySelectorAll("[role=option]");
    if (!options.length) return;
    chosen = (number + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };
  const go = (place) => { close(); input.blur(); location.href = place; };
  const show = () => {
    const query = input.value.trim();
    list.replaceChildren();
    if (!query) { found.textContent = ""; close(); return; }
    const hits = search(query);
    hits.slice(0, most).forEach((entry, i) => {
      const option = document.createElement("li");
      option.id = "result-" + i;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.place = entry.place;
      option.append(element("span", "kind", entry.kind), element("span", "title", entry.title), element("span", "text", excerpt(entry, query)));
      list.append(option);
    });
    if (!hits.length) list.append(element("li", "empty", "Nothing has all of these words."));
    found.textContent = hits.length === 1 ? "1 result" : hits.length + " results";
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    chosen = -1;
    choose(0);
  };

  input.addEventListener("input", show);
  input.addEventListener("focus", () => { if (input.value.trim()) show(); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    switch (event.key) {
      case "ArrowDown": choose(chosen + 1); break;
      case "ArrowUp": choose(chosen - 1); break;
      case "Escape": input.value = ""; close(); break;
      case "Enter": {
        const option = list.querySelector("[aria-selected=true]");
        if (option) go(option.dataset.place);
        break;
      }
      default: return;
    }
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option.dataset.place);
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });
}

// Packets. Of all fields of a packet one can be reached with the tab key, the
// others from there with the arrow keys.
for (const packet of document.querySelectorAll(".packet")) {
  const say = packet.querySelector(".say");
  const fields = [...packet.querySelectorAll(".f")];
  const lines = [...packet.querySelectorAll(".line")];
  let held = null;
  const tell = (field) => {
    for (const on of packet.querySelectorAll(".on")) on.classList.remove("on");
    packet.classList.add("held");
    field.classList.add("on");
    const at = field.dataset.says.indexOf(": ");
    const part = document.createElement("strong");
    part.textContent = field.dataset.says.slice(0, at);
    say.replaceChildren(part, " " + field.dataset.says.slice(at + 2));
  };
  fields.forEach((field, i) => {
    field.dataset.says = field.title;
    field.removeAttribute("title");
    field.setAttribute("role", "button");
    field.setAttribute("aria-label", field.dataset.says + "; bytes " + field.textContent);
    field.tabIndex = i ? -1 : 0;
  });
  const hold = (field) => {
    held = field;
    for (const other of fields) other.tabIndex = other === field ? 0 : -1;
    tell(field);
  };
  packet.addEventListener("mouseover", (event) => {
    const field = event.target.closest(".f");
    if (field) tell(field);
  });
  packet.addEventListener("mouseleave", () => { if (held) tell(held); });
  packet.addEventListener("click", (event) => {
    const field = event.target.closest(".f");
    if (field) { field.focus({ preventScroll: true }); hold(field); }
  });
  packet.addEventListener("focusin", (event) => { if (event.target.matches(".f")) hold(event.target); });
  packet.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (at < 0) return;
    const line = lines.indexOf(event.target.closest(".line"));
    const firstOf = (other) => other && other.querySelector(".f");
    const next = {
      ArrowRight: fields[at + 1],
      ArrowLeft: fields[at - 1],
      ArrowDown: firstOf(lines[line + 1]),
      ArrowUp: firstOf(lines[line - 1]),
      Home: fields[0],
      End: fields[fields.length - 1],
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const fold = next.closest(".packet details");
    if (fold) fold.open = true;
    next.focus();
  });
}

// The theme: as the system has it, or the other one.
{
  const button = document.getElementById("theme");
  const names = { auto: "Auto", light: "Light", dark: "Dark" };
  const order = Object.keys(names);
  const show = () => {
    const theme = names[root.dataset.theme] ? root.dataset.theme : "auto";
    button.textContent = names[theme];
    button.setAttribute("aria-label", "Theme: " + names[theme]);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = order[(order.indexOf(root.dataset.theme) + 1) % order.length];
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept then */ }
    show();
  });
  button.hidden = false;
  show();
}

// The contents: where the reader is, and on small screens closed after a choice.
{
  const nav = document.getElementById("nav");
  const links = new Map([...nav.querySelectorAll("ul ul a")].map((link) => [link.hash.slice(1), link]));
  nav.addEventListener("click", (event) => {
    if (event.target.closest("a") && nav.matches(":popover-open")) nav.hidePopover();
  });
  const marks = [...document.querySelectorAll("main h2[id]")].filter((mark) => links.has(mark.id));
  let here = null;
  const follow = () => {
    let now = null;
    for (const mark of marks) {
      if (mark.getBoundingClientRect().top > 120) break;
      now = links.get(mark.id);
    }
    if (now === here) return;
    if (here) here.classList.remove("here");
    here = now;
    if (!here) return;
    here.classList.add("here");
    const box = here.getBoundingClientRect(), frame = nav.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) nav.scrollTop += box.top - frame.top - frame.height / 2;
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();
}

// A part that is led to, or printed, must not be folded away.
{
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
}
