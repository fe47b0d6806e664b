// Bring what waits on the shelf to the clinic, one entry at a time, the oldest first. The clinic knows an entry by its id:
// one that arrives twice is one.

const NEVER = new Set([400, 404, 409, 410, 413, 415, 422]);
let busy = null;

/** Send all that waits. Gives {waiting, refused, signIn}. Two calls at once are one. */
export function deliver(config, shelf) {
  busy ??= locked(() => sendAll(config, shelf)).finally(() => { busy = null; });
  return busy;
}

const locked = (work) => (navigator.locks ? navigator.locks.request('opentraction-home-send', work) : work());

async function sendAll(config, shelf) {
  let signIn = false;
  for (const kept of shelf.waiting()) {
    const state = await sendOne(config, kept.entry);
    if (state === 'sign-in') signIn = true;
    if (state === 'later' || state === 'sign-in') break;
    shelf.put({ ...kept, state, sent_at: Date.now() });
  }
  return { ...counts(shelf), signIn };
}

export function counts(shelf) {
  const all = shelf.all();
  return { waiting: all.filter((one) => one.state === 'waiting').length, refused: all.filter((one) => one.state === 'refused').length };
}

async function sendOne(config, entry) {
  try {
    const answer = await fetch(config.post_url, {
      method: 'POST',
      credentials: 'same-origin',
      redirect: 'manual',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token(config) },
      body: JSON.stringify(entry),
    });
    if (answer.ok) return 'sent';
    if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) return 'sign-in';
    return NEVER.has(answer.status) ? 'refused' : 'later';
  } catch {
    return 'later';
  }
}

function token(config) {
  const cookie = document.cookie.split('; ').find((one) => one.startsWith('csrftoken='));
  return cookie ? decodeURIComponent(cookie.slice('csrftoken='.length)) : config.csrf || '';
}
