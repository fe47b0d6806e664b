// The body map: the fields of the lists hold the values; the picture shows one quality of them and sets it by key or touch.

const map = document.getElementById("body-map"), now = document.getElementById("map-now");
const areas = [...map.querySelectorAll(".area")];
const lists = document.querySelectorAll("details.quality");
let quality = "pain";

map.hidden = false;
for (const area of areas) {
  area.addEventListener("click", () => { area.focus(); set(area, step(area, 1, true)); });
  area.addEventListener("keydown", (event) => pressed(event, area));
}
for (const choice of map.querySelectorAll("input[name=quality-shown]")) choice.addEventListener("change", () => show(choice.value));
for (const field of document.querySelectorAll('input[name^="felt."]')) field.addEventListener("input", () => show(quality));
show(quality);

function pressed(event, area) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const value = asked(event.key, area);
  if (value === undefined) return;
  event.preventDefault();
  set(area, value);
}

// The value a key asks for; null takes it back, undefined is no key of ours.
function asked(key, area) {
  if (/^[0-9]$/.test(key)) return Number(key);
  if (key === "+" || key === "=") return step(area, 1, false);
  if (key === "-") return step(area, -1, false);
  if (key === "Enter" || key === " ") return step(area, 1, true);
  if (key === "Delete" || key === "Backspace") return null;
  return undefined;
}

// One more or less; round and round where a finger presses: after 10 it is not asked again.
function step(area, by, round) {
  const value = read(area);
  if (value === null) return by > 0 ? (round ? 1 : 0) : null;
  if (round && value === 10) return null;
  return Math.min(10, Math.max(0, value + by));
}

function field(area) { return document.getElementsByName(`felt.${quality}.${area.dataset.root}-${area.dataset.side}`)[0]; }

function read(area) {
  const written = field(area).value.trim();
  return /^\d{1,2}$/.test(written) && Number(written) <= 10 ? Number(written) : null;
}

function set(area, value) {
  const input = field(area);
  input.value = value === null ? "" : String(value);
  paint(area);
  now.textContent = area.getAttribute("aria-label");
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function show(next) {
  quality = next;
  areas.forEach(paint);
  const heading = map.querySelector("svg > text");
  if (heading) heading.textContent = quality[0].toUpperCase() + quality.slice(1);
  for (const list of lists) list.classList.toggle("shown", list.dataset.quality === quality);
}

// The same fill as on paper: grey not asked, white none, darker more.
function paint(area) {
  const value = read(area), words = area.getAttribute("aria-label").replace(/: [^:]*$/, "");
  const said = value === null ? "not asked" : `${value} of 10`;
  area.setAttribute("aria-label", `${words}: ${said}`);
  area.dataset.value = value === null ? "" : String(value);
  area.querySelector("title").textContent = `${words}: ${said}`;
  area.setAttribute("fill", value === null ? "var(--phase)" : value === 0 ? "var(--ground)" : "var(--ink)");
  area.setAttribute("fill-opacity", value ? (0.1 + 0.075 * value).toFixed(3) : "1");
  number(area, value);
}

// The number on the widest piece of the area, where something is felt.
function number(area, value) {
  for (const path of area.querySelectorAll("path")) {
    const id = `${path.id}-number`;
    let text = document.getElementById(id);
    if (!value) { text?.remove(); continue; }
    if (!text) {
      text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.id = id;
      text.setAttribute("class", "value");
      text.setAttribute("aria-hidden", "true");
      area.ownerSVGElement.append(text);
    }
    const box = path.getBBox();
    text.setAttribute("x", box.x + box.width / 2);
    text.setAttribute("y", box.y + box.height / 2 + 4);
    text.setAttribute("fill", value >= 6 ? "var(--ground)" : "var(--ink)");
    text.textContent = String(value);
  }
}
