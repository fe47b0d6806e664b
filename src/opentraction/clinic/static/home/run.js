// One exercise while it is done: picture, countdown, breathing shape, and the four buttons that are always in one place.
import { breath } from './breath.js';
import { button, el, fill, picture } from './dom.js';
import { Walk } from './timer.js';

const READY = 5; // seconds to lie down or stand up
const RING = 2 * Math.PI * 54;
const svg = (name, attributes) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

/** Show it. `finished(done, minutes, stopped)` is called once. Gives back what stops it from outside. */
export function runScreen({ exercise, config, show, vibrate, finished }) {
  const { strings, pictures } = config;
  const parts = screen(strings);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let ended = false, lock = null, drawn = null;
  const walk = new Walk(exercise.steps, READY, changed);

  const stop = () => end(true);
  const pause = () => { if (walk.paused) walk.resume(); else walk.pause(); buttons(); };
  parts.bar.append(
    button(strings.back, () => { walk.go(-1); buttons(); }, 'back'),
    button(strings.pause, pause, 'pause'),
    button(strings.next, () => { walk.go(1); if (!ended) buttons(); }, 'next'),
    button(strings.stop, stop, 'stop'),
  );
  show(el('header', {}, el('h1', { text: exercise.name })), parts.all);
  document.addEventListener('keydown', keys);
  document.addEventListener('visibilitychange', tick);
  const timer = setInterval(tick, 100);
  let frame = requestAnimationFrame(draw);
  changed('ready');
  stayAwake();
  return stop;

  function changed(what) {
    if (what === 'over') {
      buzz([200, 100, 200]);
      end(false);
      return;
    }
    const step = walk.step, ready = walk.index < 0;
    if (what === 'step') buzz([120]);
    if (drawn !== step.picture) parts.picture.replaceChildren(picture(pictures[step.picture]));
    drawn = step.picture;
    parts.text.textContent = step.text;
    parts.place.textContent = ready ? strings.ready : [
      fill(strings.step_of, { n: walk.index + 1, all: walk.steps.length }),
      step.rounds > 1 ? fill(strings.round_of, { n: step.round, all: step.rounds }) : '',
      step.sets > 1 ? fill(strings.set_of, { n: step.set, all: step.sets }) : '',
    ].filter(Boolean).join(' · ');
    parts.away.textContent = what === 'away' ? strings.away : '';
    buttons();
    paint();
  }

  function buttons() {
    parts.bar.querySelector('.pause').textContent = walk.paused ? strings.go_on : strings.pause;
    parts.bar.querySelector('.back').disabled = walk.index <= 0;
  }

  function tick() {
    if (ended) return;
    walk.tick();
    if (!ended) paint();
  }

  function paint() {
    const total = walk.index < 0 ? READY : walk.step.seconds;
    const left = Math.max(walk.countdown.left, 0), whole = Math.ceil(left - 1e-6);
    const words = whole >= 60 ? `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}` : String(whole);
    if (parts.number.textContent !== words) parts.number.textContent = words;
    parts.ring.setAttribute('stroke-dashoffset', String(RING * (1 - left / total)));
    parts.clock.classList.toggle('ending', left <= 3 && !walk.paused);
    cue();
  }

  function draw() {
    cue();
    frame = requestAnimationFrame(draw);
  }

  function cue() {
    const step = walk.step, now = breath(step, step.seconds - Math.max(walk.countdown.left, 0));
    const word = walk.index < 0 ? '' : strings[now.word];
    if (parts.word.textContent !== word) parts.word.textContent = word;
    const moving = now.full !== null && !calm.matches && walk.index >= 0;
    parts.shape.setAttribute('r', moving ? String(14 + 26 * now.full) : '0');
  }

  function keys(event) {
    if (event.key === 'Escape') stop();
    if (event.key === 'ArrowRight') { walk.go(1); if (!ended) buttons(); }
    if (event.key === 'ArrowLeft' && walk.index > 0) { walk.go(-1); buttons(); }
  }

  function buzz(pattern) {
    if (vibrate) navigator.vibrate(pattern);
  }

  async function stayAwake() {
    try { lock = await navigator.wakeLock?.request('screen'); } catch { lock = null; }
    if (ended) lock?.release();
  }

  function end(stopped) {
    if (ended) return;
    walk.pause();
    ended = true;
    clearInterval(timer);
    cancelAnimationFrame(frame);
    document.removeEventListener('keydown', keys);
    document.removeEventListener('visibilitychange', tick);
    lock?.release();
    const minutes = Math.round(walk.active / 6) / 10;
    finished(stopped && walk.active === 0 ? 'no' : walk.done, minutes, stopped);
  }
}

function screen(strings) {
  const shape = svg('circle', { cx: 60, cy: 60, r: 0, class: 'breath' });
  const ring = svg('circle', { cx: 60, cy: 60, r: 54, class: 'ring', 'stroke-dasharray': RING, 'stroke-dashoffset': 0, transform: 'rotate(-90 60 60)' });
  const face = svg('svg', { viewBox: '0 0 120 120', 'aria-hidden': 'true', focusable: 'false' });
  face.append(svg('circle', { cx: 60, cy: 60, r: 54, class: 'track' }), shape, ring);
  const number = el('span', { class: 'number', role: 'timer', 'aria-label': strings.time_left });
  const word = el('p', { class: 'cue' });
  const clock = el('div', { class: 'clock' }, face, number);
  const place = el('p', { class: 'muted place' }), text = el('p', { class: 'now' }), away = el('p', { class: 'away' });
  const holder = el('div', { class: 'holder' });
  const bar = el('div', { class: 'bar controls' });
  const said = el('div', { 'aria-live': 'polite', class: 'said' }, place, text, away);
  const all = el('div', { class: 'run' }, holder, said, el('div', { class: 'count' }, clock, word), bar);
  return { all, picture: holder, place, text, away, clock, number, ring, shape, word, bar };
}
