// Whatever page is open: an alarm of high priority at the table that nobody has acknowledged stands on top of it.
import { sign } from "./alarms.js";

const EVERY_MS = 5000;
const room = document.getElementById("table-alarms");

function row(list, where) {
  const one = document.createElement("div"), said = document.createElement("div"), words = document.createElement("strong"), act = document.createElement("span");
  one.className = "alarm high first"; said.className = "said-alarm"; words.className = "words"; act.className = "act";
  words.textContent = `At the table: ${list[0].text}`;
  act.textContent = list.length > 1 ? `${list[0].act} ${list.length - 1} more of high priority.` : list[0].act;
  said.append(words, act);
  one.append(sign("high"), said);
  if (where) {
    const to = document.createElement("a");
    to.className = "button"; to.href = where; to.textContent = "Open the treatment";
    one.append(to);
  }
  return one;
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(room.dataset.url, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return;  // signed out, or not allowed any more
    const { alarms, where } = await answer.json();
    const key = JSON.stringify([alarms, where]);
    if (room.dataset.key === key) return;
    room.dataset.key = key;
    room.replaceChildren(...(alarms.length ? [row(alarms, where)] : []));
  } catch {
    // the console is away; the table sounds by itself
  }
}

setInterval(ask, EVERY_MS);
document.addEventListener("visibilitychange", ask);
ask();
