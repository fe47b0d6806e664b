// The checks of the table: guides a trial, shows what the table says, decides nothing.
import { digits, known } from "./units.js";

const live = JSON.parse(document.getElementById("live-data").textContent);
const url = document.getElementById("checks-script").dataset.url;
const token = document.querySelector("#stop-form [name=csrfmiddlewaretoken]")?.value;
const $ = (id) => document.getElementById(id);
const LEASE_MS = 1000, AGAIN_MS = 1000, SHOW_MS = 200, JUDGED_MS = 800;
const PULLING = new Set(["pretension", "rise", "hold", "fall", "rest"]);
const OVER = new Set(["safe", "complete", "torque off", "lockout"]);
const PRESS = { "patient remote": "Press the remote now.", "clinician stop": "Press the clinician stop now." };
let played = Promise.resolve();
let now = null, leased = 0, shown = 0, trial = false, testing = false;

async function ask(words, quiet = false) {
  const body = new URLSearchParams(words);
  try {
    const answer = await fetch(words.do === "stop" ? $("stop-form").action : url, { method: "POST", body, headers: { "X-CSRFToken": token }, credentials: "same-origin", keepalive: true });
    if (answer.redirected) return location.reload();
    const said = await answer.json().catch(() => ({ ok: false, why: "The console refused this." }));
    if (said.locked) dispatchEvent(new Event("locked"));
    if (!quiet) say(said.ok ? "" : said.why);
    return said;
  } catch {
    say(words.do === "stop" ? "Stop was not sent. Use the patient remote or the clinician stop at the table." : "The console cannot be reached.");
  }
}

function say(words) {
  const room = trial ? $("said") : $("refused");
  if (!room) return;
  room.textContent = words || "";
  if (room === $("refused")) room.hidden = !words;
}

function stop() {
  $("stop").classList.add("sent");
  setTimeout(() => $("stop").classList.remove("sent"), 400);
  ask({ do: "stop" });
}

$("stop-form")?.addEventListener("submit", (event) => { event.preventDefault(); stop(); });
// While a trial is on the table the space bar stops, before any button can take it.
for (const kind of ["keydown", "keyup"]) {
  addEventListener(kind, (event) => {
    if ((event.code !== "Space" && event.key !== " ") || !trial || !now || !(PULLING.has(now.phase) || now.phase === "ready")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (kind === "keydown" && !event.repeat) stop();
  }, { capture: true });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const { do: what, ...rest } = button.dataset;
  if (what === "checklist") rest.done = String(button.getAttribute("aria-pressed") !== "true");
  // Whoever is done has seen what the trial raised; it may not stay on every page as if somebody lay there.
  if (what === "unbind") await ask({ do: "acknowledge", numbers: (now?.alarms || []).map(({ number }) => number).join(" ") });
  if (what === "simulate") played = played.then(() => ask({ do: what, ...rest }));  // pressed before let go
  else await ask({ do: what, ...rest });
});

$("pull")?.addEventListener("click", async () => {
  const armed = await ask({ do: "arm" });
  if (armed?.ok) await ask({ do: "start" });
});

let source = null;
function anew() { source.close(); location.reload(); }  // what was found is on a fresh page
function listen() {
  source = new EventSource("/table/stream");
  source.addEventListener("telemetry", (event) => heard(JSON.parse(event.data)));
  source.addEventListener("over", anew);
  source.onerror = () => { source.close(); setTimeout(listen, AGAIN_MS); };
}

function heard(m) {
  const at = performance.now();
  now = m;
  if (m.trial && at - leased > LEASE_MS) { leased = at; ask({ do: "lease" }, true); }
  if (testing && !m.checks?.testing) return anew();
  testing = m.checks?.testing === true;
  if (at - shown > SHOW_MS) { shown = at; show(m); }
}

function show(m) {
  if (trial && !m.trial) return void setTimeout(anew, JUDGED_MS);
  const began = Boolean(m.trial) && !trial;
  trial = Boolean(m.trial);
  $("trial").hidden = !trial;
  for (const button of document.querySelectorAll("[data-do=bind-trial], [data-do=self-test]")) button.disabled = Boolean(m.bound) || testing;
  if (!trial) return;
  if (began) $("trial").scrollIntoView({ block: "start" });
  text("force", digits(m.measured_n, live.unit));
  text("phase", m.cause ? `${m.phase}: ${m.cause}` : m.phase);
  text("trial-name", `Trial of the ${m.trial}`);
  text("press-words", PRESS[m.trial]);
  $("simulated").hidden = !(m.table || "").startsWith("simulated");
  steps(m);
}

function steps(m) {
  const list = m.checklist || {}, ticked = Object.values(list).length > 0 && Object.values(list).every(Boolean), tested = m.switches?.remote_tested === true;
  for (const button of document.querySelectorAll("[data-do=checklist]")) button.setAttribute("aria-pressed", String(list[button.dataset.item] === true));
  const over = OVER.has(m.phase), pulled = !["idle", "setup", "stop test", "ready"].includes(m.phase), pressed = pulled && !PULLING.has(m.phase);
  const done = [["step-tie", ticked], ["step-test", tested], ["step-pull", m.phase === "hold" || pressed], ["step-press", pressed], ["step-over", false]];
  const next = done.find(([, is]) => !is)[0];
  for (const [id, is] of done) $(id).className = is ? "done" : id === next ? "next" : "";
  $("pull").disabled = pulled || !(ticked && tested);
  $("unbind").disabled = pulled && !over;
  text("over-words", over ? (known(m.measured_n) && m.measured_n < 20 ? "The cord is slack. Take it off, then:" : "The cord may still be taut. Open the quick release, then:") : "Wait until the cord is slack, then take it off.");
}

function text(id, words) { if ($(id).textContent !== words) $(id).textContent = words; }

if ($("trial")) listen();
