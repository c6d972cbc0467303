// What every part works with: the text, and where each of its characters stands.
// Offsets of govtext count code points, those of a browser UTF-16 units; `places` is where one becomes the other.
const ROLES = facts.roles, THEMES = facts.themes;
const textHome = document.getElementById("text");
const blocks = facts.blocks.map((members) => ({
  first: members[0], members, element: document.getElementById("p" + members[0]),
}));
const blockAt = new Map(blocks.map((block) => [block.element, block]));

const pointsIn = (text) => { let n = 0; for (const _ of text) n++; return n; };

// Text nodes in order, with the code point and the place in the search text at which each begins.
const nodes = [];
let pointsSeen = 0;
for (const piece of document.querySelectorAll(".t")) {
  const walker = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const points = pointsIn(node.data);
    const hidden = node.parentElement.classList.contains("w");
    nodes.push({ node, start: pointsSeen, points, hidden, block: piece.closest(".b") });
    pointsSeen += points;
  }
}

// The report's own text: as shown, with what cannot be shown put back. Taken now: a translator may change the page later.
const reportText = (() => {
  const shown = nodes.map((place) => place.node.data).join("");
  if (!facts.hidden.length) return shown;
  const points = Array.from(shown);
  for (const [start, run] of facts.hidden) [...run].forEach((character, k) => { points[start + k] = character; });
  return points.join("");
})();

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
const isWhole = pointsIn(reportText) === facts.length && crc32(new TextEncoder().encode(reportText)) === facts.crc32;

// The last of `list` that begins at or before `offset`.
function lastBefore(list, offset, key) {
  let low = 0, high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle][key] <= offset) low = middle; else high = middle - 1;
  }
  return list[low];
}

// Code points into UTF-16 units within one text node.
function unitsOf(place, points) {
  if (place.points === place.node.data.length) return points;
  let units = 0;
  for (const character of place.node.data) {
    if (points-- <= 0) break;
    units += character.length;
  }
  return units;
}

// The range of a span of code points; an end stays in the node before it.
function rangeOf(start, length) {
  const from = lastBefore(nodes, start, "start"), to = lastBefore(nodes, start + length - 1, "start");
  const range = document.createRange();
  range.setStart(from.node, unitsOf(from, start - from.start));
  range.setEnd(to.node, unitsOf(to, start + length - to.start));
  return range;
}

const wordAt = (start, length) => rangeOf(start, length).toString().replace(/\s+/g, "");

// Marks of the text without touching it; where a browser has none, the caller marks the block.
const canMark = typeof Highlight === "function" && CSS.highlights !== undefined;
function mark(name, ranges, priority = 0) {
  if (!canMark) return;
  if (!ranges.length) { CSS.highlights.delete(name); return; }
  const highlight = new Highlight(...ranges);
  highlight.priority = priority;
  CSS.highlights.set(name, highlight);
}

const percent = (thousandths) => (thousandths >= 1000 ? 100 : Math.min(99, Math.round(thousandths / 10))) + "%";

const told = (key, n, name = "span", properties = {}) =>
  make(name, { ...properties, "data-s": key, ...(n === undefined ? {} : { "data-n": n }) }, say(key, n));
const button = (key, onclick, properties = {}) => told(key, undefined, "button", { type: "button", onclick, ...properties });

// All that has a string of its own, in the language of the moment.
function translate(root) {
  const lang = language ? "en" : "zh-Hans";
  for (const element of root.querySelectorAll("[data-s],[data-l]")) {
    const { s, l, n } = element.dataset;
    if (s) element.textContent = say(s, n);
    if (l) element.setAttribute("aria-label", say(l, n));
    if (l && element.tagName === "BUTTON") element.title = say(l, n);
    if (l && element.type === "search") element.placeholder = say(l, n);
    element.lang = lang;
  }
}
function setLanguage(to) {
  language = to;
  document.documentElement.lang = language ? "en" : "zh-Hans";
  textHome.lang = "zh-Hans";
  translate(document);
}
