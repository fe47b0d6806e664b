// A page of questions: what an answer opens appears at once, "none of these" stands alone, the figure fills the form.
// Without this script all of it happens when the page is sent.

const form = document.querySelector("form[data-adaptive]");
const box = form?.querySelector("[data-questions]");
let asked = 0;

async function refresh() {
  const mine = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "part");
  const answer = await fetch(location.pathname, { method: "POST", body });
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  merge([...page.querySelectorAll("[data-question]")]);
}

function merge(fresh) {
  const there = new Map([...box.querySelectorAll("[data-question]")].map((one) => [one.dataset.question, one]));
  const wanted = new Set(fresh.map((one) => one.dataset.question));
  for (const [key, one] of there) if (!wanted.has(key)) one.remove();
  let before = null;
  for (const one of fresh) {
    const old = there.get(one.dataset.question);
    if (!old) before ? before.after(one) : box.prepend(one);
    before = old ?? one;
  }
}

function alone(box) {
  const same = form.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(box.name)}"]`);
  for (const other of same) {
    if (other !== box && box.checked && ("alone" in box.dataset || "alone" in other.dataset)) other.checked = false;
  }
}

function point(event) {
  const area = event.target.closest("[data-figure] a[data-place]");
  if (!area) return;
  event.preventDefault();
  for (const one of form.querySelectorAll(".area.chosen")) one.classList.remove("chosen");
  const same = `.area[data-place="${area.dataset.place}"][data-side="${area.dataset.side}"]`;
  for (const one of form.querySelectorAll(same)) one.classList.add("chosen");
  form.querySelector("[data-place-select]").value = area.dataset.place;
  form.querySelector("[data-side-select]").value = area.dataset.side;
  const mark = form.querySelector("#mark");
  mark.scrollIntoView({ block: "nearest" });
  mark.focus({ preventScroll: true });
}

function step(event) {
  if (!("grade" in event.target.dataset) || !/^[0-5]$/.test(event.target.value)) return;
  const cells = [...form.querySelectorAll("[data-grade]")];
  cells[cells.indexOf(event.target) + 1]?.focus();
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") alone(event.target);
    if (event.target.closest(".mark")) return;
    refresh().catch(() => {});
  });
  form.addEventListener("click", point);
  form.addEventListener("input", step);
}
