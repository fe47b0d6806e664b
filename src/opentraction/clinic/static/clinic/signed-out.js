// Signing out in one tab clears what every other tab of this browser still shows; the treatment page looks after itself.
const channel = new BroadcastChannel('opentraction');
const signedIn = document.body.dataset.signedIn === 'yes';

if (!signedIn) channel.postMessage('signed-out');
channel.addEventListener('message', (event) => {
  if (event.data !== 'signed-out' || !signedIn || document.body.classList.contains('treatment')) return;
  document.getElementById('main').replaceChildren();
  location.reload();
});
