// The bar, the keyboard, and the start of it all.
const HELP = [["j k", "key_jk"], ["/", "key_search"], ["n N", "key_n"], ["o", "key_o"], ["e", "key_e"], ["t", "key_t"], ["x", "key_x"],
  ["c", "key_c"], ["u", "key_u"], ["l", "key_l"], ["?", "help"]];
function openHelp() {
  const rows = HELP.map(([keys, key]) => make("tr", {},
    make("td", {}, ...keys.split(" ").flatMap((name) => [make("kbd", {}, name), " "])), told(key, undefined, "td")));
  const dialog = openDialog("help_title", make("table", {}, make("tbody", {}, ...rows)),
    make("div", { className: "row" }, button("close", () => dialog.close(), { className: "main" })));
}
function switchLanguage() {
  setLanguage(1 - language);
  drawFilters();
  applyFilters();
  showHit();
  if (edited) fillEditor();
  if (current) showWhy(current); else clearWhy();
  try { localStorage.setItem("govtext:language", language); } catch { /* the choice lasts as long as the page */ }
}
// Light or dark as the system has it, until the other is asked for.
function switchLook() {
  const isDark = document.documentElement.dataset.look
    ? document.documentElement.dataset.look === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.look = isDark ? "light" : "dark";
  try { localStorage.setItem("govtext:look", document.documentElement.dataset.look); } catch { /* likewise */ }
}

const withCurrent = (act) => { if (!current) step(1); if (current) act(current); };
const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => query.focus(),
  n: () => nextHit(1),
  N: () => nextHit(-1),
  o: () => (outline.querySelector("[aria-current]") || outline.querySelector("a"))?.focus(),
  e: () => withCurrent((block) => openEditor(block)),
  t: () => withCurrent((block) => openEditor(block, "themes")),
  x: () => withCurrent(toggleJunk),
  c: () => withCurrent((block) => check(block, !checked.has(block.first))),
  u: undo,
  l: switchLanguage,
  "?": openHelp,
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (editor) closeEditor();
    else if (document.activeElement === query) { query.value = ""; search(); (current?.element || textHome).focus(); }
    return;
  }
  if (event.target === query) {
    if (event.key === "Enter") { event.preventDefault(); nextHit(event.shiftKey ? -1 : 1); }
    return;
  }
  if (event.target.matches("input:not([type=checkbox]):not([type=radio]),select,textarea")) return;
  if (event.key === "Enter" && blockAt.has(event.target)) { event.preventDefault(); openEditor(blockAt.get(event.target)); return; }
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});
outline.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const block = link && blockAt.get(document.querySelector(link.hash));
  if (!block) return;
  event.preventDefault();
  if (block.element.classList.contains("off")) clearFilters.click();
  setCurrent(block, { focus: event.detail === 0 });
  block.element.scrollIntoView({ block: "start", behavior: quiet ? "auto" : "smooth" });
});

function start() {
  try {
    const kept = localStorage.getItem("govtext:language"), look = localStorage.getItem("govtext:look");
    if (kept === "0" || kept === "1") language = +kept;
    if (look === "light" || look === "dark") document.documentElement.dataset.look = look;
  } catch { /* nothing is kept */ }
  restore();
  const icon = (sign, key, onclick, properties = {}) =>
    make("button", { type: "button", onclick, "aria-label": say(key), title: say(key), "data-l": key, ...properties }, sign);
  const bar = make("section", { id: "bar", "aria-label": say("filters"), "data-l": "filters" },
    make("div", { className: "find" }, query, hitCount, icon("‹", "previous", () => nextHit(-1)), icon("›", "next", () => nextHit(1))),
    make("span", { className: "gap" }), counter, undoButton, exportButton,
    button("language", switchLanguage), icon("◐", "look", switchLook), icon("?", "help", openHelp));
  textHome.before(bar);
  const side = document.getElementById("side");
  const isNarrow = innerWidth <= 760;
  side.querySelector("details").open = !isNarrow;
  side.prepend(make("details", { open: !isNarrow }, make("summary", {}, told("filters")), filterHome));
  document.body.append(whyBar);
  blocks.filter((block) => block.members.some((i) => changed.has(i)) || checked.has(block.first)).forEach(drawBlock);
  drawCounter();
  drawOutline();
  applyFilters();
  setLanguage(language);
}
start();
