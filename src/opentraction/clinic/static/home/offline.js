// Ask the service worker to keep this page and all it loaded; let go of it when somebody signs out.

export async function keepOffline(config) {
  if (!config.worker?.url || !('serviceWorker' in navigator)) return;
  try {
    const scope = config.worker.scope ? { scope: config.worker.scope } : {};
    await navigator.serviceWorker.register(config.worker.url, scope);
    const ready = await navigator.serviceWorker.ready;
    const parts = document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], link[rel="manifest"], script[src], img[src]');
    const loaded = [...parts].map((part) => part.href || part.src).filter((name) => name.startsWith(location.origin));
    const answer = await told(ready.active, { keep: [location.href.split('#')[0], ...loaded] });
    document.documentElement.dataset.kept = answer?.kept ? 'yes' : 'no';
  } catch {
    document.documentElement.dataset.kept = 'no'; // The page works online as it is.
  }
}

/** Signed out anywhere in this browser: the kept page goes, what waits to be sent stays on its shelf. */
export function forgetWhenSignedOut() {
  const channel = new BroadcastChannel('opentraction');
  channel.addEventListener('message', async (event) => {
    if (event.data !== 'signed-out') return;
    navigator.serviceWorker?.controller?.postMessage({ forget: true });
    document.getElementById('home-player')?.replaceChildren();
    location.reload();
  });
}

function told(worker, message) {
  return new Promise((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => answered(event.data);
    worker.postMessage(message, [port2]);
    setTimeout(() => answered(null), 10000);
  });
}
