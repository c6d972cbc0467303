// The labels of the moment: what the model gave, what a person made of it, how far it can be undone, where it is kept.
const CONTENT = /^(p|h[1-5](\+p)?)$/;
const KINDS = ["p", "h1", "h2", "h3", "h4", "h5", "title", "meta", ...facts.junk.map((kind) => "x:" + kind)];

const asUnit = ([start, end, kind, role, themes, formulaic, headingEnd]) =>
  ({ start, end, kind, role, themes, formulaic: !!formulaic, headingEnd });
const given = new Map(Object.entries(facts.units).map(([i, row]) => [+i, asUnit(row)]));
const changed = new Map();
const checked = new Set();
const history = [];

const unitOf = (i) => changed.get(i) || given.get(i);
const unit = (block) => unitOf(block.first);
const isJunk = (block) => unit(block).kind.startsWith("x:");
const isContent = (kind) => CONTENT.test(kind);
// What a kind is called in the editor: a run-in heading by its level.
const plainKind = (kind) => kind.replace("+p", "");
const headingLevel = (kind) => (kind[0] === "h" ? +kind[1] : 0);
const isSame = (a, b) => a.kind === b.kind && a.role === b.role && a.formulaic === b.formulaic
  && a.themes.length === b.themes.length && a.themes.every((theme, k) => theme === b.themes[k]);
const changedBlocks = () => blocks.filter((block) => block.members.some((i) => changed.has(i)));

// A content unit must have a role; one that was junk takes that of the content before it, for the person to look at.
function roleBefore(block) {
  for (let k = blocks.indexOf(block) - 1; k >= 0; k--) {
    const { kind, role } = unit(blocks[k]);
    if (isContent(kind) && role !== null) return role;
  }
  return ROLES.indexOf("other");
}

// The unit under another kind. A run-in heading keeps its end as long as it is a heading.
function withKind(block, i, kind) {
  const before = unitOf(i), original = given.get(i);
  const runIn = headingLevel(kind) && original.headingEnd !== null;
  const next = { ...before, kind: runIn ? kind + "+p" : kind, headingEnd: runIn ? original.headingEnd : null };
  if (!isContent(next.kind)) return { ...next, role: null, themes: [], formulaic: false };
  if (isContent(before.kind)) return next;
  if (original.role !== null) return { ...next, role: original.role, themes: original.themes, formulaic: original.formulaic };
  return { ...next, role: roleBefore(block) };
}

// Every change goes through here: all members of a block together, one step to undo.
function change(block, make_) {
  const step = block.members.map((i) => [i, changed.get(i)]);
  const wasChecked = checked.has(block.first);
  for (const i of block.members) {
    const next = make_(i);
    if (isSame(next, given.get(i))) changed.delete(i); else changed.set(i, next);
  }
  history.push({ block, step, wasChecked });
  settle(block);
}
function check(block, isChecked) {
  history.push({ block, step: [], wasChecked: checked.has(block.first) });
  if (isChecked) checked.add(block.first); else checked.delete(block.first);
  settle(block);
}
function undo() {
  const last = history.pop();
  if (!last) return;
  for (const [i, before] of last.step) if (before) changed.set(i, before); else changed.delete(i);
  if (last.wasChecked) checked.add(last.block.first); else checked.delete(last.block.first);
  settle(last.block);
  setCurrent(last.block, { scroll: true });
}
function settle(block) {
  drawBlock(block);
  drawOutline();
  drawCounter();
  applyFilters();
  refreshEditor(block);
  save();
}

// Kept under the text's own digest, so that another report at the same address is another report.
const STORE = `govtext:${facts.crc32}:${facts.length}:${facts.model.slice(0, 16)}`;
let isKept = true;
function save() {
  try {
    if (changed.size || checked.size) {
      localStorage.setItem(STORE, JSON.stringify({ changed: [...changed], checked: [...checked] }));
    } else localStorage.removeItem(STORE);
  } catch { isKept = false; }
}
// What is kept may be of an older page or of anybody's making: only what fits is taken.
function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) || "{}");
    for (const [i, row] of kept.changed || []) {
      const original = given.get(i), kind = String(row.kind);
      const fits = original && KINDS.includes(plainKind(kind)) && Array.isArray(row.themes) && row.themes.length <= facts.most
        && row.themes.every((theme) => THEMES[theme]) && (isContent(kind) ? ROLES[row.role] : row.role === null);
      if (!fits) continue;
      const headingEnd = kind.endsWith("+p") ? original.headingEnd : null;
      if (kind.endsWith("+p") && headingEnd === null) continue;
      changed.set(i, { ...original, kind, role: row.role, themes: row.themes, formulaic: !!row.formulaic, headingEnd });
    }
    for (const i of kept.checked || []) if (given.has(i)) checked.add(i);
  } catch { isKept = false; }
}

// One line as govtext train and govtext audit take it.
function exported() {
  const units = [...given.keys()].sort((a, b) => a - b).map((i) => {
    const { start, end, kind, role, themes, formulaic, headingEnd } = unitOf(i);
    return {
      start, end, kind, role: role === null ? null : ROLES[role], themes: themes.map((theme) => THEMES[theme][0]), formulaic,
      ...(headingEnd === null ? {} : { heading_end: headingEnd }),
      ...(changed.has(i) ? { changed: true } : {}),
      ...(checked.has(i) ? { checked: true } : {}),
    };
  });
  const stretches = facts.stretches.map(([start, end, kind]) => ({ start, end, kind }));
  const line = JSON.stringify({ id: facts.id, source: facts.source, model: facts.model, text: reportText, units, stretches });
  // Some readers take these for line ends or orders to a terminal.
  return line.replace(/[\x7f-\x9f\u2028\u2029]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0")) + "\n";
}

// A block as its labels now are; with the model's own it looks as it came.
const asItCame = new Map();
function drawBlock(block) {
  const { element } = block;
  const side = element.querySelector(".g"), labels = element.querySelector(".c"), text = element.querySelector(".x");
  if (!asItCame.has(block)) {
    asItCame.set(block, {
      kind: element.className.replace(/ (now|off|above|hit)\b/g, ""), side: [...side.childNodes], labels: [...labels.childNodes],
      role: text.getAttribute("role"), level: text.getAttribute("aria-level"),
    });
  }
  const before = asItCame.get(block), { kind, role, themes, formulaic } = unit(block);
  const isChanged = block.members.some((i) => changed.has(i));
  const marks = checked.has(block.first) ? [told("checked", undefined, "span", { className: "k pen" })] : [];
  const states = ["now", "off", "above", "hit"].filter((state) => element.classList.contains(state));
  if (!isChanged) {
    element.className = before.kind;
    side.replaceChildren(...before.side);
    labels.replaceChildren(...before.labels, ...marks);
  } else {
    const likely = likelihoods(block);
    element.className = `b k-${kind.includes("+") ? "p" : kind.split(":")[0]}`;
    if (before.kind.includes(" rest")) element.classList.add("rest");
    if (themes.length) element.classList.add("t" + themes[0], "s3");
    side.replaceChildren(...(role !== null ? [told(ROLES[role], undefined, "span", { className: "r " + ROLES[role] })]
      : kind[0] === "x" ? [told("junk", undefined, "span", { className: "r" })]
        : [told("kind_" + kind, undefined, "span", { className: "r" })]));
    labels.replaceChildren(
      ...(kind[0] === "x" ? [told("boilerplate_" + kind.slice(2), undefined, "span", { className: "k" })] : []),
      ...themes.map((theme) => make("span", { className: "k t" + theme }, THEMES[theme][1], " ",
        make("b", {}, given.get(block.first).themes.includes(theme) ? percent(likely.get(theme) || 0) : "✎"))),
      ...(formulaic ? [told("formulaic", undefined, "span", { className: "k f" })] : []),
      told("changed", undefined, "span", { className: "k pen" }), ...marks,
      ...before.labels.filter((node) => node.nodeName === "SMALL"),
    );
  }
  element.classList.add(...states);
  const level = isChanged ? (kind === "title" ? 2 : headingLevel(kind) && !kind.includes("+") ? 2 + headingLevel(kind) : null) : before.level;
  if (level) { text.setAttribute("role", "heading"); text.setAttribute("aria-level", Math.min(6, level)); }
  else { text.removeAttribute("role"); text.removeAttribute("aria-level"); }
  translate(element);
}

// Theme → thousandths, of those that are told.
function likelihoods(block) {
  const row = facts.likely[block.first] || [], found = new Map();
  for (let k = 0; k < row.length; k += 2) found.set(row[k], row[k + 1]);
  return found;
}
