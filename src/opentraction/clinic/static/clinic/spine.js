// The modelled spine beside the pull, as the stream brings it every two seconds; a step of the model takes another one to
// 2.5 s. So its answer is up to 5 s old while all is well; what is older goes grey, and what is much older turns to dashes.
import { DASH } from "./units.js";
const GREY_S = 6, DASH_S = 15;
export class Spine {
  constructor(session) {
    this.session = session;
    [this.picture, this.words, this.known, this.claims, this.aged] = ["spine-picture", "spine-words", "spine-known", "spine-claims", "spine-age"].map((id) => document.getElementById(id));
    this.at = -Infinity; this.t = null; this.now = null;
    setInterval(() => this.age(), 1000);
  }
  pulled(t) { this.now = t; }  // second of the session, as the table tells it
  heard(told) {
    if (told.session !== this.session) return;
    this.said = told.why ?? "";
    this.say(told.known ?? []);
    if (told.svg) {
      this.picture.innerHTML = told.svg;
      if (told.t_s !== this.t) this.at = performance.now();  // said again is not news
      this.t = told.t_s;
    } else this.picture.replaceChildren();
    this.age();
  }
  say(lines) {
    this.known.hidden = lines.length === 0;
    if (lines.join("\n") === this.told) return;  // what somebody reads stays as it is
    this.told = lines.join("\n");
    this.claims.replaceChildren(...lines.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }
  old() {  // [s] since it was news, or how far its second of the session is from the table's, behind or ahead
    const apart = this.now === null || this.t === null ? 0 : Math.abs(this.now - this.t);
    return Math.max((performance.now() - this.at) / 1000, apart);
  }
  age() {
    const old = this.old(), shown = this.picture.childElementCount > 0;
    this.picture.classList.toggle("old", old > GREY_S);
    this.picture.classList.toggle("away", old > DASH_S);
    if (old > DASH_S) this.picture.querySelectorAll(".figure").forEach((number) => { number.textContent = DASH; });
    this.aged.textContent = shown && Number.isFinite(old) ? `, ${Math.round(old)} s old` : "";
    this.words.textContent = this.said || (shown && old > DASH_S ? "The model is not in step with the pull; it is shown again once it is." : "");
  }
}
