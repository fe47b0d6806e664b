// The modelled spine beside the pull, as the stream brings it every two seconds. What is old goes grey, then away.
const GREY_MS = 6000, AWAY_MS = 20000;
export class Spine {
  constructor(session) {
    this.session = session;
    [this.picture, this.words, this.known, this.claims] = ["spine-picture", "spine-words", "spine-known", "spine-claims"].map((id) => document.getElementById(id));
    this.at = 0;
    setInterval(() => this.age(), 1000);
  }
  heard(told) {
    if (told.session !== this.session) return;
    this.words.textContent = told.why ?? "";
    this.say(told.known ?? []);
    if (told.svg) { this.picture.innerHTML = told.svg; this.at = performance.now(); }
    else this.picture.replaceChildren();
  }
  say(lines) {
    this.known.hidden = lines.length === 0;
    if (lines.length === this.claims.childElementCount) return;  // what somebody reads stays as it is
    this.claims.replaceChildren(...lines.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }
  age() {
    const since = performance.now() - this.at;
    this.picture.classList.toggle("old", since > GREY_MS);
    if (since > AWAY_MS) this.picture.replaceChildren();
  }
}
