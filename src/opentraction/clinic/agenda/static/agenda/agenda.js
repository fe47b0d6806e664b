// The day's grid by keyboard. Arrows go from appointment to appointment; M moves one: up and down a quarter of an hour,
// left and right a column of the same kind, Enter keeps it, Escape leaves it. The server decides whether it fits.
const grid = document.querySelector("[data-grid]");
const says = document.getElementById("keys");
const form = document.getElementById("move-form");
const QUARTER = 3, MINUTE = 60_000;
let moving = null;

function blocks() { return [...grid.querySelectorAll("a.block")]; }

function number(node, letter) {
  const found = [...node.classList].find((name) => new RegExp(`^${letter}\\d+$`).test(name));
  return found ? Number(found.slice(1)) : 0;
}

function put(node, letter, value) {
  node.classList.remove(`${letter}${number(node, letter)}`);
  node.classList.add(`${letter}${value}`);
}

function neighbour(from, key) {
  const column = number(from, "c"), row = number(from, "r");
  const others = blocks().filter((one) => one !== from);
  const side = { ArrowUp: (b) => number(b, "c") === column && number(b, "r") < row, ArrowDown: (b) => number(b, "c") === column && number(b, "r") > row, ArrowLeft: (b) => number(b, "c") < column, ArrowRight: (b) => number(b, "c") > column }[key];
  const far = (b) => Math.abs(number(b, "c") - column) * 1000 + Math.abs(number(b, "r") - row);
  return others.filter(side).sort((a, b) => far(a) - far(b))[0];
}

function titles() { return [...grid.querySelectorAll(".title[data-resource]")]; }

function told() {
  const start = new Date(moving.start.getTime() + moving.steps * 15 * MINUTE);
  const title = titles().find((one) => number(one, "c") === number(moving.node, "c"));
  const wall = start.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: grid.dataset.zone });
  says.textContent = grid.dataset.saysMoving.replace("{when}", wall).replace("{where}", title ? title.dataset.name : "");
}

function begin(node) {
  if (!form || node.dataset.movable !== "yes") { says.textContent = grid.dataset.saysFixed; return; }
  moving = { node, start: new Date(node.dataset.start), steps: 0, row: number(node, "r"), column: number(node, "c") };
  node.classList.add("moving");
  told();
}

function leave() {
  put(moving.node, "r", moving.row);
  put(moving.node, "c", moving.column);
  moving.node.classList.remove("moving");
  moving = null;
  says.textContent = grid.dataset.saysKeys;
}

function shift(steps) {
  const row = number(moving.node, "r") + steps * QUARTER, last = Number(grid.dataset.rows);
  if (row < 1 || row + number(moving.node, "s") - 1 > last) return;
  moving.steps += steps;
  put(moving.node, "r", row);
  told();
}

function across(step) {
  const kind = titles().find((one) => number(one, "c") === moving.column).dataset.kind;
  const next = titles().filter((one) => one.dataset.kind === kind).map((one) => number(one, "c"));
  const at = next.indexOf(number(moving.node, "c")) + step;
  if (at < 0 || at >= next.length) return;
  put(moving.node, "c", next[at]);
  told();
}

function keep() {
  const title = titles().find((one) => number(one, "c") === number(moving.node, "c"));
  form.action = moving.node.dataset.move;
  form.elements.start.value = new Date(moving.start.getTime() + moving.steps * 15 * MINUTE).toISOString();
  form.elements.with.value = title ? title.dataset.resource : "";
  form.submit();
}

const WHILE_MOVING = { ArrowUp: () => shift(-1), ArrowDown: () => shift(1), ArrowLeft: () => across(-1), ArrowRight: () => across(1), Enter: keep, Escape: leave };

if (grid) {
  grid.addEventListener("keydown", (event) => {
    const node = event.target.closest("a.block");
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moving) {
      const act = WHILE_MOVING[event.key];
      if (act) { event.preventDefault(); act(); }
      return;
    }
    if (event.key === "m" || event.key === "M") { event.preventDefault(); begin(node); return; }
    if (event.key.startsWith("Arrow")) {
      const next = neighbour(node, event.key);
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  grid.addEventListener("focusout", () => { if (moving) leave(); });
}
