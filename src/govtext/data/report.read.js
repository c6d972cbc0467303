// Reading: the paragraph at hand, the words that decided, the outline, filters, search.
const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
let current = null, pointed = null;

const isVisible = (block) => !block.element.classList.contains("off") && !block.element.closest("details:not([open])");

function setCurrent(block, { scroll = false, focus = true } = {}) {
  if (current) current.element.classList.remove("now");
  current = block;
  const folded = block.element.closest("details");
  if (folded && scroll) folded.open = true;
  block.element.classList.add("now");
  block.element.tabIndex = -1;
  if (focus) block.element.focus({ preventScroll: true });
  if (scroll) block.element.scrollIntoView({ block: "nearest", behavior: quiet ? "auto" : "smooth" });
  showWhy(block);
}
function step(by) {
  const shown = blocks.filter(isVisible);
  if (!shown.length) return;
  const at = shown.indexOf(current);
  const next = at >= 0 ? at + by : shown.findIndex((block) => block.element.getBoundingClientRect().bottom > 90);
  setCurrent(shown[Math.max(0, Math.min(shown.length - 1, next))], { scroll: true });
}

// The words that decided: marked in the text, told in the bar at the foot.
const whyBar = make("aside", { id: "why", hidden: true, "aria-label": say("why"), "data-l": "why" });
let whyMarks = [];
function clearWhy() {
  whyMarks.forEach((name) => mark(name, []));
  whyMarks = [];
  whyBar.hidden = true;
}
// Words of one theme in one block: context, then start, length, hundredths of a logit of each.
function words(block, theme) {
  const row = (facts.why[block.first] || {})[theme];
  if (!row) return null;
  const found = [];
  for (let k = 1; k < row.length; k += 3) found.push({ start: row[k], length: row[k + 1], share: row[k + 2] / 100 });
  return { around: row[0] / 100, words: found };
}
const signed = (share) => (share < 0 ? "−" : "+") + Math.abs(share).toFixed(1);
function showWhy(block, wanted) {
  clearWhy();
  const told_ = Object.keys(facts.why[block.first] || {}).map(Number);
  if (!told_.length || isJunk(block)) return;
  const ranked = unit(block).themes.filter((theme) => told_.includes(theme));
  const theme = told_.includes(wanted) ? wanted : ranked[0] ?? told_[0];
  const { around, words: found } = words(block, theme);
  const strongest = Math.max(...found.map((word) => word.share), 0.01);
  const byStep = [[], [], []];
  for (const word of found) {
    if (word.share > 0) byStep[Math.min(2, Math.floor(3 * word.share / strongest))].push(rangeOf(word.start, word.length));
  }
  byStep.forEach((ranges, k) => {
    const name = `word${theme}-${k + 1}`;
    mark(name, ranges, 1 + k);
    if (ranges.length) whyMarks.push(name);
  });
  // Equal words as one.
  const sums = new Map();
  for (const word of found) {
    const text = wordAt(word.start, word.length);
    sums.set(text, (sums.get(text) || 0) + word.share);
  }
  const chance = likelihoods(block).get(theme);
  whyBar.replaceChildren(
    make("b", {}, `${say("why")} · ${THEMES[theme][1]}${chance === undefined ? "" : " " + percent(chance)}`),
    ...(sums.size ? [...sums].sort((a, b) => b[1] - a[1]).map(([text, share]) =>
      make("span", { className: share < 0 ? "down" : "up" }, `${text} ${signed(share)}`)) : [told("why_none")]),
    ...(Math.abs(around) >= 0.05 ? [make("span", {}, `${say("why_around")} ${signed(around)}`)] : []),
  );
  whyBar.hidden = false;
}
textHome.addEventListener("mouseover", (event) => {
  const element = event.target.closest(".b"), chip = event.target.closest(".k");
  const key = element && element.id + (chip ? chip.className : "");
  if (key === pointed) return;
  pointed = key;
  const place = chip && /\bt(\d+)\b/.exec(chip.className);
  if (element) showWhy(blockAt.get(element), place ? +place[1] : undefined);
  else if (current) showWhy(current); else clearWhy();
});
textHome.addEventListener("mouseleave", () => { pointed = null; if (current) showWhy(current); else clearWhy(); });

// The outline as the headings now are, and the one that is being read.
const outline = document.getElementById("outline");
let links = [];
const headingText = (block) => block.members.map((i) => {
  const { start, end, headingEnd } = unitOf(i);
  return wordAt(start, (headingEnd ?? end) - start);
}).join("");
function drawOutline() {
  const isAsItCame = !changed.size && links.length === outline.querySelectorAll("a").length;
  if (!isAsItCame) {
    const rows = blocks.filter((block) => headingLevel(unit(block).kind)).map((block) => {
      const { kind, themes } = unit(block);
      return make("li", { className: "l" + headingLevel(kind) }, make("a", { href: "#p" + block.first },
        make("span", { lang: "zh-Hans" }, headingText(block)), ...themes.map((theme) => make("i", { className: "d t" + theme }))));
    });
    outline.replaceChildren(...(rows.length ? rows : [told("no_headings", undefined, "li")]));
  }
  links = [...outline.querySelectorAll("a")].map((link) => ({ link, target: document.querySelector(link.hash) }));
  markCurrent();
}
function markCurrent() {
  let here = null;
  for (const item of links) {
    if (!item.target.offsetParent) continue;
    if (item.target.getBoundingClientRect().top > 140) break;
    here = item;
  }
  for (const { link } of links) if (!here || link !== here.link) link.removeAttribute("aria-current");
  if (here && !here.link.hasAttribute("aria-current")) {
    here.link.setAttribute("aria-current", "location");
    const side = document.getElementById("side"), box = here.link.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) side.scrollTop += box.top - innerHeight / 2;
  }
}
let isWaiting = false;
addEventListener("scroll", () => {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => { isWaiting = false; markCurrent(); });
}, { passive: true });

// Filters. What passes is shown under the headings above it, which are paler; run-in headings would bring their paragraphs.
const filters = { themes: new Set(), roles: new Set(), junk: "fold", sure: 100, changed: false };
const wants = (block) => {
  const { role, themes } = unit(block);
  if (facts.sure[block.first] > filters.sure && filters.sure < 100) return false;
  if (filters.changed && !block.members.some((i) => changed.has(i))) return false;
  if (isJunk(block)) return filters.junk !== "hide" && (filters.junk === "only" || !(filters.themes.size || filters.roles.size));
  return filters.junk !== "only" && (!filters.themes.size || themes.some((theme) => filters.themes.has(theme)))
    && (!filters.roles.size || filters.roles.has(role));
};
const isFiltered = () => filters.themes.size || filters.roles.size || filters.sure < 100 || filters.changed || filters.junk === "only";
function applyFilters() {
  const above = [];
  let shown = 0;
  for (const block of blocks) {
    const { kind } = unit(block), level = headingLevel(kind), passes = block === edited || wants(block);
    while (level && above.length && headingLevel(unit(above[above.length - 1]).kind) >= level) above.pop();
    block.element.classList.toggle("off", !passes);
    block.element.classList.remove("above");
    if (passes) {
      shown++;
      if (isFiltered() && filters.junk !== "only") {
        for (const heading of above) {
          if (heading.element.classList.contains("off")) heading.element.classList.replace("off", "above");
        }
      }
    }
    if (level && !kind.includes("+")) above.push(block);
  }
  for (const folded of textHome.querySelectorAll("details")) {
    folded.classList.toggle("off", !folded.querySelector(".b:not(.off)"));
  }
  shownCount.textContent = isFiltered() ? say("shown", shown) : "";
  clearFilters.hidden = !isFiltered();
  if (query.value) search();
}
function foldJunk() {
  for (const folded of textHome.querySelectorAll("details")) folded.open = filters.junk === "show" || filters.junk === "only";
}
const shownCount = make("span", { id: "shown", role: "status" });
const clearFilters = button("clear", () => {
  filters.themes.clear(); filters.roles.clear();
  Object.assign(filters, { junk: "fold", sure: 100, changed: false });
  drawFilters(); foldJunk(); applyFilters();
}, { hidden: true });
const filterHome = make("div", { id: "filters", role: "group", "aria-label": say("filters"), "data-l": "filters" });
function toggle(set, value, inside) {
  return make("button", { type: "button", "aria-pressed": set.has(value), onclick: (event) => {
    if (!set.delete(value)) set.add(value);
    event.currentTarget.setAttribute("aria-pressed", set.has(value));
    applyFilters();
  } }, ...inside);
}
function drawFilters() {
  const counts = new Map([...filters.themes].map((theme) => [theme, 0])), roleCounts = new Map();
  for (const block of blocks) {
    for (const theme of unit(block).themes) counts.set(theme, (counts.get(theme) || 0) + 1);
    roleCounts.set(unit(block).role, (roleCounts.get(unit(block).role) || 0) + 1);
  }
  const junk = told("junk", undefined, "span");
  const choose = make("select", { onchange: (event) => { filters.junk = event.target.value; foldJunk(); applyFilters(); } },
    ...["fold", "show", "hide", "only"].map((how) => told("junk_" + how, undefined, "option", { value: how })));
  choose.value = filters.junk;
  const value = make("output", {}, filters.sure + "%");
  filterHome.replaceChildren(
    ...[...counts].sort((a, b) => b[1] - a[1]).map(([theme, n]) =>
      toggle(filters.themes, theme, [make("i", { className: "d t" + theme }), THEMES[theme][1], make("b", {}, n)])),
    ...ROLES.map((role, k) => roleCounts.has(k) ? toggle(filters.roles, k, [told(role), make("b", {}, roleCounts.get(k))]) : ""),
    make("label", {}, junk, choose),
    make("label", {}, told("confidence"), make("input", { type: "range", min: 0, max: 100, step: 5, value: filters.sure,
      oninput: (event) => { filters.sure = +event.target.value; value.textContent = filters.sure + "%"; applyFilters(); } }), value),
    changed.size ? make("button", { type: "button", "aria-pressed": filters.changed, onclick: () => {
      filters.changed = !filters.changed;
      drawFilters();
      applyFilters();
    } }, told("changed"), make("b", {}, changedBlocks().length)) : "",
    clearFilters, shownCount,
  );
}

// Search: letters in either case, digits and signs in either width. Hits do not go from one paragraph into the next.
const fold = (text) => {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  const small = narrow.toLowerCase();
  return small.length === text.length ? small : narrow;
};
const searchNodes = [];
const searchText = (() => {
  let text = "", block = null;
  for (const place of nodes) {
    if (place.hidden || !place.block) continue;
    if (place.block !== block) text += "\n";
    block = place.block;
    searchNodes.push({ ...place, from: text.length });
    text += place.node.data;
  }
  return fold(text);
})();
const query = make("input", { type: "search", oninput: () => { here = -1; search(); }, "aria-label": say("search"), "data-l": "search" });
const hitCount = make("output", { "aria-live": "polite" });
let hits = [], here = -1;
function search() {
  const wanted = fold(query.value.trim());
  hits = [];
  for (let at = wanted ? searchText.indexOf(wanted) : -1; at >= 0 && hits.length < 5000; at = searchText.indexOf(wanted, at + wanted.length)) {
    const from = lastBefore(searchNodes, at, "from"), to = lastBefore(searchNodes, at + wanted.length - 1, "from");
    const block = blockAt.get(from.block);
    if (block.element.classList.contains("off")) continue;
    const range = document.createRange();
    range.setStart(from.node, at - from.from);
    range.setEnd(to.node, at + wanted.length - to.from);
    hits.push({ range, block });
  }
  mark("found", hits.map((hit) => hit.range), 10);
  if (here >= hits.length) here = -1;
  if (!canMark) for (const block of blocks) block.element.classList.toggle("hit", hits.some((hit) => hit.block === block));
  showHit();
}
function showHit() {
  mark("here", here >= 0 && hits[here] ? [hits[here].range] : [], 11);
  hitCount.textContent = query.value.trim() ? (here >= 0 ? `${here + 1} / ${hits.length}` : say("hits", hits.length)) : "";
}
function nextHit(by, { focus = false } = {}) {
  if (!hits.length) return;
  here = (here + by + hits.length) % hits.length;
  if (here < 0) here = hits.length - 1;
  setCurrent(hits[here].block, { scroll: true, focus });
  showHit();
}
