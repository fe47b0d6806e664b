// A countdown that tells the truth after a tab or a phone has slept, and a walk through steps on top of it.

const AWAY = 3; // seconds past the end of a step: nobody was watching, so nothing goes on by itself

/** Counts down. A monotonic clock that stands still while the phone sleeps is helped by the wall clock. */
export class Countdown {
  constructor(monotonic = () => performance.now(), wall = () => Date.now()) {
    this.monotonic = monotonic;
    this.wall = wall;
    this.left = 0;
    this.running = false;
  }

  start(seconds) {
    this.left = seconds;
    this.resume();
  }

  resume() {
    this.lastMonotonic = this.monotonic();
    this.lastWall = this.wall();
    this.running = true;
  }

  pause() {
    this.tick();
    this.running = false;
  }

  /** Seconds that went by since the last tick. */
  tick() {
    if (!this.running) return 0;
    const monotonic = this.monotonic(), wall = this.wall();
    const gone = Math.max(monotonic - this.lastMonotonic, 0) / 1000, byWall = (wall - this.lastWall) / 1000;
    this.lastMonotonic = monotonic;
    this.lastWall = wall;
    const passed = byWall > gone + 1 ? byWall : gone;
    this.left -= passed;
    return passed;
  }
}

/** One after the other: `index` -1 is the time to get ready. Says by `changed` when the step changes or all is done. */
export class Walk {
  constructor(steps, ready, changed, countdown = new Countdown()) {
    Object.assign(this, { steps, changed, countdown, index: -1, away: false, over: false, active: 0 });
    this.planned = steps.reduce((sum, step) => sum + step.seconds, 0);
    countdown.start(ready);
  }

  get step() {
    return this.steps[Math.max(this.index, 0)];
  }

  get paused() {
    return !this.countdown.running;
  }

  tick() {
    if (this.over || this.paused) return;
    const before = this.countdown.left, passed = this.countdown.tick();
    if (this.index >= 0) this.active += Math.min(passed, Math.max(before, 0));
    while (!this.over && this.countdown.left <= 0) {
      const beyond = -this.countdown.left;
      if (beyond > AWAY) {
        this.away = true;
        this.countdown.running = false;
        this.countdown.left = 0;
        this.changed('away');
        return;
      }
      this.go(1, beyond);
    }
  }

  /** To the next or the step before; `late` seconds are already gone of it. */
  go(by, late = 0) {
    this.away = false;
    this.index = Math.max(this.index + by, 0);
    if (this.index >= this.steps.length) {
      this.over = true;
      this.countdown.running = false;
      this.changed('over');
      return;
    }
    const running = this.countdown.running || late > 0;
    this.active += late;
    this.countdown.start(this.step.seconds - late);
    if (!running) this.countdown.running = false;
    this.changed('step');
  }

  pause() {
    this.tick();
    if (!this.over) this.countdown.running = false;
  }

  resume() {
    if (this.over) return;
    if (this.away) this.go(1);
    this.countdown.resume();
  }

  /** yes when it came to its end with most of its time spent, else partly. */
  get done() {
    return this.over && this.active >= 0.8 * this.planned ? 'yes' : 'partly';
  }
}
