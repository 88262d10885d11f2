// What the page says of its runs and of the data, section by section. A section is { id, title, content }, or null where there is nothing to say.

const isCount = column => /(^|\/)num_/.test(column);
const overRun = (run, kind, split, overClients) => run.tables.find(table => table.kind === kind && table.split === split && table.over_clients === overClients);
const unique = values => [...new Set(values)];
const last = values => values?.findLast(value => value !== null);

/** The measured tables of some runs: what clients saw while training, then each evaluated split. */
function measuredTables(runs) {
  const splits = unique(runs.flatMap(run => run.tables.filter(table => table.kind === "evaluation").map(table => table.split)));
  return [{ kind: "train", split: null, label: "while training" }, ...splits.map(split => ({ kind: "evaluation", split, label: `on ${split}` }))];
}

/** A column with an entry for each shared round, null where there is none. */
function aligned(table, column) {
  const values = new Array(shared.rounds.length).fill(null);
  table.rounds.forEach((round, i) => { values[shared.indexOf.get(round)] = table.columns[column][i]; });
  return values;
}

function collectRounds(runs) {
  shared.rounds = unique(runs.flatMap(run => run.tables.flatMap(table => table.rounds))).sort((a, b) => a - b);
  shared.indexOf = new Map(shared.rounds.map((round, i) => [round, i]));
}

function overview(page) {
  const { runs, description } = page;
  const content = [];
  if (runs.length === 1) {
    content.push(tiles(runs[0]), ...notes(runs[0]));
  } else if (runs.length > 1) {
    content.push(runTable(runs), ...runs.flatMap(run => notes(run)));
  } else {
    content.push(el("dl", { class: "tiles" }, Object.entries(description.settings).map(([name, text]) => tile(name, text))));
  }
  const heading = el("div", { class: "heading" }, el("h1", null, description.name),
    runs.length === 1 ? el("span", { class: `outcome ${runs[0].outcome}` }, runs[0].outcome) : null);
  const told = runs.length === 1 ? ["algorithm", "model", "data", "clients"].filter(name => runs[0].settings[name]).map(name => `${name} ${runs[0].settings[name]}`).join(" · ") : "";
  const command = description.command ? commandLine(description.command) : null;
  return el("div", { id: "overview" }, heading, told ? el("p", { class: "quiet" }, told) : null, command, content);
}

function tile(name, value) {
  return el("div", null, el("dt", null, name), el("dd", null, value));
}

function tiles(run) {
  const measures = measuredTables([run]).filter(table => table.kind === "evaluation" || run.tables.every(other => other.kind !== "evaluation"));
  const round = overRun(run, "round", null, false);
  return el("dl", { class: "tiles" },
    measures.reverse().flatMap(of => {
      const table = overRun(run, of.kind, of.split, false);
      return Object.keys(table?.columns ?? {}).filter(column => !isCount(column) && !column.includes("/")).slice(0, 2).map(column => tile(`${showName(column)} ${of.label}`, showMeasure(last(table.columns[column]))));
    }),
    round ? tile("Rounds", showNumber(round.rounds.at(-1))) : null,
    run.seconds === null ? null : tile("Duration", showSeconds(run.seconds)),
    run.parameters === null ? null : tile("Parameters", showNumber(run.parameters)));
}

function notes(run) {
  const most = 20;
  if (run.notes.length === 0) return [];
  const byText = Map.groupBy(run.notes, note => note.text);
  const shown = [...byText].slice(0, most).map(([text, of]) => el("li", null, `${showRounds(unique(of.map(note => note.round)))}${text}`));
  if (byText.size > most) shown.push(el("li", null, `and ${grouped.format(byText.size - most)} more.`));
  return [el("div", { class: "note" }, el("strong", null, `What happened in ${run.name}`), el("ul", null, shown))];
}

// Ascending rounds as "Round 4: " or "40 rounds, 1–39, 45: "; nothing for round 0, which is no round.
function showRounds(rounds) {
  const most = 5, ranges = [];
  for (const round of rounds) {
    if (ranges.length > 0 && ranges.at(-1)[1] === round - 1) ranges.at(-1)[1] = round;
    else ranges.push([round, round]);
  }
  if (rounds.length === 1) return rounds[0] === 0 ? "" : `Round ${grouped.format(rounds[0])}: `;
  const texts = ranges.slice(0, most).map(([from, to]) => (from === to ? grouped.format(from) : `${grouped.format(from)}–${grouped.format(to)}`));
  return `${grouped.format(rounds.length)} rounds, ${texts.join(", ")}${ranges.length > most ? ", …" : ""}: `;
}

function runTable(runs) {
  const evaluated = new Set(runs.flatMap(run => run.tables.filter(table => table.kind === "evaluation" && !table.over_clients).flatMap(table => Object.keys(table.columns))));
  const columns = measuredTables(runs).flatMap(of => unique(runs.flatMap(run => Object.keys(overRun(run, of.kind, of.split, false)?.columns ?? {})))
    .filter(column => !isCount(column) && !column.includes("/") && (evaluated.size === 0 || evaluated.has(column)))
    .map(column => ({ label: `${showName(column)} ${of.label}`, value: run => showMeasure(last(overRun(run, of.kind, of.split, false)?.columns[column])) })));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Runs", style: "margin-top: 1rem" }, el("table", null,
    el("caption", { class: "unseen" }, "Runs and their last metrics"),
    el("thead", null, el("tr", null, ["Run", "Outcome", "Rounds", ...columns.map(column => column.label), "Weights"].map((label, i) => el("th", { scope: "col", class: i > 1 && label !== "Weights" ? "number" : null }, label)))),
    el("tbody", null, runs.map((run, i) => el("tr", null,
      rowHeading(run.name, swatch(colorOfSeries(i), dashOfRun(i))),
      el("td", null, run.outcome),
      el("td", { class: "number" }, showNumber(overRun(run, "round", null, false)?.rounds.at(-1))),
      columns.map(column => el("td", { class: "number" }, column.value(run))),
      el("td", { class: "mono", title: run.weights_sha256 ?? "" }, run.weights_sha256?.slice(0, 12) ?? "–"))))));
}

function curvesSection({ runs }) {
  if (shared.rounds.length === 1 && shared.rounds[0] === 0) return spreadSection(runs);
  const figures = runs.length === 1 ? curvesOfOne(runs[0]) : curvesOfMany(runs);
  const round = table => overRun(table, "round", null, false);
  const ofRuns = (title, column, show, subtitle) => compared(runs, title, round, column, show, subtitle);
  figures.push(ofRuns("Time of a round", "seconds", showSeconds, "without its evaluations"));
  figures.push(runs.length === 1 ? bytesOfOne(runs[0]) : ofRuns("Bytes to the server in a round", "bytes_up", showBytes));
  figures.push(varying(runs, round, "clients") ? ofRuns("Clients in a round", "clients", showNumber) : null);
  const shown = figures.filter(figure => figure !== null);
  return shown.length === 0 ? null : { id: "curves", title: "Curves", content: [
    el("p", { class: "quiet lead" }, "Hover or use the arrow keys for values; drag across a curve, or press + and −, to zoom into rounds of all curves; switch lines with their buttons."),
    el("div", { class: "curves" }, shown)] };
}

/** Models that were evaluated as they were given have no curves, but clients whom they serve well and badly. */
function spreadSection(runs) {
  const levels = { min: "Least", p10: "p10", median: "Median", p90: "p90", max: "Most" };
  const rows = runs.flatMap(run => measuredTables([run]).flatMap(of => {
    const spread = overRun(run, of.kind, of.split, true), whole = overRun(run, of.kind, of.split, false);
    return (spread ? quantileNames(spread) : []).map(name => ({
      label: `${showName(name)} ${of.label}${runs.length > 1 ? `, ${run.name}` : ""}`,
      values: [whole.columns[name], ...Object.keys(levels).map(level => spread.columns[`${name}/${level}`])].map(last),
    }));
  }));
  return rows.length === 0 ? null : { id: "spread", title: "Over the clients", content: el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Metrics over the clients" }, el("table", null,
    el("caption", null, "Of all examples together, and quantiles over the metrics of single clients"),
    el("thead", null, el("tr", null, ["Metric", "All examples", ...Object.values(levels)].map((label, i) => el("th", { scope: "col", class: i > 0 ? "number" : null }, label)))),
    el("tbody", null, rows.map(row => el("tr", null, el("th", { scope: "row" }, row.label), row.values.map(value => el("td", { class: "number" }, showMeasure(value)))))))) };
}

function curvesOfOne(run) {
  const tables = measuredTables([run]).filter(of => overRun(run, of.kind, of.split, false));
  const columns = unique(tables.flatMap(of => Object.keys(overRun(run, of.kind, of.split, false).columns))).filter(column => !isCount(column));
  const drawn = column => {
    const having = tables.map((of, i) => ({ of, i, table: overRun(run, of.kind, of.split, false) })).filter(({ table }) => table.columns[column]);
    return curve({
      title: showName(column), subtitle: having.length > 1 ? "clients while they train; the model after a round, evaluated" : null,
      show: showColumn(column, having.flatMap(({ table }) => table.columns[column])),
      items: having.map(({ of, i, table }) => ({ label: of.label, color: colorOfSeries(i), lines: [{ values: aligned(table, column) }] })),
    });
  };
  const quantiles = tables.flatMap((of, i) => {
    const table = overRun(run, of.kind, of.split, true);
    return table ? quantileNames(table).map(name => quantileCurve(table, name, of, colorOfSeries(i))) : [];
  });

  // What training reports of itself, such as staleness, comes after what it is judged by.
  const judged = columns.filter(column => tables.some(of => (of.kind === "evaluation" && overRun(run, of.kind, of.split, false).columns[column]) || overRun(run, of.kind, of.split, true)?.columns[`${column}/median`]));
  const [first, rest] = judged.length > 0 ? [judged, columns.filter(column => !judged.includes(column))] : [columns, []];
  return [...first.map(drawn), ...quantiles, ...rest.map(drawn)];
}

function quantileNames(table) {
  return unique(Object.keys(table.columns).map(column => column.slice(0, column.lastIndexOf("/"))));
}

function quantileCurve(table, name, of, shade) {
  const line = (level, more) => ({ values: aligned(table, `${name}/${level}`), label: level, ...more });
  const band = (label, upper, lower) => ({ label, color: shade, lines: [line(lower, { width: 0 }), line(upper, { width: 0 })], bands: [[1, 0]] });
  return curve({
    title: `${showName(name)} of single clients ${of.label}`, subtitle: "quantiles over the clients of a round", show: showMeasure,
    items: [{ label: "median", color: shade, lines: [line("median")] }, band("p10 to p90", "p90", "p10"), band("least to most", "max", "min")],
  });
}

function curvesOfMany(runs) {
  return measuredTables(runs).flatMap(of => {
    const table = run => overRun(run, of.kind, of.split, false);
    const columns = unique(runs.flatMap(run => Object.keys(table(run)?.columns ?? {}))).filter(column => !isCount(column));
    const spread = run => overRun(run, of.kind, of.split, true);
    const spreadNames = unique(runs.flatMap(run => (spread(run) ? quantileNames(spread(run)) : [])));
    return [
      ...columns.map(column => compared(runs, `${showName(column)} ${of.label}`, table, column, showColumn(column, runs.flatMap(run => table(run)?.columns[column] ?? [])))),
      ...spreadNames.map(name => curve({
        title: `${showName(name)} of single clients ${of.label}`, subtitle: "p10 to p90 over the clients of a round, and their median", show: showMeasure,
        items: runs.map((run, i) => ({ run, i })).filter(({ run }) => spread(run)?.columns[`${name}/median`]).map(({ run, i }) => ({
          label: run.name, color: colorOfSeries(i), bands: [[2, 1]],
          lines: [{ values: aligned(spread(run), `${name}/median`), dash: dashOfRun(i), label: `${run.name}, median` }, ...["p10", "p90"].map(level => ({ values: aligned(spread(run), `${name}/${level}`), width: 0, silent: true, label: `${run.name}, ${level}` }))],
        })),
      })),
    ];
  });
}

// A dashed line over another one lets it be seen; of more runs than colors, those of one color are dashed differently.
const dashes = [null, [9, 4], [3, 3], [9, 3, 2, 3]];
const dashOfRun = i => dashes[(i + Math.floor(i / 8)) % dashes.length];

/** A curve of one column, a line for each run; null if no run has it. */
function compared(runs, title, tableOf, column, show, subtitle) {
  const items = runs.map((run, i) => ({ run, i })).filter(({ run }) => tableOf(run)?.columns[column])
    .map(({ run, i }) => ({ label: runs.length > 1 ? run.name : title, color: colorOfSeries(i), lines: [{ values: aligned(tableOf(run), column), dash: dashOfRun(i) }] }));
  return items.length === 0 ? null : curve({ title, subtitle, show, items });
}

function bytesOfOne(run) {
  const table = overRun(run, "round", null, false);
  if (!table?.columns.bytes_up) return null;
  const item = (column, i, dash) => ({ label: showName(column), color: colorOfSeries(i), lines: [{ values: aligned(table, column), dash }] });
  return curve({ title: "Bytes of a round", subtitle: "model and updates; what an algorithm sends beside them is not counted", show: showBytes, items: [item("bytes_up", 0), item("bytes_down", 1, [6, 4])] });
}

function varying(runs, tableOf, column) {
  return unique(runs.flatMap(run => tableOf(run)?.columns[column] ?? [])).length > 1;
}

function aggregationSection({ runs }) {
  const table = run => overRun(run, "aggregation", null, false);
  const columns = unique(runs.flatMap(run => Object.keys(table(run)?.columns ?? {})));
  if (columns.length === 0) return null;
  const steady = columns.filter(column => !varying(runs, table, column));
  const figures = columns.filter(column => !steady.includes(column)).map(column => compared(runs, showName(column.replace(/^aggregator\//, "")), table, column, showFormat(column)));
  return { id: "aggregation", title: "Aggregation", content: [
    figures.length > 0 ? el("div", { class: "curves" }, figures) : null,
    steady.length > 0 ? el("div", { class: "pairs card", style: figures.length > 0 ? "margin-top: 1rem" : null },
      pairTable("The same in every round", Object.fromEntries(steady.map(column => [column, showFormat(column)(runs.map(run => last(table(run)?.columns[column])).find(value => value !== undefined))])))) : null] };
}

function clientLabel(column) {
  const parts = column.split("/");
  if (parts[0] === "train") return `${showName(parts.slice(1).join("/"))} while training`;
  if (parts[0] === "evaluation") return `${showName(parts.slice(2).join("/"))} on ${parts[1]}`;
  return column === "selected" ? "Rounds" : showName(column);
}

function clientsSection({ runs, clients }) {
  const tables = (runs.length > 0 ? runs : [{ clients, name: "" }]).filter(run => run.clients?.ids.length > 0);
  if (tables.length === 0) return null;
  const ids = unique(tables.flatMap(run => run.clients.ids));
  const places = tables.map(run => new Map(run.clients.ids.map((id, i) => [id, i])));
  const columns = unique(tables.flatMap(run => Object.keys(run.clients.columns))).flatMap(column => {
    const ofRuns = tables.map((run, k) => ({ run, values: ids.map(id => run.clients.columns[column]?.[places[k].get(id)] ?? null) })).filter(({ values }) => values.some(value => value !== null));

    // What the runs agree on is said once; so are the examples of a client that only some of the runs have.
    const known = ids.map((_, i) => ofRuns.find(({ values }) => values[i] !== null)?.values[i] ?? null);
    const agreed = ofRuns.every(({ values }) => values.every((value, i) => value === known[i] || (column === "examples" && value === null)));
    return (agreed ? [{ run: ofRuns[0].run, values: known }] : ofRuns).map(({ run, values }) => ({
      label: agreed && ofRuns.length === tables.length ? clientLabel(column) : `${clientLabel(column)}, ${run.name}`, values,
      show: column === "divergence" ? value => (typeof value === "number" ? value.toFixed(3) : showNumber(value)) : showsOf(values),
    }));
  });
  return { id: "clients", title: "Clients", content: [
    runs.length > 0 ? el("p", { class: "quiet lead" }, "Metrics are those of the last time that a client took part.") : null,
    el("div", { class: "card" }, sortableTable({ caption: "Clients", first: "Client", noun: "clients", rows: ids, columns }))] };
}

function dataSection({ pictures }) {
  if (pictures.length === 0) return null;
  return { id: "data", title: "Data", content: el("div", { class: "pictures" }, pictures.map(picture => {
    const svg = new DOMParser().parseFromString(picture.svg, "image/svg+xml");
    const text = name => svg.querySelector(`svg > ${name}`)?.textContent ?? "";

    // An image, not part of this document: nothing in it can run or load anything. Its size keeps its place until it is drawn.
    const [width, height] = ["width", "height"].map(name => svg.documentElement.getAttribute(name));
    return el("figure", { class: "card", tabindex: "0" }, el("img", { src: `data:image/svg+xml,${encodeURIComponent(picture.svg)}`, alt: `${text("title")}. ${text("desc")}`, width, height, loading: "lazy" }));
  })) };
}

function commandLine(command) {
  const code = el("code", { tabindex: "0" }, command);
  const copy = el("button", { type: "button", click: async () => {
    getSelection().selectAllChildren(code);
    const copied = await navigator.clipboard?.writeText(command).then(() => true, () => false);
    announce(copied ? "Command copied" : "Command selected, to be copied by Ctrl+C");
    copy.textContent = copied ? "Copied" : "Selected";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  }, "aria-label": "Copy the command" }, "Copy");
  return el("div", { class: "command" }, code, copy);
}

function reproduceSection({ runs, description, data_sha256: dataHash }) {
  if (runs.length === 0) {
    return { id: "reproduce", title: "Reproduce", content: el("div", { class: "pairs card" }, pairTable("Versions, machine, and SHA-256 of the clients' data", { ...description.environment, "clients' data": dataHash })) };
  }
  const of = (run, name) => Object.fromEntries(Object.entries(run[name]));
  const hashes = run => ({ "clients' data": run.data_sha256 ?? "–", ...(overRun(run, "round", null, false) ? { "initial weights": run.initial_weights_sha256 ?? "–" } : {}), "weights": run.weights_sha256 ?? "–" });
  if (runs.length === 1) {
    const [run] = runs;
    const isTraining = overRun(run, "round", null, false) !== undefined;
    return { id: "reproduce", title: "Reproduce", content: [
      !isTraining ? null : el("p", { class: "quiet lead" }, run.outcome === "finished"
        ? "From the same data, the command above gives weights with this very hash on every Linux x64 machine of the same arithmetic class, with any number of threads."
        : "The run ended early: the hash is that of the weights after the last round shown."),
      el("div", { class: "pairs" },
        el("div", { class: "card" }, pairTable("Settings, defaults included", of(run, "settings"))),
        el("div", { class: "card" }, pairTable("Versions and machine", of(run, "environment")), pairTable("SHA-256, of weights as little-endian float32", hashes(run)))) ] };
  }
  return { id: "reproduce", title: "Settings and hashes", content: [
    el("div", { class: "card" }, acrossRuns(runs)),
    ...runs.filter(run => run.command).map(run => el("div", { style: "margin-top: 0.75rem" }, el("h3", null, run.name), commandLine(run.command)))] };
}

/** Settings, versions and hashes, a column for each run; rows that differ are marked. */
function acrossRuns(runs) {
  const facts = runs.map(run => ({ ...run.settings, ...run.environment, parameters: run.parameters === null ? null : grouped.format(run.parameters), "data SHA-256": run.data_sha256, "initial weights SHA-256": run.initial_weights_sha256, "weights SHA-256": run.weights_sha256 }));
  const names = unique(facts.flatMap(Object.keys));
  const differs = name => unique(facts.map(fact => fact[name] ?? null)).length > 1;
  names.sort((a, b) => differs(b) - differs(a));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Settings of the runs" }, el("table", null,
    el("caption", null, "Settings, versions and hashes; those that differ come first and are marked"),
    el("thead", null, el("tr", null, ["Setting", ...runs.map(run => run.name)].map(label => el("th", { scope: "col", class: lengthOf(label) }, label)))),
    el("tbody", null, names.map(name => el("tr", { class: differs(name) ? "differs" : null }, el("th", { scope: "row" }, name), facts.map(fact => el("td", { class: "mono hash" }, fact[name] ?? "–")))))));
}
