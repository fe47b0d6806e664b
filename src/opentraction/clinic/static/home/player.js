// The home player: today's exercises, one step at a time. Everything it shows is in the page's own JSON.
import { button, choices, el, fill, pain, picture, sentences, ticks } from './dom.js';
import { forgetWhenSignedOut, keepOffline } from './offline.js';
import { gravest } from './rules.js';
import { runScreen } from './run.js';
import { counts, deliver } from './send.js';
import { newId, Shelf } from './shelf.js';

const config = JSON.parse(document.getElementById('home-config').textContent);
const strings = config.strings;
const main = document.getElementById('home-player');
const shelf = new Shelf(config.store);
const find = (id) => config.exercises.find((one) => one.id === id);
let leave = null; // what to do when the run screen is left by the browser's back

/** What the phone knows and the clinic may not have known yet when it made this page. */
const fresh = () => shelf.all().filter((kept) => kept.state !== 'sent' || kept.sent_at > Date.parse(config.made));
const today = (at) => new Date(at).toDateString() === new Date().toDateString();

function localStop(exercise) {
  const worst = fresh().map((kept) => {
    const its = find(kept.entry.exercise);
    const rule = its ? gravest(its.stops, kept.entry) : null;
    const here = rule && (rule.scope === 'all' || (kept.entry.exercise === exercise?.id && (rule.then !== 'lower' || today(kept.entry.at))));
    return here ? rule : null;
  }).filter(Boolean);
  return worst.find((rule) => rule.then === 'emergency') || worst.find((rule) => rule.then === 'call') || worst[0] || null;
}

function show(...children) {
  main.replaceChildren(...children.filter(Boolean));
  const head = main.querySelector('h1');
  if (head) {
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
  }
  scrollTo(0, 0);
}

// The list

function listScreen() {
  const stop = config.stop ? { text: config.stop, then: config.emergency ? 'emergency' : 'call' } : localStop(null);
  const cards = stop ? [] : config.exercises.map(card);
  show(
    el('header', {}, el('h1', { text: strings.title }), el('p', { class: 'muted', text: fill(strings.week, { n: config.week }) })),
    el('div', { id: 'news', 'aria-live': 'polite' }),
    stop ? notice(stop) : null,
    ...config.rest.map((text) => el('p', { class: 'notice', text })),
    el('ul', { class: 'cards' }, ...cards),
    !stop && !cards.length ? el('p', { class: 'empty', text: strings.none }) : null,
    config.held.length ? el('details', { class: 'held' }, el('summary', { text: strings.held }),
      el('dl', {}, ...config.held.flatMap((one) => [el('dt', { text: one.name }), el('dd', { text: one.why })]))) : null,
  );
  tellNews();
}

function notice(rule) {
  const words = { emergency: strings.emergency, call: strings.call, lower: strings.stop_today }[rule.then];
  return el('div', { class: `notice ${rule.then === 'emergency' ? 'bad' : 'warning'}`, role: 'alert' },
    el('p', { class: 'strong', text: words }), el('p', { text: rule.text }), ...phones(rule));
}

/** What to tap where a stop says to call: the emergency number, then the clinic's. */
function phones(rule) {
  const { emergency, clinic } = config.phones || {};
  const call = (text, number) => el('p', {}, el('a', { class: 'phone', href: `tel:${number.replace(/\s/g, '')}`, text: fill(text, { n: number }) }));
  return [
    rule.then === 'emergency' && emergency ? call(strings.call_number, emergency) : null,
    rule.then !== 'lower' && clinic ? call(strings.call_clinic, clinic) : null,
  ].filter(Boolean);
}

function card(exercise) {
  const own = fresh().filter((kept) => kept.entry.exercise === exercise.id && kept.entry.done !== 'no' && today(kept.entry.at));
  const done = exercise.done_today + own.length;
  const words = fill(exercise.as_needed ? strings.as_needed : strings.done_of, { done, asked: exercise.per_day });
  return el('li', {}, el('a', { class: `card${done >= exercise.per_day ? ' done' : ''}`, href: `#${exercise.id}` },
    el('span', { class: 'thumb', 'aria-hidden': 'true' }, picture(config.pictures[exercise.steps[0].picture])),
    el('span', { class: 'words' },
      el('span', { class: 'strong', text: exercise.name }),
      el('span', { text: exercise.dose }),
      el('span', { class: 'muted', text: words }))));
}

// One exercise, before it begins

function aboutScreen(exercise) {
  const stop = localStop(exercise);
  show(
    el('header', {}, el('h1', { text: exercise.name }), el('p', { text: exercise.purpose })),
    stop ? notice(stop) : null,
    el('p', { class: 'dose' }, el('span', { class: 'muted', text: strings.dose }), ' ', el('strong', { text: exercise.dose })),
    ...exercise.reasons.map((text) => el('p', { class: 'muted', text })),
    sentences(strings.needs, exercise.needs),
    sentences(strings.stop_if, exercise.stops.map((rule) => rule.text), 'stops'),
    stop ? null : pain('nrs_before', strings.pain_before, strings),
    stop ? null : vibration(),
    known(exercise),
    el('div', { class: 'bar' },
      el('a', { class: 'button', href: '#', text: strings.list }),
      stop ? '' : button(strings.not_today, () => { keep(exercise, { done: 'no' }); location.hash = ''; }),
      stop ? '' : button(strings.start, () => begin(exercise), 'main')),
  );
}

function known(exercise) {
  const parts = [[strings.shown, exercise.shown], [strings.not_shown, exercise.not_shown], [strings.article, exercise.article]];
  return el('details', {}, el('summary', { text: strings.shown }),
    el('dl', {}, ...parts.filter(([, text]) => text).flatMap(([name, text]) => [el('dt', { text: name }), el('dd', { text })])),
    exercise.caveat ? el('p', { class: 'muted', text: strings.caveat }) : '');
}

function vibration() {
  if (!('vibrate' in navigator)) return null;
  const box = el('input', { type: 'checkbox', id: 'vibrate', onchange: () => wish('vibrate', box.checked) });
  box.checked = wished('vibrate');
  return el('label', { class: 'switch' }, box, el('span', { text: strings.vibrate }));
}

function wish(name, value) {
  try { localStorage.setItem(`opentraction-home:wish:${name}`, value ? 'yes' : 'no'); } catch { /* not kept, then */ }
}

function wished(name) {
  try { return localStorage.getItem(`opentraction-home:wish:${name}`) === 'yes'; } catch { return false; }
}

// Doing it, and afterwards

function begin(exercise) {
  const before = picked('nrs_before');
  leave = runScreen({
    exercise, config, show,
    vibrate: wished('vibrate') && 'vibrate' in navigator,
    finished: (done, minutes, stopped) => {
      leave = null;
      afterScreen(exercise, { done, minutes, nrs_before: before }, stopped);
    },
  });
}

function afterScreen(exercise, told, stopped) {
  const signs = exercise.stops.filter((rule) => rule.test === 'sign').map((rule) => [rule.wanted, rule.ask]);
  show(
    el('header', {}, el('h1', { text: exercise.name }), el('p', { text: stopped ? strings.stopped : strings.good })),
    el('form', { id: 'after', onsubmit: (event) => { event.preventDefault(); save(exercise, told); } },
      pain('nrs_after', strings.pain_after, strings),
      choices('leg', strings.leg, [['no', strings.leg_no], ['same', strings.leg_same], ['spread', strings.leg_spread],
        ['weak', strings.leg_weak], ['', strings.skip]]),
      choices('dizzy', strings.dizzy, [['no', strings.no], ['yes', strings.yes], ['', strings.skip]], '', 'short'),
      ticks('signs', strings.signs, signs),
      el('div', { class: 'bar' }, el('button', { class: 'main', type: 'submit', text: strings.save }))),
  );
}

function picked(name) {
  const value = main.querySelector(`input[name="${name}"]:checked`)?.value;
  return value === undefined || value === '' ? null : Number(value);
}

function save(exercise, told) {
  const form = new FormData(document.getElementById('after'));
  const word = (name) => form.get(name) || null;
  const entry = keep(exercise, {
    ...told,
    nrs_after: picked('nrs_after'),
    leg: word('leg'),
    dizzy: word('dizzy') === null ? null : word('dizzy') === 'yes',
    signs: form.getAll('signs'),
  });
  const rule = gravest(exercise.stops, entry);
  if (rule) verdictScreen(exercise, rule);
  else toList();
}

function verdictScreen(exercise, rule) {
  const words = { emergency: strings.emergency, call: strings.call, lower: strings.stop_today }[rule.then];
  show(
    el('header', {}, el('h1', { text: words })),
    el('div', { class: `notice ${rule.then === 'emergency' ? 'bad' : 'warning'}`, role: 'alert' }, el('p', { text: rule.text }), ...phones(rule)),
    el('p', { class: 'muted', text: exercise.name }),
    el('div', { class: 'bar' }, button(strings.list, toList, 'main')),
  );
}

function toList() {
  if (location.hash) location.hash = '';
  else listScreen();
}

/** Put an entry on the shelf and try to send it. */
function keep(exercise, told) {
  const nothing = { nrs_before: null, nrs_after: null, leg: null, dizzy: null, signs: [], minutes: null };
  const entry = { id: newId(), exercise: exercise.id, at: new Date().toISOString(), ...nothing, ...told };
  shelf.put({ entry, state: 'waiting' });
  post();
  return entry;
}

// The clinic

async function post() {
  if (!shelf.waiting().length) return;
  tellNews(await deliver(config, shelf));
}

function tellNews(result = null) {
  const place = document.getElementById('news');
  if (!place) return;
  const { waiting, refused } = result || counts(shelf);
  const sent = shelf.all().some((kept) => kept.state === 'sent' && today(kept.entry.at));
  const lines = [
    navigator.onLine ? '' : strings.offline,
    config.day !== localDay() ? fill(strings.old, { day: config.day }) : '',
    waiting ? fill(strings.waiting, { n: waiting }) : '',
    refused ? fill(strings.refused, { n: refused }) : '',
    !waiting && !refused && sent ? strings.sent : '',
  ];
  place.replaceChildren(...lines.filter(Boolean).map((text) => el('p', { text })),
    ...(result?.signIn ? [el('a', { class: 'button', href: config.sign_in_url || location.pathname, text: strings.sign_in })] : []));
}

function localDay() {
  const now = new Date(), two = (n) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function route() {
  if (leave) {
    leave();
    return;
  }
  const exercise = find(decodeURIComponent(location.hash.slice(1)));
  if (exercise && !config.stop && localStop(null) === null) aboutScreen(exercise);
  else listScreen();
}

addEventListener('hashchange', route);
addEventListener('online', post);
addEventListener('offline', () => tellNews());
document.addEventListener('visibilitychange', () => { if (!document.hidden) post(); });
setInterval(post, 30000);
shelf.tidy();
forgetWhenSignedOut();
route();
post();
keepOffline(config);
