// The modelled spine beside the pull: asked for every two seconds while somebody looks; it never holds up the page.
const EVERY_MS = 2000, STALE_MS = 7000;
export function followSpine(url) {
  const room = document.getElementById("spine-room"), picture = document.getElementById("spine-picture"), words = document.getElementById("spine-words");
  if (!room) return;
  let heard = 0;
  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(EVERY_MS) });
      if (!answer.ok) return;
      const told = await answer.json();
      if (told.svg) { picture.innerHTML = told.svg; words.textContent = ""; heard = performance.now(); }
      else { picture.replaceChildren(); words.textContent = told.why; }
    } catch { /* the page says by itself when the console is away */ }
    room.classList.toggle("stale", heard > 0 && performance.now() - heard > STALE_MS);
  }
  ask();
  setInterval(ask, EVERY_MS);
}
