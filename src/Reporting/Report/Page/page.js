// Puts the page together.

const page = JSON.parse(document.getElementById("fedpure-report").textContent);
collectRounds(page.runs);

const order = page.runs.length > 0 ? [curvesSection, clientsSection, aggregationSection, dataSection, reproduceSection] : [dataSection, clientsSection, reproduceSection];
const sections = order.map(build => build(page)).filter(section => section !== null);
const main = document.getElementById("main");
main.replaceChildren(overview(page), ...sections.map(({ id, title, content }) =>
  el("section", { id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), content)));
document.getElementById("contents").replaceChildren(...sections.map(({ id, title }) => el("a", { href: `#${id}` }, title)));
drawCurves();

// The theme is the system's until the button is pressed.
const theme = document.getElementById("theme");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (systemDark.matches ? "dark" : "light")) === "dark";

function showTheme() {
  theme.setAttribute("aria-pressed", isDark());
  redrawCurves();
}

theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  showTheme();
});
systemDark.addEventListener("change", showTheme);

// Paper is light, and the curves have to be drawn for it.
let onScreen;
addEventListener("beforeprint", () => {
  onScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  redrawCurves();
});
addEventListener("afterprint", () => {
  if (onScreen) document.documentElement.dataset.theme = onScreen;
  else delete document.documentElement.dataset.theme;
  redrawCurves();
});
theme.setAttribute("aria-pressed", isDark());
