// A signature drawn with finger, pen or mouse: whole numbers in a box of 600 by 200, as the path of an SVG.
// Who cannot draw, or has no script, signs with the typed name: the page works without this.
const field = document.querySelector("[data-pad]");
const pad = field.querySelector("svg");
const line = pad.querySelector("path");
const kept = field.querySelector("input");
const LONGEST = 11900;
const APART = 4; // of 600: what is nearer says nothing new and only makes the path longer

field.hidden = false;
let last = null;

const at = (event) => {
  const box = pad.getBoundingClientRect();
  const into = (value, low, size, whole) => Math.max(0, Math.min(whole, Math.round(((value - low) / size) * whole)));
  return [into(event.clientX, box.left, box.width, 600), into(event.clientY, box.top, box.height, 200)];
};

const add = (text) => {
  if (kept.value.length + text.length > LONGEST) return;
  kept.value += text;
  line.setAttribute("d", kept.value);
};

pad.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  pad.setPointerCapture(event.pointerId);
  last = at(event);
  // A stroke is never a point alone: a dot is a short line.
  add(`M${last[0]} ${last[1]}L${Math.min(600, last[0] + 1)} ${last[1]}`);
});
pad.addEventListener("pointermove", (event) => {
  if (last === null) return;
  const next = at(event);
  if (Math.hypot(next[0] - last[0], next[1] - last[1]) < APART) return;
  last = next;
  add(`L${next[0]} ${next[1]}`);
});
for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; });

field.querySelector(".clear").addEventListener("click", () => {
  kept.value = "";
  line.setAttribute("d", "");
});
