// The idle lock. The server decides; this page says when a hand moves, and covers itself when it is locked.
// A treatment page keeps its force, its alarms and STOP in view; everything about the patient is covered.
const body = document.body, minutes = Number(body.dataset.idleMin || 0);
const channel = new BroadcastChannel("opentraction");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
const REPORT_MS = 30_000, LOOK_MS = 5_000;
const panel = document.getElementById("lock");
const bare = body.classList.contains("locked-page");  // the server's own locked page
let last = Date.now(), reported = last, waiting = 0, locked = false;

const post = (url, words, more = {}) => fetch(url, { method: "POST", body: new URLSearchParams(words), headers: { "X-CSRFToken": token, Accept: "application/json", ...more }, credentials: "same-origin" });

function moved() {
  last = Date.now();
  if (locked || waiting) return;
  const wait = reported + REPORT_MS - last;
  waiting = setTimeout(report, Math.max(0, wait));
}

async function report() {
  waiting = 0;
  reported = Date.now();
  try { heard(await (await post("/seat", { act: "input" })).json()); } catch { /* the page says itself when the console is gone */ }
}

async function ask() {
  try { heard(await (await fetch("/seat", { headers: { Accept: "application/json" }, redirect: "error" })).json()); } catch { /* as above */ }
}

function heard(said) {
  if (said.locked) cover();
  else { uncover(); last = Math.max(last, Date.now() - (minutes * 60 - said.left_s) * 1000); }
}

// What belongs to the patient, on the treatment page; elsewhere everything does.
const covered = () => body.classList.contains("treatment")
  ? document.querySelectorAll("header.bar, .who, .given, #steps, #ended, .quiet-acts, .plan-room, #simulated, .messages")
  : document.querySelectorAll("header.bar, #main, footer");

function cover() {
  if (locked || bare) return;
  locked = true;
  for (const one of covered()) { one.inert = true; one.classList.add("covered"); }
  body.classList.add("locked");
  panel.hidden = false;
  if (!body.classList.contains("treatment")) panel.querySelector("input[name=password]").focus();
  channel.postMessage("locked");
}

function uncover() {
  if (!locked) return;
  locked = false;
  last = reported = Date.now();
  for (const one of document.querySelectorAll(".covered")) { one.inert = false; one.classList.remove("covered"); }
  body.classList.remove("locked");
  panel.hidden = true;
  panel.querySelector("form").reset();
  dispatchEvent(new Event("unlocked"));
  channel.postMessage("unlocked");
}

async function unlock(event) {
  event.preventDefault();
  const form = event.target, says = form.querySelector(".unlock-says");
  try {
    const answer = await post(form.action, { password: form.elements.password.value });
    const said = await answer.json();
    says.hidden = said.ok;
    says.textContent = said.why || "";
    form.elements.password.value = "";
    if (said.ok) uncover();
  } catch { says.hidden = false; says.textContent = "The console cannot be reached."; }
}

if (panel && minutes) {
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) addEventListener(kind, moved, { passive: true, capture: true });
  panel.querySelector("form").addEventListener("submit", unlock);
  document.getElementById("lock-now")?.addEventListener("submit", (event) => { event.preventDefault(); post("/seat", { act: "lock" }).then(ask, ask); });
  channel.addEventListener("message", (event) => { if (event.data === "locked" || event.data === "unlocked") ask(); });
  setInterval(() => { if (!locked && Date.now() - last >= minutes * 60_000) ask(); }, LOOK_MS);
  addEventListener("locked", ask);  // the console refused an act because it is locked
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
}
if (bare) channel.addEventListener("message", (event) => { if (event.data === "unlocked") location.reload(); });
