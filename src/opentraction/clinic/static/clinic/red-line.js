// A page may stay open all day: every half minute it asks whether an emergency came that this window has not shown.
const EVERY_MS = 30000;
const address = document.body.dataset.redLine;
const notice = document.getElementById('calls-for-help');
const here = document.getElementById('red-line');

function kept(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a window that may keep nothing asks all the same
  }
}

function tell(isNew) {
  const said = document.getElementById('said-help');
  if (!isNew) said?.remove();
  if (!isNew || said) return;
  const line = notice.content.firstElementChild.cloneNode(true);
  line.id = 'said-help';
  line.classList.add('bad');
  const lock = document.getElementById('lock');
  (lock && !lock.hidden ? lock : document.getElementById('main')).prepend(line);
}

async function ask() {
  if (document.hidden || Date.now() - kept('red-line-asked', 0) < EVERY_MS) return;
  keep('red-line-asked', Date.now());
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return; // locked, or signed out
    const shown = new Set(kept('red-line-shown', []));
    tell((await answer.json()).told.some((one) => !shown.has(one)));
  } catch {
    // the console is away; the next one tells
  }
}

if (here) keep('red-line-shown', here.dataset.told.split(' ').filter(Boolean));
setInterval(ask, EVERY_MS / 10);
document.addEventListener('visibilitychange', ask);
