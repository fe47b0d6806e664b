// The treatment page. It shows what the table says and asks; it decides nothing.
import { DASH, clock, digits, force, known, lasting, limit, otherUnit } from "./units.js";
import { BLANK_MS, Freshness, GREY_MS } from "./freshness.js";
import { LiveChart } from "./live-chart.js";
import { Change } from "./change.js";
import { missing } from "./ready.js";
import { Withdrawal } from "./withdrawal.js";
import { Spine } from "./spine.js";
import { Alarms } from "./alarms.js";

const live = JSON.parse(document.getElementById("live-data").textContent);
const $ = (id) => document.getElementById(id);
const token = document.querySelector("#stop-form [name=csrfmiddlewaretoken]").value;
const url = $("stop-form").action;
const fresh = new Freshness();
const chart = new LiveChart($("chart"), live.plan, live.unit);
const change = new Change(live, chart, token, say);
const spine = new Spine(live.session);
const withdrawal = new Withdrawal(live.unit);
const alarms = new Alarms($("alarms"), $("alarms-said"));
const LEASE_MS = 1000, DIGITS_MS = 200, CHART_MS = 200, AGAIN_MS = 1000, PATIENCE_MS = 2000;
const BEFORE = new Set(["idle", "setup", "stop test", "ready"]);
const AT_REST = new Set(["idle", "setup", "stop test"]);
const OVER = new Set(["safe", "complete", "lockout", "torque off"]);
const MOVING = new Set(["pretension", "rise", "hold", "fall", "rest", "pause release", "paused", "resume"]);
const PULLING = new Set(["pretension", "rise", "hold", "fall", "rest", "resume"]);
let ended = null, told = null;  // how this page's session ended, and the session whose documents are heard
let was = "", stopped = false;  // the last phase in which this page's session was bound; a stop in set-up
let now = null, up = false, reached = true, out = false, leased = 0, drawn = 0, shown = 0, probed = 0;

// ---- asking -----------------------------------------------------------------------------------------------------
async function ask(words, quiet = false) {
  const body = new URLSearchParams({ session: live.session, ...words });
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token }, credentials: "same-origin", keepalive: true });
    if (answer.redirected) return signedOut();
    const said = await answer.json().catch(() => ({ ok: false, why: "The console refused this." }));
    if (said.locked) dispatchEvent(new Event("locked"));  // the page covers itself
    if (!said.ok) say(said.why, true);
    else if (!quiet) say("");
    return said;
  } catch {
    reach(false);
    if (words.do === "stop") say("Stop was not sent. Use the patient remote or the clinician stop at the table.", true);
  }
}

// A switch that is played is pressed before it is let go: two requests under way at once may arrive in either order.
let played = Promise.resolve();
function inTurn(words) { return words.do === "simulate" ? (played = played.then(() => ask(words))) : ask(words); }

function say(words, refused = false) {
  $("said").textContent = words || "";
  $("said").classList.toggle("refused", refused);
}

function stop() {
  $("stop").classList.add("sent");
  setTimeout(() => $("stop").classList.remove("sent"), 400);
  ask({ do: "stop" }).then((said) => { if (said && said.ok) say("Stop sent."); });
}

$("stop-form").addEventListener("submit", (event) => { event.preventDefault(); stop(); });

// In set-up, without force and freshly heard, the space bar ticks the check that has the focus.
const PHASES = { safe: "released, safe" };
const SETTING_UP = new Set(["setup", "stop test"]);
const SLACK_N = 20;
function ticks() {
  const one = document.activeElement;
  if (!one || !one.matches("[data-do=checklist]:not(:disabled)")) return false;
  if (!reached || !up || fresh.age(performance.now()) > GREY_MS) return false;
  return Boolean(now && now.bound && now.bound.session === live.session && SETTING_UP.has(now.phase) && now.measured_n < SLACK_N);
}

// Everywhere else Space stops, before any button or field can take it.
for (const kind of ["keydown", "keyup"]) {
  addEventListener(kind, (event) => {
    if ((event.code !== "Space" && event.key !== " ") || ticks()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (kind === "keydown" && !event.repeat) stop();
  }, { capture: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const { do: what, ...rest } = button.dataset;
  if (what === "bind") rest.instead_of = now?.bound?.session ?? "";  // what this page shows as bound; another is not replaced unseen
  if (what === "acknowledge") rest.numbers ||= alarms.unseen();  // what this page shows, nothing that came since
  if (what === "checklist") rest.done = String(button.getAttribute("aria-pressed") !== "true");
  inTurn({ do: what, ...rest }).then((said) => {
    if (said && said.ok) wanted = NEXT[what] ?? wanted;
    if (said && said.ok && what === "comfort") press(document.querySelectorAll("[data-do=comfort]"), button);
  });
});

// The focus goes on to the next control, once that can be pressed.
const NEXT = { bind: "[data-do=checklist]", arm: "[data-do=start]", start: "#pause" };
let wanted = null;
function follow() {
  const next = wanted && document.querySelector(wanted);
  if (!next || next.disabled) return;
  wanted = null;
  next.focus();
}

function press(all, one) { all.forEach((button) => button.setAttribute("aria-pressed", String(button === one))); }

// ---- hearing ----------------------------------------------------------------------------------------------------
let source = null;
function listen() {
  source = new EventSource("/table/stream");
  source.onopen = () => { if (out) location.reload(); reach(true); };  // signed in again: the page needs a new token
  source.addEventListener("telemetry", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("spine", (event) => spine.heard(JSON.parse(event.data)));
  source.addEventListener("link", (event) => { up = JSON.parse(event.data).up; linkState(); });
  source.addEventListener("document", (event) => said_(JSON.parse(event.data)));
  source.addEventListener("over", () => { source.close(); signedOut(); setTimeout(listen, AGAIN_MS); });
  source.onerror = () => { source.close(); why(); setTimeout(listen, AGAIN_MS); };
}

// A stream that cannot be had: is the console gone, or may this browser not look any more?
async function why() {
  try {
    const answer = await fetch("/table/history", { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.type === "opaqueredirect" || answer.status === 403) signedOut();
    else if (!answer.ok && answer.status !== 423) reach(false);
  } catch { reach(false); }
}

// Nothing of the patient stays on a screen nobody is signed in at.
function signedOut() {
  out = true;
  document.body.classList.add("signed-out");
  $("signed-out").hidden = false;
  $("table-state").textContent = "signed out";
  $("table-state").classList.remove("up");
}

// Two lines may be cut: from this browser to the console, and from the console to the table.
function reach(is) {
  if (is && !reached) say("");
  reached = is;
  linkState();
}

// A stream that falls silent may still be open: ask the console itself.
function probe(at) {
  if (at - probed < PATIENCE_MS) return;
  probed = at;
  fetch("/static/clinic/mark.svg", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) })
    .then(() => { if (source && source.readyState === EventSource.OPEN) reach(true); }, () => reach(false));
}

function heard(message) {
  const at = performance.now(), again = message.seq === fresh.seq;
  fresh.heard(message, at);
  now = message;
  up = reached = true;
  const mine = message.bound && message.bound.session === live.session;
  if (!again && mine) {
    chart.add(message);
    spine.pulled(message.t);
    if (at - leased > LEASE_MS) { leased = at; ask({ do: "lease" }, true); }  // only a page that hears may say it watches
  }
  if (at - shown > DIGITS_MS) { shown = at; show(message, mine); }
  if (at - drawn > CHART_MS) { drawn = at; chart.draw(); }
}

// The recording is closed a few seconds after the release; only then does another session begin.
function said_(document_) {
  if (document_.doc === "start" || document_.text === "arm asked") stopped = false;
  if (document_.text === "stop asked") stopped = true;
  if (document_.doc === "start") { told = document_.uid; $("again").disabled = true; }
  if (told === live.session) withdrawal.heard(document_);
  if (document_.doc !== "stop") return;
  if (told === live.session) ended = document_;
  setTimeout(() => { $("again").disabled = false; }, 1000);
}

function linkState() {
  if (out) return;
  const talks = reached && up;
  $("unreachable").hidden = reached;
  $("away").hidden = talks || !reached;
  const state = $("table-state");
  state.textContent = talks ? "table connected" : reached ? "table not running" : "console unreachable";
  state.classList.toggle("up", talks);
  for (const button of document.querySelectorAll("#pause, #reduce, [data-do=comfort]")) if (!talks) button.disabled = true;
}

// ---- showing ----------------------------------------------------------------------------------------------------
function text(id, words) { if ($(id).textContent !== words) $(id).textContent = words; }

// Of another patient's session this page shows the machine only: force, switches, alarms.
const machine = ({ table, t, phase, cause, bound, measured_n, switches, guard, recording, alarms, sound, lockout }) => ({ table, t, phase, cause, bound, measured_n, switches, guard, recording, alarms, sound, lockout });

function show(said, mine) {
  const m = mine ? said : machine(said);
  numbers(m);
  text("phase", mine ? PHASES[m.phase] ?? m.phase ?? DASH : "not bound");
  text("phase-left", known(m.phase_left_s) ? `${Math.ceil(m.phase_left_s)} s left` : "");
  text("cycle", known(m.cycle) && m.cycle > 0 ? `cycle ${m.cycle} of ${m.cycles ?? live.plan.cycles}` : `${live.plan.cycles} cycle${live.plan.cycles === 1 ? "" : "s"} prescribed`);
  text("clock", `${clock(m.treatment_s)} of ${lasting(m.total_s ?? live.plan.total)}`);
  text("table-kind", m.table ?? "table –");
  $("simulated").hidden = !(m.table || "").startsWith("simulated");
  $("test-where").hidden = $("simulated").hidden || m.switches?.remote_tested === true;
  states(m);
  happens(m);
  alarms.show(m.alarms, m.sound);
  steps(m, mine);
  marker(m);
  change.heard(m, mine, MOVING.has(m.phase));
  const pausing = m.phase === "paused" || m.phase === "pause release";
  text("pause", pausing ? "Resume" : "Pause");
  $("pause").dataset.do = pausing ? "resume" : "pause";
  $("pause").disabled = !mine || !MOVING.has(m.phase);
  $("reduce").disabled = !mine || !PULLING.has(m.phase);
  for (const button of document.querySelectorAll("[data-do=comfort]")) button.disabled = !mine;
  withdrawal.show(m, mine);
  linkState();
  follow();
}

// The highest force still to come: what was pulled before, perhaps by another prescription, is not reduced any more.
function ahead(tau) { return (live.plan.ahead.find(([until]) => until > tau) ?? [0, 0])[1]; }

function numbers(m) {
  text("force", digits(m.measured_n, live.unit));
  text("force-unit", live.unit);
  text("force-other", known(m.measured_n) ? `(${force(m.measured_n, otherUnit(live.unit))})` : "");
  const band = known(m.spine_low_n) && known(m.spine_high_n);
  text("spine", band ? `${digits(m.spine_low_n, live.unit)}–${force(m.spine_high_n, live.unit)}` : DASH);
  text("limit", limit(m.limit_n, live.unit));
  const signed = ahead(m.treatment_s ?? 0), less = known(m.limit_n) && m.limit_n < signed - 0.5;
  text("prescribed", (less && m.prescribed_n > m.limit_n - 0.2 ? limit : force)(m.prescribed_n, live.unit));  // never above the limit beside it
  text("prescribed-label", less && MOVING.has(m.phase) ? "asked now" : "prescribed");
  $("reduced").hidden = !less;
  if (less) text("reduced", `reduced to ${limit(m.limit_n, live.unit)}; signed ${force(signed, live.unit)}`);
  $("reduced-line").hidden = !less;
  if (less) reducedLine(m);
}

// The strip's picture is 56 high and leaves 2 free above and below (drawing/frame.py).
function reducedLine(m) {
  const line = $("reduced-line");
  line.style.top = `${100 * (54 - 52 * m.limit_n / live.plan.top) / 56}%`;
  line.style.left = `${100 * Math.min(1, (m.treatment_s ?? 0) / live.plan.total)}%`;
}

function state(id, words, kind) { text(id, words); $(id).className = kind; }

function states(m) {
  const s = m.switches || {};
  const remote = s.remote_pressed ? ["pressed", "stopped"] : s.remote_plugged === false ? ["not plugged", "not"]
    : s.remote_plugged && s.remote_tested ? ["plugged, tested", "ok"] : s.remote_plugged ? ["plugged, not tested", "not"] : [DASH, ""];
  state("state-remote", ...remote);
  state("state-stop", ...(s.clinician_stop === true ? ["pressed", "stopped"] : s.clinician_stop === false ? ["whole", "ok"] : [DASH, ""]));
  state("state-guard", ...(m.guard === "watching" ? ["watching", "ok"] : m.guard === "tripped" ? ["tripped", "stopped"] : m.guard ? [m.guard, "not"] : [DASH, ""]));
  const r = m.recording || {};
  state("state-recording", ...(r.on ? [r.bytes_per_s > 0 ? `${(r.bytes_per_s / 1000).toFixed(1)} kB/s` : "on", "ok"] : r.on === false ? ["off", ""] : [DASH, ""]));
  const heard = m.sound || {};
  state("state-sound", ...(known(heard.paused_s) ? [`paused, ${clock(heard.paused_s)} left`, "not"] : heard.trouble ? ["none at the table", "not"] : heard.by ? ["at the table", "ok"] : [DASH, ""]));
  $("state-sound").title = heard.trouble || "";
  const items = Object.values(m.checklist || {}), done = items.filter(Boolean).length;
  state("state-harness", ...(items.length ? (done === items.length ? ["checked", "ok"] : [`${done} of ${items.length} checked`, "not"]) : [DASH, ""]));
}

// What the table does with the force now, and why, in words that are read from the patient's side.
const RELEASES = { "end release": "planned", "patient release": "stopped", "clinician release": "stopped", "console release": "stopped", "fault release": "stopped", "torque off": "stopped", lockout: "stopped" };
const HEADS = { "torque off": "TORQUE OFF", lockout: "LOCKED" };
function happens(m) {
  const kind = RELEASES[m.phase];
  $("happens").hidden = !kind;
  $("locked").hidden = !m.lockout;
  text("locked-why", m.lockout ? m.lockout.why : "");
  if (!kind) return;
  $("happens").className = `happens ${kind}`;
  text("happens", `${HEADS[m.phase] || "RELEASING"} – ${m.cause || m.phase}`);
}

// What comes before the pull, and what after it.
function steps(m, mine) {
  if (mine && m.ending) ended = m;  // a session that has ended is not bound again
  left(m, mine);
  const before = !ended && (BEFORE.has(m.phase) || !mine), after = Boolean(ended) || (mine && OVER.has(m.phase));
  $("steps").hidden = !before;
  $("ended").hidden = !after;
  $("comfort").hidden = before || !mine;
  if (before) preparing(m, mine);
  else if (after) over(m, mine);
}

// The last patient stays on the table until somebody says that the strap is off.
const STILL = new Set(["safe", "complete", "torque off"]);
function stillThere(m, mine) {
  const there = Boolean(m.bound) && !mine && STILL.has(m.phase);
  $("still").hidden = !there;
  if (!there) return;
  text("still-words", `${m.bound.pseudonym} is still on the table. Unclip, then unbind.`);
  $("still-unbind").dataset.session = m.bound.session;
  $("still-open").href = location.pathname.replace(live.session, m.bound.session);
}

// A session is bound once. One that is gone from the table without an ending was interrupted; a set-up is just over.
function left(m, mine) {
  if (mine) was = m.phase;
  else if (!ended && (was || live.been)) ended = { ending: "interrupted", cause: null };
}

// Stop was pressed before any pull: said until it is armed again.
function stoppedInSetUp(m, mine) {
  const so = stopped && mine && BEFORE.has(m.phase);
  $("stopped").hidden = !so;
  return so;
}

function preparing(m, mine) {
  $("unbind-before").hidden = stoppedInSetUp(m, mine) || !mine;
  stillThere(m, mine);
  const s = m.switches || {}, list = m.checklist || {}, busy = Boolean(m.bound) && !mine && !AT_REST.has(m.phase), still = !$("still").hidden;
  const checked = mine && document.querySelectorAll("[data-do=checklist]").length === Object.values(list).filter(Boolean).length;
  for (const button of document.querySelectorAll("[data-do=checklist]")) {
    button.setAttribute("aria-pressed", String(mine && list[button.dataset.item] === true));
    button.disabled = !mine;
  }
  const tested = mine && s.remote_tested === true, plugged = s.remote_plugged === true;
  const tests = [["test-plug", mine && plugged], ["test-press", tested || (mine && plugged && s.remote_pressed)], ["test-release", tested]];
  const next = tests.find(([, done]) => !done);
  for (const [id, done] of tests) { $(id).className = done ? "done" : mine && next && next[0] === id ? "next" : ""; }
  mark("step-bind", mine, false); mark("step-check", checked, !mine); mark("step-test", tested, !mine); mark("step-start", false, !busy && !still && !(checked && tested));
  document.querySelector("[data-do=bind]").disabled = mine || busy || still || !up;
  const lacks = mine && m.phase !== "ready" ? missing(m) : "";
  document.querySelector("[data-do=arm]").disabled = !mine || m.phase === "ready" || lacks !== "";
  document.querySelector("[data-do=start]").disabled = !mine || m.phase !== "ready";
  text("next-words", still ? `${m.bound.pseudonym} is still on the table.` : busy ? "Another session runs on the table. Open that one, or end it first." : m.phase === "ready" ? "Armed. Start when the patient is ready." : lacks || "Arm the table, then start.");
}

function mark(id, done, waits) { $(id).classList.toggle("done", done); $(id).classList.toggle("waits", waits && !done); }

// Causes that say their ending once more.
const SAME = new Set(["stop on the console", "treatment finished"]);
function over(m, mine) {
  const released = !mine || m.phase === "complete" || m.phase === "safe";
  const said = mine ? m : ended;
  text("ended-words", !released ? `The table is in ${m.phase}.` : mine ? "Released. Unclip when ready." : said.ending === "interrupted" && !BEFORE.has(was) ? "Interrupted. Open the session." : "This session is over.");
  text("ended-cause", [...new Set([said.ending === "interrupted" && !mine ? "" : said.ending, SAME.has(said.cause) ? "" : said.cause].filter(Boolean))].join(": "));
  $("unbind").hidden = $("seen").hidden = !mine;
}

function marker(m) {
  const at = $("now");
  at.hidden = !known(m.treatment_s);
  if (at.hidden) return;
  const share = Math.min(1, m.treatment_s / live.plan.total);
  at.style.left = `${100 * share}%`;
  at.classList.toggle("late", share > 0.9);
}

// ---- ageing -----------------------------------------------------------------------------------------------------
function ageing() {
  const age = fresh.age(performance.now()), stale = age > GREY_MS;
  document.body.classList.toggle("stale", stale);
  $("age").hidden = !stale;
  if (!stale) return;
  text("age", Number.isFinite(age) ? `${(age / 1000).toFixed(1)} s old` : "no data");
  if (age > BLANK_MS) {
    probe(performance.now());
    const nothing = { switches: {}, recording: {} };
    numbers(nothing); states(nothing);
    for (const id of ["phase", "cycle", "clock"]) text(id, DASH);
    $("happens").hidden = true;
    text("phase-left", "");
  }
}

// The simulated patient stays open when the page is loaded anew, as it is for another unit.
const OPEN = `simulated patient of ${live.session}`;
$("simulated").open = sessionStorage.getItem(OPEN) === "yes";
$("simulated").addEventListener("toggle", () => sessionStorage.setItem(OPEN, $("simulated").open ? "yes" : "no"));
$("show-simulated").addEventListener("click", () => {
  $("simulated").open = true;
  $("simulated").scrollIntoView({ block: "end" });
  document.querySelector("[data-what=remote-plug]").focus({ preventScroll: true });
});

// Unlocked: what the stream held back while the console was locked is told anew.
addEventListener("unlocked", () => { source?.close(); listen(); });

setInterval(ageing, 100);
text("force-unit", live.unit);
linkState();
fetch("/table/history").then((answer) => answer.json()).then(({ rows }) => { rows.forEach((row) => chart.add(row)); chart.draw(); }).catch(() => {}).finally(listen);
