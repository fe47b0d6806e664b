// Keeps the home page and what it loads, so that it works without a network. A page is asked from the network first, so
// that today's list is today's; what it loads comes from the shelf and is renewed behind. Nothing else is touched.
const SHELF = 'opentraction-home-1';
const PATIENCE = 4000;
const NAMED = /\b(?:from|import)\s*['"]([^'"]+)['"]|\burl\(\s*['"]?([^'")]+)['"]?\s*\)/g;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(tidy()));
self.addEventListener('message', (event) => {
  if (event.data?.forget) event.waitUntil(caches.delete(SHELF));
  if (event.data?.keep) event.waitUntil(keep(event.data.keep).then((kept) => event.ports[0]?.postMessage({ kept })));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : thing(event, request));
});

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith('opentraction-home-') && name !== SHELF) await caches.delete(name);
  }
  await self.clients.claim();
}

/** Keep these and whatever they import, by reading them; true when nothing is missing. */
async function keep(urls) {
  const shelf = await caches.open(SHELF);
  const seen = new Set(), todo = [...urls];
  let whole = true;
  while (todo.length) {
    const url = todo.pop();
    if (seen.has(url)) continue;
    seen.add(url);
    try {
      const answer = await fetch(url, { credentials: 'same-origin' });
      if (!answer.ok || answer.redirected) throw new Error('not to be had');
      await shelf.put(url, answer.clone());
      todo.push(...await imports(url, answer));
    } catch {
      whole = false;
    }
  }
  return whole;
}

/** What a script or a style sheet names to be loaded beside it. */
async function imports(url, answer) {
  if (!/javascript|css/.test(answer.headers.get('Content-Type') || '')) return [];
  const named = [...(await answer.text()).matchAll(NAMED)].map((found) => found[1] || found[2]);
  return named.filter((name) => !name.startsWith('data:')).map((name) => new URL(name, url).href)
    .filter((name) => name.startsWith(location.origin));
}

async function page(request) {
  const shelf = await caches.open(SHELF);
  const known = await shelf.match(request.url);
  if (!known) return fetch(request);
  try {
    const answer = await inTime(fetch(request));
    // Sent elsewhere to sign in, or no longer there for us: what was kept is not shown again.
    if (answer.type === 'opaqueredirect' || answer.redirected || [401, 403, 404].includes(answer.status)) await shelf.delete(request.url);
    else if (answer.ok) await shelf.put(request.url, answer.clone());
    else return known;
    return answer;
  } catch {
    return known;
  }
}

async function thing(event, request) {
  const shelf = await caches.open(SHELF);
  const known = await shelf.match(request.url);
  if (!known) return fetch(request);
  event.waitUntil(fetch(request).then((answer) => (answer.ok ? shelf.put(request.url, answer) : null)).catch(() => null));
  return known;
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, no) => { setTimeout(() => no(new Error('slow')), PATIENCE); })]);
}
