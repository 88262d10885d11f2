// A table that can be sorted and searched. Only some rows are in the page at a time, so that it stays quick with any number of them.

const rowsAtFirst = 100;
const collator = new Intl.Collator("en", { numeric: true });

/**
 * rows: names of the rows; columns: { label, values, show }, a value for each row.
 * noun: what the rows are called, such as clients; unsearchable tables have no search field.
 */
function sortableTable({ caption, first, noun, rows, columns, searchable = true }) {
  const searched = rows.map(name => name.toLowerCase());
  let order = rows.map((_, i) => i);
  let sorted = { column: -1, ascending: true };
  let limit = rowsAtFirst;
  let query = "";

  const body = el("tbody");
  const status = el("p", { class: "quiet", role: "status" });
  const more = el("button", { type: "button", click: () => { limit = Infinity; draw(); } }, "Show all");
  const headings = [first, ...columns.map(column => column.label)].map((label, i) =>
    el("th", { scope: "col", class: i > 0 ? "number" : null, "aria-sort": i === 0 ? "ascending" : "none" },
      el("button", { type: "button", click: () => sortBy(i - 1) }, label)));
  const search = el("input", { type: "search", autocomplete: "off", spellcheck: "false", input: () => { query = search.value.trim().toLowerCase(); limit = rowsAtFirst; draw(); } });

  function sortBy(column) {
    // Numbers are looked at for the largest first, names from A.
    const ascending = sorted.column === column ? !sorted.ascending : column < 0;
    sorted = { column, ascending };
    const sign = ascending ? 1 : -1;
    const values = column < 0 ? rows : columns[column].values;
    order.sort((a, b) => compare(values[a], values[b], sign) || a - b);
    headings.forEach((heading, i) => heading.setAttribute("aria-sort", i - 1 !== column ? "none" : ascending ? "ascending" : "descending"));
    draw();
  }

  function draw() {
    const found = query === "" ? order : order.filter(i => searched[i].includes(query));
    const shown = found.slice(0, limit);
    body.replaceChildren(...shown.map(i => el("tr", null,
      el("th", { scope: "row" }, rows[i]),
      ...columns.map(column => el("td", { class: "number" }, column.show(column.values[i]))))));
    const count = found.length < rows.length ? `${grouped.format(found.length)} of ${grouped.format(rows.length)} ${noun} found` : `${grouped.format(rows.length)} ${noun}`;
    status.textContent = shown.length < found.length ? `${count}, the first ${grouped.format(shown.length)} shown` : count;
    more.hidden = shown.length === found.length;
  }

  order.sort((a, b) => collator.compare(rows[a], rows[b]) || a - b);
  draw();
  return el("div", null,
    el("div", { class: "tools" }, searchable ? el("label", null, `Search ${noun}`, search) : null, status, more),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el("table", null, el("caption", { class: "unseen" }, caption), el("thead", null, el("tr", null, headings)), body)));
}

// What is not a number comes last, whichever way the rest is sorted.
function compare(a, b, sign) {
  const numeric = typeof a === "number", alsoNumeric = typeof b === "number";
  if (numeric && alsoNumeric) return sign * (a - b);
  if (numeric !== alsoNumeric) return numeric ? -1 : 1;
  return a === null || b === null ? (a === null) - (b === null) : sign * collator.compare(a, b);
}

/** Names and texts in two columns. */
function pairTable(caption, pairs) {
  return el("div", { class: "scroll" }, el("table", null, el("caption", null, caption), el("tbody", null,
    Object.entries(pairs).map(([name, text]) => el("tr", null, el("th", { scope: "row" }, name), el("td", { class: "mono" }, text))))));
}
