// The modelled spine beside the pull, as the stream brings it every two seconds. What is old goes grey, then away.
const GREY_MS = 6000, AWAY_MS = 20000;
export class Spine {
  constructor(session) {
    this.session = session;
    [this.picture, this.words, this.known, this.claims] = ["spine-picture", "spine-words", "spine-known", "spine-claims"].map((id) => document.getElementById(id));
    this.at = -Infinity; this.t = null; this.now = null;
    setInterval(() => this.age(), 1000);
  }
  pulled(t) { this.now = t; }  // second of the session, as the table tells it
  heard(told) {
    if (told.session !== this.session) return;
    this.said = told.why ?? "";
    this.say(told.known ?? []);
    if (told.svg) { this.picture.innerHTML = told.svg; this.at = performance.now(); this.t = told.t_s; }
    else this.picture.replaceChildren();
    this.age();
  }
  say(lines) {
    this.known.hidden = lines.length === 0;
    if (lines.join("\n") === this.told) return;  // what somebody reads stays as it is
    this.told = lines.join("\n");
    this.claims.replaceChildren(...lines.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }
  age() {  // of what is shown: since it came, or what it lags behind the pull
    const behind = this.now === null || this.t === null ? 0 : 1000 * (this.now - this.t);
    const old = Math.max(performance.now() - this.at, behind);
    if (old > AWAY_MS) this.picture.replaceChildren();
    if (behind > AWAY_MS) this.said ||= "The model lags behind the pull; it is shown again once it is there.";
    this.picture.classList.toggle("old", old > GREY_MS);
    const ageing = old > GREY_MS && this.picture.childElementCount > 0;
    this.words.textContent = this.said || (ageing ? `${Math.round(old / 1000)} s old` : "");
  }
}
