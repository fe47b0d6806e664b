// The alarms of the table on a page: what stands, worst first, by colour, flash, sign and words; what a hand can do about
// their sound. Nothing here hides one, and nothing here reaches the pull.
import { clock, known } from "./units.js";

const ORDER = { high: 0, medium: 1, low: 2 };
const MARKS = { high: "!!!", medium: "!!", low: "!" };
const STATES = { latched: "over, not acknowledged", acknowledged: "acknowledged", active: "" };
const NARROW = matchMedia("(max-width: 460px)");
const SVG = "http://www.w3.org/2000/svg";

function make(kind, className, words = "") {
  const one = document.createElement(kind);
  one.className = className;
  if (words) one.textContent = words;
  return one;
}

// A triangle with as many marks as the priority is high: said without colour, movement or reading.
export function sign(priority) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path"), marks = document.createElementNS(SVG, "text");
  svg.setAttribute("viewBox", "0 0 56 48"); svg.setAttribute("class", "sign"); svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M28 3 54 46H2Z");
  marks.setAttribute("x", "28"); marks.setAttribute("y", "42"); marks.setAttribute("text-anchor", "middle"); marks.textContent = MARKS[priority];
  svg.append(path, marks);
  return svg;
}

function button(words, act, more = {}) {
  const one = make("button", "", words);
  Object.assign(one.dataset, { do: act, ...more });
  return one;
}

export class Alarms {
  constructor(room, says) {
    this.room = room;
    this.says = says;
    this.key = "";
    this.all = false;
    this.told = new Set();
    room.addEventListener("click", (event) => { if (event.target.closest(".rest")) { this.all = !this.all; this.key = ""; this.show(this.list, this.sound); } });
    addEventListener("keydown", (event) => this.pressed(event));
  }

  // F8 acknowledges what is shown, F9 pauses the sound or brings it back.
  pressed(event) {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const one = event.key === "F8" ? this.room.querySelector("[data-do=acknowledge]") : event.key === "F9" ? this.room.querySelector("[data-do=pause-sound], [data-do=sound-again]") : null;
    if (!one) return;
    event.preventDefault();
    one.click();
  }

  show(list, sound) {
    this.list = [...(list || [])].sort((a, b) => ORDER[a.priority] - ORDER[b.priority]);
    this.sound = sound || {};
    const key = JSON.stringify([this.list.map((a) => [a.number, a.state, a.text]), this.sound.paused_s == null, Boolean(this.sound.by), NARROW.matches, this.all]);
    if (this.key !== key) { this.key = key; this.build(); this.say(); }
    for (const a of this.list) {
      const since = this.room.querySelector(`[data-number="${a.number}"] .since`);
      const words = [STATES[a.state], known(a.for_s) ? `for ${clock(a.for_s)}` : "", a.since_s == null ? "from before this session" : ""].filter(Boolean).join(", ");
      if (since && since.textContent !== words) since.textContent = words;
    }
    const left = this.room.querySelector(".paused");
    if (left) left.textContent = `, paused ${clock(this.sound.paused_s)}`;
  }

  // The focus stays on the button that had it, though the rows are new.
  build() {
    const held = this.room.contains(document.activeElement) ? document.activeElement.dataset.do : null;
    const most = this.all ? this.list.length : NARROW.matches ? 1 : 3;
    this.shown = this.list.slice(0, most);
    const rows = this.shown.map((a, place) => this.row(a, place === 0));
    if (this.list.length > most || this.all) rows.push(this.rest(most));
    this.room.replaceChildren(...rows);
    if (held) (this.room.querySelector(`[data-do="${held}"]`) || this.room.querySelector("button"))?.focus();
  }

  row(a, first) {
    const row = make("div", `alarm ${a.priority} ${a.state}${first ? " first" : ""}`);
    row.dataset.alarm = a.id; row.dataset.number = a.number;
    const said = make("div", "said-alarm"), side = make("div", "side");
    said.append(make("strong", "words", a.text), make("span", "act", a.act || ""));
    side.append(make("span", "priority", `${a.priority} priority`), make("span", "since"));
    row.append(sign(a.priority), said, side);
    if (first) row.append(this.acts());
    return row;
  }

  // One button for all that this page shows; the table silences these raises and no others.
  acts() {
    const acts = make("div", "alarm-acts"), numbers = this.unseen(), count = numbers.split(" ").length;
    if (numbers) {
      acts.append(button(count > 1 ? `Acknowledge ${count}` : "Acknowledge", "acknowledge", { numbers }));
      acts.lastChild.setAttribute("aria-keyshortcuts", "F8");
      if (this.sound.paused_s != null) { acts.append(button("Sound on", "sound-again")); acts.lastChild.append(make("span", "paused")); }
      else if (this.sound.by) acts.append(button("Pause sound 2 min", "pause-sound"));
      if (this.sound.by) acts.lastChild.setAttribute("aria-keyshortcuts", "F9");
    }
    return acts;
  }

  unseen() { return (this.shown || []).filter((a) => a.state !== "acknowledged").map((a) => a.number).join(" "); }

  rest(most) {
    const left = this.list.slice(most), worst = left[0]?.priority;
    const one = make("button", "rest", this.all ? "Show fewer" : `${left.length} more alarm${left.length === 1 ? "" : "s"}, ${left.length === 1 ? "" : "the worst "}${worst} priority`);
    one.setAttribute("aria-expanded", String(this.all));
    return one;
  }

  // Read aloud once for each raise, not with each second that it stands.
  say() {
    const fresh = this.list.filter((a) => !this.told.has(a.number));
    if (!fresh.length) return;
    for (const a of fresh) this.told.add(a.number);
    this.says.textContent = fresh.map((a) => `${a.priority} priority alarm: ${a.text}. ${a.act || ""}`).join(" ");
  }
}
