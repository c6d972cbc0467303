// Correcting: the panel under a paragraph, the counter, the way out.
let editor = null, edited = null;

const kindName = (kind) => kind[0] === "h" && kind.length === 2 ? say("kind_h", kind[1])
  : kind[0] === "x" ? `${say("junk")} · ${say("boilerplate_" + kind.slice(2))}` : say("kind_" + kind);

function closeEditor({ focus = true } = {}) {
  if (!editor) return;
  editor.remove();
  editor = null;
  const block = edited;
  edited = null;
  applyFilters();
  if (focus) block.element.focus({ preventScroll: true });
}
function openEditor(block, part = "themes") {
  if (edited === block) { editor.querySelector(`[data-part=${part}] :is(input,select)`)?.focus(); return; }
  closeEditor({ focus: false });
  setCurrent(block, { focus: false });
  edited = block;
  editor = make("section", { className: "editor", "aria-label": say("edit_title", blocks.indexOf(block) + 1) });
  fillEditor();
  block.element.after(editor);
  const first = editor.querySelector(`[data-part=${part}]:not([disabled]) :is(input,select)`);
  (first || editor.querySelector("select")).focus({ preventScroll: true });
  editor.scrollIntoView({ block: "nearest", behavior: quiet ? "auto" : "smooth" });
}
// Drawn anew after each change, with the focus where it was.
function refreshEditor(block) {
  if (edited !== block) return;
  const name = editor.contains(document.activeElement) && document.activeElement.dataset.name;
  fillEditor();
  if (name) (editor.querySelector(`[data-name="${name}"]:not(:disabled)`) || editor.querySelector("select")).focus({ preventScroll: true });
}
function fillEditor() {
  const block = edited, { kind, role, themes, formulaic } = unit(block);
  const likely = likelihoods(block), isOff = !isContent(kind), isFull = themes.length >= facts.most;
  const order = THEMES.map((_, k) => k).sort((a, b) => (likely.get(b) || 0) - (likely.get(a) || 0));
  const set = (part) => change(block, (i) => ({ ...unitOf(i), ...part }));
  const box = (type, name, isOn, onchange, inside, properties = {}) => make("label", {},
    make("input", { type, checked: isOn, onchange, "data-name": name, ...properties }), ...inside);
  const group = (part, key, n, ...inside) =>
    make("fieldset", { "data-part": part, disabled: isOff }, make("legend", {}, say(key, n)), ...inside);
  editor.lang = language ? "en" : "zh-Hans";
  editor.replaceChildren(
    group("themes", "themes", "", ...order.map((theme) => {
      const has = themes.includes(theme);
      return box("checkbox", "theme" + theme, has, () => set({ themes: has ? themes.filter((t) => t !== theme) : [...themes, theme] }),
        [make("i", { className: "d t" + theme }), make("span", { lang: "zh-Hans" }, THEMES[theme][1]),
          ...(likely.has(theme) ? [make("small", {}, percent(likely.get(theme)))] : [])],
        { disabled: !has && isFull });
    })),
    group("role", "role", "", ...ROLES.map((name, k) =>
      box("radio", "role" + k, role === k, () => set({ role: k }), [say(name)], { name: "role" })),
    box("checkbox", "formulaic", formulaic, () => set({ formulaic: !formulaic }), [say("formulaic")])),
    make("div", { className: "row", "data-part": "kind" },
      make("label", {}, say("kind"), kindChoice(block, kind)),
      box("checkbox", "checked", checked.has(block.first), () => check(block, !checked.has(block.first)), [say("checked")]),
      make("span", { className: "gap" }),
      button("original", () => change(block, (i) => given.get(i)), { disabled: !block.members.some((i) => changed.has(i)), "data-name": "original" }),
      button("close", () => closeEditor(), { "data-name": "close" })),
    make("div", { className: "row" }, make("span", {}, say("apply_hint"), isFull ? ` · ${say("themes_full", facts.most)}` : "")),
  );
}
function kindChoice(block, kind) {
  const choose = make("select", { "data-name": "kind", onchange: () => setKind(block, choose.value) },
    ...KINDS.map((name) => make("option", { value: name }, kindName(name))));
  choose.value = plainKind(kind);
  return choose;
}
function setKind(block, kind) {
  // Of a run-in heading only the first line holds it; what a wrap cut off is body.
  const isRunIn = headingLevel(kind) && given.get(block.first).headingEnd !== null;
  change(block, (i) => withKind(block, i, isRunIn && i !== block.first ? "p" : kind));
}
// Junk becomes content and content junk, by one key.
function toggleJunk(block) {
  const original = plainKind(given.get(block.first).kind);
  if (!isJunk(block)) setKind(block, original[0] === "x" ? original : "x:page");
  else setKind(block, original[0] === "x" ? "p" : original);
}

// Clicks: labels open the panel, text makes the paragraph the current one.
textHome.addEventListener("click", (event) => {
  const element = event.target.closest(".b");
  if (!element) return;
  const block = blockAt.get(element);
  if (event.target.closest(".c,.g")) openEditor(block, event.target.closest(".r") ? "role" : "themes");
  else if (!getSelection().toString()) setCurrent(block, { focus: !editor });
});
textHome.addEventListener("dblclick", (event) => {
  const element = event.target.closest(".x") && event.target.closest(".b");
  if (element) openEditor(blockAt.get(element));
});

// The counter, and the way out.
const counter = told("changes", 0, "span", { id: "changes", role: "status" });
const undoButton = button("undo", undo, { disabled: true });
const exportButton = button("export", () => openExport(), { className: "main" });
function drawCounter() {
  counter.dataset.n = changedBlocks().length;
  counter.textContent = say("changes", counter.dataset.n);
  undoButton.disabled = !history.length;
  drawFilters();
}
function openExport() {
  const line = isWhole ? exported() : "";
  const box = make("textarea", { readOnly: true, spellcheck: false, value: line, "aria-label": say("export_title") });
  const done = make("span", { role: "status" });
  const name = (facts.id.split(/[\\/]/).pop().replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80) || "report") + ".labels.jsonl";
  const copy = async () => {
    try { await navigator.clipboard.writeText(line); } catch { box.select(); document.execCommand("copy"); }
    done.textContent = say("copy_done");
  };
  const download = () => {
    const address = URL.createObjectURL(new Blob([line], { type: "application/x-ndjson" }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  const dialog = openDialog("export_title",
    make("p", {}, isWhole ? say("export_hint") : say("damaged"), isKept ? "" : ` ${say("not_kept")}`), box,
    make("div", { className: "row" },
      button("download", download, { className: "main", disabled: !isWhole, "data-name": "download" }),
      button("copy", copy, { disabled: !isWhole }), button("close", () => dialog.close()), done));
}
function openDialog(key, ...inside) {
  const title = told(key, undefined, "h2", { id: "dialog-title" });
  const dialog = make("dialog", { "aria-labelledby": "dialog-title", lang: language ? "en" : "zh-Hans", onclose: () => dialog.remove() }, title, ...inside);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
addEventListener("beforeunload", (event) => { if (!isKept && changed.size) event.preventDefault(); });
