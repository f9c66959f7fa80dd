// On a shared device: asks after a while without a touch or a key whether somebody is still there, and if nobody answers starts anew, where the service
// forgets what was answered. Without this file the page starts anew after ten minutes.
const bar = document.querySelector('[data-kiosk]');
const dialog = bar.querySelector('dialog');
const quiet = 120_000; // milliseconds before it asks
const grace = 60_000; // and before it starts anew
let timer;

const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    dialog.showModal();
    timer = setTimeout(() => location.replace(bar.dataset.kiosk), grace);
  }, quiet);
};
const touched = () => {
  if (!dialog.open) wait();
};
dialog.addEventListener('close', wait); // by the button or Escape
dialog.querySelector('button').addEventListener('click', () => dialog.close());
for (const sign of ['keydown', 'pointerdown', 'scroll']) addEventListener(sign, touched, { passive: true });
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload(); // nobody goes back to what the person before has seen
});
wait();
