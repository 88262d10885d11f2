// Curves over rounds. All of them share the rounds, the cursor and the zoom.

const shared = { rounds: [], charts: [], zooming: false, frames: new Set() };

/**
 * A figure. items: what the legend switches on and off, { label, color, lines: [{ values, dash }], bands: [[upper, lower]] } where bands have indices of lines, and
 * values has an entry for each shared round. show: a value as text. A line has gaps where values are not finite, and goes on over rounds where nothing was measured.
 */
function curve({ title, subtitle, items, show }) {
  const plot = el("div", { class: "plot", tabindex: "0", role: "group", "aria-label": describe(title, items, show), keydown: onKey });
  const at = el("span", { class: "at" });
  const outputs = items.map(() => el("span", { class: "value" }));
  const buttons = items.map((item, i) =>
    el("button", { type: "button", "aria-pressed": "true", click: () => toggle(i) },
      swatch(item.color, item.lines[0].dash, item.lines[0].width === 0), `${item.label} `, outputs[i]));
  const reset = el("button", { type: "button", hidden: true, "aria-label": `${title}: show all rounds`, click: () => zoomTo(null) }, "All");
  const numbers = el("details", { toggle: () => { if (numbers.open && numbers.children.length === 1) numbers.append(numbersOf(title, items, show)); } }, el("summary", null, "Numbers"));
  const told = [subtitle, gapsOf(items)].filter(text => text).join("; ");
  const figure = el("figure", { class: "curve card" },
    el("figcaption", null,
      el("div", null, el("h3", null, title), told ? el("p", null, told) : null),
      el("button", { type: "button", "aria-label": `${title}: zoom in`, click: () => zoomBy(0.5) }, "+"),
      el("button", { type: "button", "aria-label": `${title}: zoom out`, click: () => zoomBy(2) }, "−"),
      reset),
    plot,
    el("div", { class: "legend", role: "group", "aria-label": `${title}: series` }, at, buttons),
    numbers);

  const series = [{ label: "round" }], bands = [], owned = [];
  for (const item of items) {
    const start = series.length;
    owned.push(item.lines.map((_, i) => start + i));
    for (const line of item.lines) series.push(lineOptions(item, line));
    for (const [upper, lower] of item.bands ?? []) bands.push({ series: [start + upper, start + lower], fill: () => faint(color(item.color)) });
  }

  let chart = null, index = null;
  function draw() {
    chart = new uPlot({
      width: plot.clientWidth, height: plot.clientHeight, series, bands, legend: { show: false },
      scales: { x: { time: false, range: rangeOfRounds } },
      axes: [axis({ space: 50, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000], values: (_, splits) => splits.map(x => grouped.format(x)), size: 22, label: "Round", labelSize: 18, labelFont: axisFont }),
        axis({ values: (_, splits) => splits.map(y => showTick(y, splits, show)), size: axisSize })],
      cursor: { y: false, sync: { key: "rounds", setSeries: false }, points: { size: 7 } },
      hooks: { setCursor: [u => { if (u.cursor.idx !== index) read(u.cursor.idx); }], setScale: [(u, key) => { if (key === "x") onZoom(u); }] },
    }, [shared.rounds, ...items.flatMap(item => item.lines.map(line => line.values.map(drawable)))], plot);
    shared.charts.push(chart);
  }

  // Values at the cursor, or the last ones while there is none.
  function read(i) {
    index = i ?? null;
    at.textContent = index === null ? "Latest" : `Round ${grouped.format(shared.rounds[index])}`;
    items.forEach((item, k) => { outputs[k].textContent = textOf(item, index, show); });
  }

  function toggle(i) {
    const on = buttons[i].getAttribute("aria-pressed") !== "true";
    buttons[i].setAttribute("aria-pressed", on);
    for (const s of owned[i]) chart.setSeries(s, { show: on });
  }

  function onKey(event) {
    const last = shared.rounds.length - 1, step = event.shiftKey ? 10 : 1;
    const move = { ArrowLeft: i => Math.max(0, (i ?? last + step) - step), ArrowRight: i => Math.min(last, (i ?? -step) + step), Home: () => 0, End: () => last }[event.key];
    if (move) {
      const i = move(index);
      chart.setCursor({ left: chart.valToPos(shared.rounds[i], "x"), top: 1 });
      read(i);
      announce(`Round ${shared.rounds[i]}: ${items.map(item => `${item.label} ${textOf(item, i, show)}`).join(", ")}`);
    } else if (event.key === "+" || event.key === "=") zoomBy(0.5);
    else if (event.key === "-") zoomBy(2);
    else if (event.key === "Escape") zoomTo(null);
    else return;
    event.preventDefault();
  }

  shared.frames.add({
    draw,
    resize: () => chart.setSize({ width: plot.clientWidth, height: plot.clientHeight }),
    zoomed: isZoomed => { reset.hidden = !isZoomed; },
  });
  read(null);
  return figure;
}

/** Draws all curves; call it when they are in the page and have their widths. */
function drawCurves() {
  for (const frame of shared.frames) frame.draw();
  let width = document.documentElement.clientWidth;
  new ResizeObserver(() => {
    if (width === document.documentElement.clientWidth) return;
    width = document.documentElement.clientWidth;
    for (const frame of shared.frames) frame.resize();
  }).observe(document.documentElement);
}

function redrawCurves() {
  for (const chart of shared.charts) chart.redraw(false, true);
}

function lineOptions(item, line) {
  const count = line.values.filter(value => typeof value === "number").length;
  return {
    label: item.label, stroke: () => color(item.color), width: line.width ?? 2, dash: line.dash,
    // A few points, such as evaluations far apart, would be lost without marks.
    points: { show: line.width !== 0 && (count <= 15 || (count <= 60 && 2 * count < shared.rounds.length)), size: 6, fill: () => color(item.color) },
  };
}

const axisFont = "12px system-ui, sans-serif";

function axis(options) {
  return { stroke: () => color("--quiet"), grid: { stroke: () => color("--grid"), width: 1 }, ticks: { show: false }, font: axisFont, ...options };
}

// As wide as the longest text beside it.
function axisSize(u, values) {
  return 16 + 7 * Math.max(3, ...(values ?? []).map(text => text.length));
}

// Enough digits to tell neighbours apart.
function showTick(value, ticks, show) {
  if (show !== showNumber && show !== showMeasure) return value === 0 ? "0" : show(value).replace(/\.0+ /, " ");
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  const size = Math.max(...ticks.map(Math.abs));
  if (size >= 1e5 || (size < 1e-3 && size > 0)) return value === 0 ? "0" : value.toExponential(1);
  let digits = 0;
  while (digits < 9 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6 * step * 10 ** digits) digits++;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

function faint(rgb) {
  return rgb.replace(/^rgb\((.*)\)$/, (_, parts) => (parts.includes(",") ? `rgba(${parts}, 0.18)` : `rgb(${parts} / 0.18)`));
}

// uPlot goes on over undefined and leaves a gap at null.
function drawable(value) {
  return typeof value === "number" ? value : value === null ? undefined : null;
}

function gapsOf(items) {
  const count = shared.rounds.filter((_, i) => items.some(item => item.lines.some(line => typeof line.values[i] === "string"))).length;
  return count === 0 ? null : `gaps where a value is not finite (${grouped.format(count)} ${count === 1 ? "round" : "rounds"})`;
}

/** The mark of a line beside its name: as it is drawn, so that lines of one color are told apart by their dashes. */
function swatch(shade, dash, isBand) {
  const shape = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  return shape("svg", { class: "swatch", viewBox: "0 0 24 10", "aria-hidden": "true" }, isBand
    ? shape("rect", { width: 24, height: 10, rx: 2, style: `fill: var(${shade}); opacity: 0.4` })
    : shape("path", { d: "M0 5H24", style: `stroke: var(${shade}); stroke-width: 4; stroke-dasharray: ${dash?.join(" ") ?? "none"}` }));
}

function textOf(item, index, show) {
  const texts = item.lines.filter(line => !line.silent).map(line => show(line.values[index ?? line.values.findLastIndex(value => value !== null)]));
  return texts.join(" – ");
}

function describe(title, items, show) {
  const latest = items.map(item => `${item.label} ${textOf(item, null, show)}`).join(", ");
  return `${title} by round, a chart. Latest: ${latest}. Arrow keys move from round to round, plus and minus zoom, Escape shows all rounds.`;
}

function numbersOf(title, items, show) {
  const rounds = shared.rounds.map((_, i) => i).filter(i => items.some(item => item.lines.some(line => line.values[i] !== null)));
  const columns = items.flatMap(item => item.lines.map(line => ({ label: line.label ?? item.label, show, values: rounds.map(i => line.values[i]) })));
  return sortableTable({ caption: `${title} by round`, first: "Round", noun: "rounds", rows: rounds.map(i => String(shared.rounds[i])), columns, searchable: false });
}

// Zoom: a range of rounds, the same for all curves. A single round still gets some width.
function rangeOfRounds(_, min, max) {
  return min === null ? [0, 1] : min === max ? [min - 1, max + 1] : [min, max];
}

function wholeRange() {
  return rangeOfRounds(null, shared.rounds[0], shared.rounds.at(-1));
}

function zoomTo(range) {
  const [least, most] = wholeRange();
  const [min, max] = range ?? [least, most];
  if (shared.charts.length > 0) shared.charts[0].setScale("x", { min: Math.max(least, min), max: Math.min(most, max) });
}

function zoomBy(factor) {
  const { min, max } = shared.charts[0].scales.x;
  const middle = (min + max) / 2, half = Math.max(0.5, factor * (max - min) / 2);
  zoomTo([middle - half, middle + half]);
}

function onZoom(source) {
  const { min, max } = source.scales.x;
  if (shared.zooming || min === null || min === undefined) return;
  shared.zooming = true;
  for (const chart of shared.charts) {
    if (chart !== source && (chart.scales.x.min !== min || chart.scales.x.max !== max)) chart.setScale("x", { min, max });
  }
  shared.zooming = false;
  const [least, most] = wholeRange();
  for (const frame of shared.frames) frame.zoomed(min > least || max < most);
}
