// A table that can be sorted and searched. Only some rows are in the page at a time, so that it stays quick with any number of them.

const rowsAtFirst = 100;
const collator = new Intl.Collator("en", { numeric: true });

// For the search: neither case nor the way in which an accent is composed matters.
const folded = text => text.normalize("NFKC").toLowerCase();

/**
 * rows: names of the rows; columns: { label, values, show }, a value for each row.
 * noun: what the rows are called, such as clients; unsearchable tables have no search field.
 */
function sortableTable({ caption, first, noun, rows, columns, searchable = true }) {
  const searched = rows.map(folded);
  let order = rows.map((_, i) => i);
  let sorted = { column: -1, ascending: true };
  let limit = rowsAtFirst;
  let query = "";

  const body = el("tbody");
  const status = el("p", { class: "quiet", role: "status" });
  const more = el("button", { type: "button", click: () => { limit *= 10; draw(); } });
  const headings = [first, ...columns.map(column => column.label)].map((label, i) =>
    el("th", { scope: "col", class: `${i > 0 ? "number" : ""} ${lengthOf(label)}`, "aria-sort": i === 0 ? "ascending" : "none" },
      el("button", { type: "button", click: () => sortBy(i - 1) }, label)));
  const search = el("input", { type: "search", autocomplete: "off", spellcheck: "false", input: () => { query = folded(search.value.trim()); limit = rowsAtFirst; draw(); } });

  function sortBy(column) {
    // Numbers are looked at for the largest first, names from A.
    const ascending = sorted.column === column ? !sorted.ascending : column < 0;
    sorted = { column, ascending };
    const sign = ascending ? 1 : -1;
    const values = column < 0 ? null : columns[column].values.map(numberOf);
    order.sort((a, b) => (values ? compare(values[a], values[b], sign) : sign * collator.compare(rows[a], rows[b])) || a - b);
    headings.forEach((heading, i) => heading.setAttribute("aria-sort", i - 1 !== column ? "none" : ascending ? "ascending" : "descending"));
    draw();
  }

  function draw() {
    const found = query === "" ? order : order.filter(i => searched[i].includes(query));
    const shown = found.slice(0, limit);
    body.replaceChildren();
    for (const i of shown) {
      body.append(el("tr", null,
        rowHeading(rows[i]),
        columns.map(column => el("td", { class: "number" }, column.show(column.values[i])))));
    }
    const count = found.length < rows.length ? `${grouped.format(found.length)} of ${grouped.format(rows.length)} ${noun} found` : `${grouped.format(rows.length)} ${noun}`;
    status.textContent = shown.length < found.length ? `${count}, the first ${grouped.format(shown.length)} shown` : count;
    more.hidden = shown.length === found.length;
    more.textContent = 10 * limit < found.length ? `Show ${grouped.format(10 * limit)}` : "Show all";
  }

  order.sort((a, b) => collator.compare(rows[a], rows[b]) || a - b);
  draw();
  return el("div", null,
    el("div", { class: "tools" }, searchable ? el("label", null, `Search ${noun}`, search) : null, status, more),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      el("table", null, el("caption", { class: "unseen" }, caption), el("thead", null, el("tr", null, headings)), body)));
}

// Infinity is a number here; NaN is what is NaN, and null what is unknown.
function numberOf(value) {
  return value === null ? null : Number(value);
}

// What is not a number comes last, whichever way the rest is sorted, and what is unknown after that.
function compare(a, b, sign) {
  const rank = value => (value === null ? 2 : Number.isNaN(value) ? 1 : 0);
  return rank(a) - rank(b) || (rank(a) > 0 ? 0 : sign * ((a > b) - (a < b)));
}

/** A name at the head of a row, whatever it is made of, behind a mark if there is one. */
function rowHeading(name, mark) {
  return el("th", { scope: "row", class: lengthOf(name) }, mark, mark ? " " : null, name.trim() === "" ? "(blank)" : name);
}

// Long names are wrapped anywhere, and others between words only.
function lengthOf(name) {
  return name.length > 60 ? "long" : "";
}

/** Names and texts in two columns. */
function pairTable(caption, pairs) {
  return el("div", { class: "scroll" }, el("table", null, el("caption", null, caption), el("tbody", null,
    Object.entries(pairs).map(([name, text]) => el("tr", null, el("th", { scope: "row" }, name), el("td", { class: "mono" }, text))))));
}
