// What permitted this session has ended, by the patient or by the record: said at the top of this page, wherever it is scrolled to, until the session is another's.
import { force } from "./units.js";

const $ = (id) => document.getElementById(id);
const BEFORE = new Set(["idle", "setup", "stop test", "ready"]);
const OVER = new Set(["safe", "complete", "lockout", "torque off"]);

export class Withdrawal {
  // `took`: it has ended. `seen`: somebody said so; the notice stays, its button goes.
  constructor(unit) { this.unit = unit; this.took = this.seen = false; this.kind = this.said = ""; }

  // Documents of this page's session, in their order; a page loaded again hears them again.
  heard(document_) {
    const data = document_.data || {};
    if (document_.doc === "start") this.took = this.seen = false;
    if (data.withdrawn === true) this.ended("consent withdrawn", `Consent was taken back at ${data.at_utc.slice(11, 16)} UTC by ${data.by}.`);
    if (data.uncleared === true) this.ended("not cleared any more", `${data.why} (${data.at_utc.slice(11, 16)} UTC)`);
    if (data.seen === true) this.seen = true;
    this.draw();
  }

  ended(kind, said) {
    this.took = true;
    this.seen = false;
    this.kind = kind;
    this.said = said;
  }

  draw() {
    $("withdrawn").hidden = !this.took;
    $("withdrawn").classList.toggle("acknowledged", this.seen);
    $("withdrawn-seen").hidden = this.seen;
    write("withdrawn-kind", this.kind);
    write("withdrawn-words", this.said);
  }

  // What the table does about it now, and what is to be done; what could bring force back is not offered.
  show(m, mine) {
    if (!this.took) return;
    write("withdrawn-now", mine ? this.words(m) : "No pull follows.");
    for (const button of document.querySelectorAll("[data-do=resume], [data-do=arm], [data-do=start], #change")) button.disabled = true;
  }

  words(m) {
    if (BEFORE.has(m.phase)) return "Nobody is pulled. Press Stop, unclip, talk with the patient.";
    if (OVER.has(m.phase)) return "Nothing pulls any more. Unclip, talk with the patient.";
    if (m.phase === "paused") return `Eased to ${force(m.prescribed_n, this.unit)}, no pull follows. Press Stop to release, unclip, talk with the patient.`;
    return "The pull eases now, none follows. Press Stop to release, unclip, talk with the patient.";
  }
}

function write(id, words) { if ($(id).textContent !== words) $(id).textContent = words; }
