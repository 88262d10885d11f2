// Elements, and numbers as text.

/** An element: attributes by name (functions are listeners), then children; text is never markup. */
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

const announcer = document.getElementById("announcer");
function announce(text) {
  announcer.textContent = text;
}

/** A color of the style sheet as the present theme has it: a canvas does not know custom properties. */
function color(name) {
  announcer.style.color = `var(${name})`;
  return getComputedStyle(announcer).color;
}

function colorOfSeries(i) {
  return `--series-${i % 8}`;
}

const grouped = new Intl.NumberFormat("en-US");

// A number in the data is null (not measured), a number, or one of the strings NaN, Infinity and -Infinity.
function showNumber(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (Number.isInteger(value)) return grouped.format(value);
  const size = Math.abs(value);
  return size >= 1e6 || size < 1e-3 ? value.toExponential(2) : value.toFixed(size >= 1000 ? 1 : 4);
}

// The same for what is no count: 1 is 1.0000 there, among others.
function showMeasure(value) {
  return Number.isInteger(value) && Math.abs(value) < 1000 ? value.toFixed(4) : showNumber(value);
}

/** How the values of a column are shown: times and bytes in their units, counts as integers, measures with four digits. */
function showColumn(name, values) {
  const inUnits = showFormat(name);
  return inUnits === showNumber ? showsOf(values) : inUnits;
}

function showsOf(values) {
  return values.some(value => typeof value === "number" && !Number.isInteger(value)) ? showMeasure : showNumber;
}

function showSeconds(value) {
  if (typeof value !== "number") return showNumber(value);
  if (value < 1e-3) return `${(1e6 * value).toFixed(0)} µs`;
  if (value < 1) return `${(1e3 * value).toFixed(value < 0.01 ? 2 : value < 0.1 ? 1 : 0)} ms`;
  if (value < 120) return `${value.toFixed(2)} s`;
  const whole = Math.round(value), minutes = Math.floor(whole / 60);
  return minutes < 120 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function showBytes(value) {
  if (typeof value !== "number") return showNumber(value);
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[unit]}`;
}

const knownNames = {
  __proto__: null,
  sparse_categorical_accuracy: "Accuracy", categorical_accuracy: "Accuracy", binary_accuracy: "Accuracy",
  num_examples: "Examples", num_batches: "Batches", last_round: "Last round", left_out: "Left out",
  divergence: "Label divergence (bits)", bytes_up: "to the server", bytes_down: "to the clients",
};

/** A metric's name for people: the last part of its path, or all of it where the parts before matter. */
function showName(path) {
  const parts = path.split("/");
  const last = parts.pop();
  const name = knownNames[last] ?? last.replaceAll("_", " ").replace(/^./, letter => letter.toUpperCase());
  return parts.length === 0 ? name : `${name} (${parts.join("/").replaceAll("_", " ")})`;
}

function showFormat(path) {
  return /bytes_(up|down)$/.test(path) ? showBytes : /seconds$/.test(path) ? showSeconds : showNumber;
}
