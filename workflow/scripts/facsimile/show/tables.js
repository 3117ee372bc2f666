// Tables of numbers: sorted by any column, and, where they are long, filtered by what rows say.

const LONG = 8;

/** Return what a cell sorts by: its first number, or else its text. */
function keyOf(cell) {
  const text = cell.textContent.trim().replace(/\u2212/g, "-");
  const number = parseFloat(text.replace(/[^\d.+-].*$/s, ""));
  return Number.isNaN(number) ? text : number;
}

function compare(one, other) {
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return typeof one === "number" ? one - other : one.localeCompare(other);
}

function sort(table, column, header) {
  const descending = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  rows.sort((one, other) => (descending ? -1 : 1) * compare(one.key, other.key));
  body.append(...rows.map(({ row }) => row));
}

function makeSortable(table) {
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    if (!button.textContent.trim()) {
      const name = document.createElement("span");
      name.className = "unseen";
      name.textContent = "row";
      button.append(name);
    }
    header.append(button);
    button.addEventListener("click", () => sort(table, column, header));
  });
}

function makeFilterable(table) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "search" });
  label.className = "filter";
  label.append("Show rows with", input);
  table.parentElement.before(label);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}

for (const table of document.querySelectorAll("main table")) {
  if (table.tBodies[0].rows.length > 1) makeSortable(table);
  if (table.tBodies[0].rows.length > LONG) makeFilterable(table);
}

// What is folded away is printed all the same.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
});
