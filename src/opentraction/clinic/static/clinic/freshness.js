// How old is what the screen shows? The delay of the quickest message of the last minute is taken as the line's own.
export const GREY_MS = 500;
export const BLANK_MS = 2000;
const FORGET_MS = 30000;

export class Freshness {
  constructor() { this.last = null; this.best = Infinity; this.before = Infinity; this.turned = 0; this.seq = null; }

  heard(message, now) {
    if (message.seq === this.seq) return;  // said again is not news
    this.seq = message.seq;
    if (now - this.turned > FORGET_MS) { this.before = this.best; this.best = Infinity; this.turned = now; }
    this.last = message.wall_ms;
    this.arrived = now;
    this.best = Math.min(this.best, now - message.wall_ms);
  }

  age(now) {
    if (this.last === null) return Infinity;
    const late = now - this.last - Math.min(this.best, this.before);
    return Math.max(late, now - this.arrived);
  }
}
