// What the model makes of a recorded session: asked for until it has been played.
const AGAIN_MS = 1000, AWAY_MS = 15000, PATIENCE_MS = 10000;
const room = document.getElementById("spine-after"), told = document.getElementById("spine-told");
function say(words) { const p = document.createElement("p"); p.className = "muted"; p.textContent = words; told.replaceChildren(p); }
async function ask() {
  try {
    const answer = await fetch(room.dataset.url, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.type === "opaqueredirect") return say("You are signed out, or this console is locked; load the page again.");
    if (!answer.ok && answer.status !== 503) return say("The model cannot be shown now.");
    if (!answer.headers.get("Content-Type").startsWith("application/json")) { told.innerHTML = await answer.text(); room.removeAttribute("aria-busy"); return; }
    const { why, share } = await answer.json();
    say(why ?? `Being worked out: ${Math.round(100 * share)} %`);
    setTimeout(ask, why ? AWAY_MS : AGAIN_MS);
  } catch { say("The console does not answer; load the page again."); }
}
if (room) ask();
