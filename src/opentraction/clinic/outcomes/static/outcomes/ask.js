// Keys and saving for the pages that ask. Without this file the same forms work with their buttons.

const TEN_WITHIN_MS = 900;
let lastKey = { at: 0, name: "", digit: "" };

// A digit chooses in the row of buttons that has the focus; 1 and then 0 is 10; a dash or Delete takes the answer back.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-steps]");
  if (!row || event.ctrlKey || event.altKey || event.metaKey || event.target.type !== "radio") return;
  const value = wanted(event, row);
  if (value === null) return;
  const one = [...row.querySelectorAll("input[type=radio]")].find((input) => input.value === value);
  if (!one) return;
  event.preventDefault();
  one.checked = true;
  one.focus();
  one.dispatchEvent(new Event("change", { bubbles: true }));
});

function wanted(event, row) {
  if (event.key === "Delete" || event.key === "Backspace" || event.key === "-") return "";
  if (!/^[0-9]$/.test(event.key)) return null;
  const name = row.querySelector("input[type=radio]").name, now = performance.now();
  const ten = event.key === "0" && lastKey.digit === "1" && lastKey.name === name && now - lastKey.at < TEN_WITHIN_MS;
  lastKey = { at: now, name, digit: event.key };
  return ten ? "10" : event.key;
}

// What is answered is saved at once, so that nothing is lost when the browser dies. One save at a time, the last one wins.
const form = document.querySelector("form[data-keep-here]"), kept = document.getElementById("kept");
let saving = null, again = false, timer = 0, leaving = false;

form?.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(save, 300); });
form?.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });

async function save() {
  if (leaving) return;
  if (saving) { again = true; return; }
  saving = send();
  await saving;
  saving = null;
  if (again) { again = false; await save(); }
}

async function send() {
  const body = new FormData(form);
  body.delete("shown"); // only a page that is handed on says no for what was not ticked
  body.set("do", "keep");
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "error" });
    say(answer.status === 204 ? form.dataset.saved || "Saved." : "Not saved yet. Check the line and press a button below.");
  } catch {
    say("Not saved: the clinic does not answer. Leave this page open.");
  }
}

function say(words) { if (kept) kept.textContent = words; }
