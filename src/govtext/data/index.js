// The index: tables that sort, a list that can be narrowed, two languages, light and dark.
const keep = (name, value) => { try { localStorage.setItem("govtext:" + name, value); } catch { /* it lasts as long as the page */ } };
const kept = (name) => { try { return localStorage.getItem("govtext:" + name); } catch { return null; } };

function setLanguage(to) {
  language = to;
  const lang = language ? "en" : "zh-Hans";
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-s],[data-l]")) {
    const { s, l, n } = element.dataset;
    if (s) element.textContent = say(s, n);
    if (l) element.setAttribute("aria-label", say(l, n));
    if (l && element.type === "search") element.placeholder = say(l, n);
    element.lang = lang;
  }
  document.title = say("corpus");
}

// Numbers by what they are, text as Chinese dictionaries have it; what is empty comes last either way.
const order = new Intl.Collator("zh-Hans", { numeric: true });
function sort(head, column) {
  const table = head.closest("table"), body = table.tBodies[0];
  const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && !!body.querySelector(`tr>:nth-child(${column + 1})[data-v]`));
  for (const other of table.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => { const cell = row.cells[column]; return cell.dataset.v ?? cell.textContent.trim(); };
  const rows = [...body.rows].map((row) => [key(row), row]);
  rows.sort(([a], [b]) => (a === "") - (b === "") || (down ? -1 : 1) * order.compare(a, b));
  body.append(...rows.map(([, row]) => row));
}
for (const head of document.querySelectorAll("thead th")) {
  const key = head.dataset.s;
  if (key === "themes") continue;
  head.removeAttribute("data-s");
  const column = [...head.parentElement.cells].indexOf(head);
  head.replaceChildren(make("button", { type: "button", "data-s": key, onclick: () => sort(head, column) }, say(key)));
}

const list = document.getElementById("by-list");
const rows = [...list.tBodies[0].rows].map((row) => ({ row, text: row.textContent.toLowerCase(), year: row.cells[2].textContent }));
const query = make("input", { type: "search", oninput: narrow, "data-l": "filter_list", "aria-label": say("filter_list") });
const years = [...new Set(rows.map((item) => item.year).filter(Boolean))].sort();
const year = make("select", { onchange: narrow, "data-l": "year", "aria-label": say("year") },
  make("option", { value: "", "data-s": "all" }, say("all")), ...years.map((name) => make("option", { value: name }, name)));
const shown = make("span", { role: "status" });
function narrow() {
  const wanted = query.value.trim().toLowerCase();
  let n = 0;
  for (const item of rows) {
    const passes = item.text.includes(wanted) && (!year.value || item.year === year.value);
    item.row.hidden = !passes;
    n += passes;
  }
  shown.textContent = `${n} / ${rows.length}`;
}
list.parentElement.before(make("div", { className: "row" }, query, year, shown));
document.getElementById("head").append(
  make("button", { type: "button", "data-s": "language", onclick: () => { setLanguage(1 - language); keep("language", language); } }),
  make("button", { type: "button", "data-l": "look", onclick: () => {
    const look = document.documentElement.dataset.look || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.dataset.look = look === "dark" ? "light" : "dark";
    keep("look", document.documentElement.dataset.look);
  } }, "◐"));
if (["0", "1"].includes(kept("language"))) language = +kept("language");
if (["light", "dark"].includes(kept("look"))) document.documentElement.dataset.look = kept("look");
narrow();
setLanguage(language);
