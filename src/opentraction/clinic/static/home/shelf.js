// What was logged, kept on this phone until the clinic has it. Each entry lies under its own key, so that two open pages
// never write over each other; a person's shelf has the person's pseudonym in its name.

const KEEP_DAYS = 3;

export class Shelf {
  constructor(store, storage = safeStorage()) {
    this.start = `opentraction-home:${store}:entry:`;
    this.storage = storage;
  }

  put(kept) {
    this.storage.setItem(this.start + kept.entry.id, JSON.stringify(kept));
  }

  /** Everything kept: {entry, state: waiting | sent | refused, sent_at, why}. */
  all() {
    const found = [];
    for (let n = 0; n < this.storage.length; n += 1) {
      const key = this.storage.key(n);
      if (!key.startsWith(this.start)) continue;
      try {
        found.push(JSON.parse(this.storage.getItem(key)));
      } catch {
        // Not ours, or torn: it stays where it is.
      }
    }
    return found.sort((a, b) => a.entry.at.localeCompare(b.entry.at));
  }

  waiting() {
    return this.all().filter((kept) => kept.state === 'waiting');
  }

  /** What the clinic has had for some days is let go. */
  tidy(now = Date.now()) {
    for (const kept of this.all()) {
      if (kept.state === 'sent' && now - kept.sent_at > KEEP_DAYS * 86400000) this.storage.removeItem(this.start + kept.entry.id);
    }
  }
}

function safeStorage() {
  try {
    const probe = 'opentraction-home:probe';
    localStorage.setItem(probe, '1');
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return memory();
  }
}

/** A browser that stores nothing: kept while the page is open. */
function memory() {
  const map = new Map();
  return {
    get length() { return map.size; },
    key: (n) => [...map.keys()][n],
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
  };
}

/** A name nobody else will choose. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
