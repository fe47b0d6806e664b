// The modelled spine beside the pull, as the stream brings it every two seconds. What is old goes grey, then away.
const GREY_MS = 6000, AWAY_MS = 20000;
export class Spine {
  constructor(session) {
    this.session = session;
    [this.room, this.picture, this.words] = ["spine-room", "spine-picture", "spine-words"].map((id) => document.getElementById(id));
    this.at = 0;
    setInterval(() => this.age(), 1000);
  }
  heard(told) {
    if (told.session !== this.session) return;
    this.words.textContent = told.why ?? "";
    if (told.svg) { this.picture.innerHTML = told.svg; this.at = performance.now(); }
    else this.picture.replaceChildren();
  }
  age() {
    const since = performance.now() - this.at;
    this.picture.classList.toggle("old", since > GREY_MS);
    if (since > AWAY_MS) this.picture.replaceChildren();
  }
}
