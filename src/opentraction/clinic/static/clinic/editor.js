// Rehearse while the clinician writes; keep what was written if the browser dies.
const form = document.getElementById("editor");
const picture = document.getElementById("rehearsal"), refusal = document.getElementById("refusal");
const key = `opentraction-${form.dataset.keep}`;
let timer = 0, asked = 0, beside = form.querySelector(".field.refused");
// A fresh form is not wrong; findings come with the first word, or with words that stand there already.
let touched = Boolean(beside) || !refusal.hidden || Boolean(form.elements["forces.high"].value);
if (beside) beside.dataset.hint = "";

const fields = () => [...form.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken" && one.type !== "submit" && one.type !== "password");
const written = () => Object.fromEntries(fields().map((one) => [one.name, one.value]));

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (!kept) return;
    if (fields().every((one) => !(one.name in kept) || one.value === kept[one.name])) return;
    for (const one of fields()) if (one.name in kept) one.value = kept[one.name];
    touched = true;
    document.getElementById("kept-draft").hidden = false;
    for (const fold of form.querySelectorAll("details")) fold.open ||= [...fold.querySelectorAll("input, select, textarea")].some((one) => one.value);
  } catch { /* nothing kept */ }
}

// The words of the prescription; the password is for signing alone and goes nowhere else.
function asked_() {
  const words = new URLSearchParams(new FormData(form));
  words.delete("password");
  return words;
}

async function rehearse() {
  const number = ++asked;
  picture.classList.add("waiting");
  try {
    const answer = await fetch(form.dataset.rehearse, { method: "POST", body: asked_(), credentials: "same-origin" });
    const said = await answer.json();
    if (number !== asked) return;
    picture.classList.remove("waiting");
    if (said.html) picture.innerHTML = said.html;
    refuse(answer.ok ? null : said);
  } catch {
    if (number === asked) refuse({ where: "", why: "The console cannot be reached. What you wrote is kept in this browser." });
  }
}

// Of an empty form nothing can be rehearsed, and what is on its way counts no more.
function begin() {
  if (touched) { rehearse(); return; }
  asked += 1;
  clearTimeout(timer);
  document.getElementById("sign").disabled = true;
}

// One sentence, once: beside its field, or over the curve when it belongs to none. What was found before is hidden.
function refuse(said) {
  if (beside) { beside.classList.remove("refused"); beside.querySelector("[id$=-says]").className = "hint"; beside.querySelector("[id$=-says]").textContent = beside.dataset.hint || ""; beside = null; }
  refusal.hidden = !said;
  const old = Boolean(said) && !said.html;  // nothing could be drawn of what is written now
  picture.classList.toggle("old", old);
  picture.classList.toggle("waiting", old);
  const sign = document.getElementById("sign");
  sign.disabled = Boolean(said) || "never" in sign.dataset;  // an emergency stands
  const field = said && said.where ? form.elements[said.where]?.closest(".field") : null;
  refusal.textContent = field ? `Correct “${field.querySelector("label").textContent}”.` : said ? said.why : "";
  if (!field) return;
  const says = field.querySelector("[id$=-says]");
  field.dataset.hint ??= says.textContent;
  says.textContent = said.why; says.className = "refusal";
  field.classList.add("refused");
  beside = field;
}

document.getElementById("discard").addEventListener("click", () => {
  try { localStorage.removeItem(key); } catch { /* private window */ }
  form.reset();
  touched = Boolean(form.elements["forces.high"].value);
  document.getElementById("kept-draft").hidden = true;
  refuse(null);
  begin();
});
form.addEventListener("input", (event) => {
  if (event.target.type === "password") return;
  touched = true;
  try { localStorage.setItem(key, JSON.stringify(written())); } catch { /* private window */ }
  clearTimeout(timer);
  timer = setTimeout(rehearse, 250);
});
form.addEventListener("submit", () => { try { localStorage.removeItem(key); } catch { /* private window */ } });
restore();
begin();
