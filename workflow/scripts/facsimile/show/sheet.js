// The sheet to explore: exchanges what cells show, and opens them. All texts and numbers are made
// ready in the page (see sheet.py); nothing is computed or fetched here.

const data = JSON.parse(document.getElementById("sheet-data").textContent);
const sheet = document.getElementById("sheet");
const form = document.querySelector("form.choose");
const dialog = document.getElementById("opened");
const beside = document.getElementById("beside");
const chosen = () => Object.fromEntries(["explainer", "reference", "score"].map((key) => [key, form.elements[key].value]));

/** Make an element: its tag, its attributes, and what is in it. */
function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside.filter((one) => one !== null && one !== ""));
  return element;
}

function drawOutline(map, path) {
  for (const line of map.querySelectorAll("path")) line.setAttribute("d", path);
}

const percent = (share) => `${Math.round(1000 * share) / 10}%`;

/** Put a place from 0 to 1 into a mark of a strip; what is not known is not shown. */
function place(mark, from, to = from) {
  mark.hidden = from === null || to === null;
  if (mark.hidden) return;
  mark.style.left = percent(from);
  if (mark.className === "interval") mark.style.width = percent(to - from);
}

/** Show what a cell says of itself in an element that has a reading and a strip. */
function read(element, cell) {
  const [value, low, high, untrained, shuffled, rival] = cell.at;
  element.querySelector(".reading b").textContent = cell.value + cell.arrow;
  element.querySelector(".reading .range").textContent = cell.range;
  element.querySelector(".unseen:last-of-type").textContent = cell.said;
  place(element.querySelector(".interval"), low, high);
  place(element.querySelector(".untrained"), untrained);
  place(element.querySelector(".shuffled"), shuffled);
  place(element.querySelector(".rival"), rival);
  place(element.querySelector(".strip .value"), value);
}

function show() {
  const { explainer, reference, score } = chosen();
  const values = data.readings[explainer][reference][score];
  for (const button of sheet.querySelectorAll(".cell")) {
    const { network, expression } = button.dataset;
    button.querySelector("img").src = data.pictures[explainer][network][expression];
    drawOutline(button.querySelector(".map"), data.outlines[reference][expression]);
    read(button, values[network][expression]);
  }
  for (const mean of sheet.querySelectorAll(".mean")) read(mean, values[mean.dataset.network].all);
  const [from, to] = data.axes[reference][score];
  document.getElementById("axis-from").textContent = from;
  document.getElementById("axis-to").textContent = to;
  sheet.classList.toggle("plain", !form.elements.outlines.checked);
}

/** Offer the scores of a reference, and keep the one chosen where it has it, too. */
function offerScores() {
  const { reference, score } = chosen();
  const names = Object.entries(data.scores[reference]);
  form.elements.score.replaceChildren(...names.map(([name, label]) => make("option", { value: name }, label)));
  if (score in data.scores[reference]) form.elements.score.value = score;
}

/** Return the pictures of a cell, or nothing where there are none. */
function picturesOf(explainer, network, expression) {
  const found = [...document.querySelectorAll("script[data-cells]")].find(
    (one) => one.dataset.cells === `${explainer}/${network}`,
  );
  return found && JSON.parse(found.textContent)[expression];
}

function map(source, path, alt) {
  const element = sheet.querySelector(".map").cloneNode(true);
  const image = element.querySelector("img");
  Object.assign(image, { src: source, alt });
  drawOutline(element, path);
  return element;
}

function scoreTable(explainer, network, expression, reference) {
  const rows = Object.entries(data.scores[reference]).map(([score, label]) => {
    const cell = data.readings[explainer][reference][score][network][expression];
    const cells = [cell.value + cell.arrow, cell.range, ...cell.levels];
    return make("tr", {}, make("th", { scope: "row" }, label), ...cells.map((text) => make("td", {}, text)));
  });
  const heads = ["score", "value", "95 % interval", "untrained", "shuffled", "best rival"];
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Scores" },
    make("table", {}, make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)))), make("tbody", {}, ...rows)));
}

function trainings(pictures, path) {
  return make("ul", { class: "row" }, ...pictures.trainings.map((one) => {
    const name = `repeat ${one.repeat + 1}, fold ${one.fold + 1}`;
    return make("li", {}, map(one.map, path, `Heatmap of ${name}`), make("small", {}, name));
  }));
}

const STEPS = {
  original: "as the network sees it",
  superpixels: "its superpixels",
  weights: "for (orange) and against (blue)",
  carried: "what spoke for it, on the canonical face",
};

function faces(pictures, path) {
  const heads = pictures.faces.map((one) =>
    make("th", { scope: "col" }, one.r2 === null ? "" : `R² ${one.r2.toFixed(2)}`, make("small", {}, one.id)));
  const rows = Object.entries(STEPS).filter(([step]) => pictures.faces.some((one) => step in one)).map(([step, words]) =>
    make("tr", {}, make("th", { scope: "row" }, words), ...pictures.faces.map((one) =>
      make("td", {}, step === "carried" ? map(one[step], path, `${words}: ${one.id}`) : make("img", { src: one[step], alt: `${words}: ${one.id}` })))));
  return make("table", { class: "faces" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, make("span", { class: "unseen" }, "step")), ...heads)),
    make("tbody", {}, ...rows));
}

/** Return the explainer, network and expression of a cell's key. */
function partsOf(key) {
  const parts = key.split("/");
  return [parts[0], parts.slice(1, -1).join("/"), parts.at(-1)];
}

function card(key) {
  const [explainer, network, expression] = partsOf(key);
  const { reference, score } = chosen();
  const path = data.outlines[reference][expression];
  const cell = data.readings[explainer][reference][score][network][expression];
  const pictures = picturesOf(explainer, network, expression);
  const fit = data.fits[explainer]?.[network]?.[expression];
  const parts = [
    make("h3", {}, `${expression}, ${data.names[network]}`, make("small", {}, `${explainer}; where people look: ${reference}`)),
    make("div", { class: "top" },
      map(data.pictures[explainer][network][expression], path, `Heatmap of ${network}, ${expression}`),
      make("div", {}, make("p", {}, cell.said), cell.test ? make("p", {}, `Test against these networks: ${cell.test}.`) : "",
        fit ? make("p", {}, fit) : "", ...(pictures?.trainings.length ? [make("h4", {}, "Each training"), trainings(pictures, path)] : []))),
  ];
  if (pictures?.faces.length) {
    const order = pictures.faces.some((one) => one.r2 !== null) ? ", from the poorest fit to the best" : "";
    parts.push(make("h4", {}, `Faces behind it${order}`), faces(pictures, path));
  }
  parts.push(make("h4", {}, "In every score"), scoreTable(explainer, network, expression, reference));
  return make("article", { class: "card" }, ...parts);
}

let opened = null;

function fill() {
  const keys = [opened, beside.value].filter(Boolean);
  const cards = dialog.querySelector(".cards");
  cards.replaceChildren(...keys.map(card));
  cards.classList.toggle("two", keys.length > 1);
  document.getElementById("opened-title").textContent = keys.length > 1 ? "Two cells, side by side" : "One cell";
  history.replaceState(null, "", `#cell=${keys.map(encodeURI).join("+")}`);
}

function open(key, other = "") {
  opened = key;
  beside.value = other;
  fill();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

/** Go from cell to cell with the arrow keys. */
function step(event) {
  const button = event.target.closest(".cell");
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -data.expressions.length, ArrowDown: data.expressions.length };
  if (!button || !(event.key in moves)) return;
  const buttons = [...sheet.querySelectorAll(".cell")];
  buttons[buttons.indexOf(button) + moves[event.key]]?.focus();
  event.preventDefault();
}

for (const element of document.querySelectorAll(".scripted")) element.hidden = false;
for (const button of sheet.querySelectorAll(".cell")) {
  button.disabled = false;
  button.setAttribute("aria-haspopup", "dialog");
}
form.addEventListener("change", (event) => {
  if (event.target.name === "reference") offerScores();
  show();
});
form.addEventListener("submit", (event) => event.preventDefault());
sheet.addEventListener("keydown", step);
sheet.addEventListener("click", (event) => {
  const button = event.target.closest(".cell");
  if (button) open([chosen().explainer, button.dataset.network, button.dataset.expression].join("/"));
});
beside.addEventListener("change", fill);
document.getElementById("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
show();

// A link to a cell, or to two, opens them.
const known = (key) => [...beside.options].some((option) => option.value && option.value === key);
const linked = decodeURI(location.hash).match(/^#cell=(.+)$/)?.[1].split("+").filter(known) ?? [];
if (linked.length) open(linked[0], linked[1]);
