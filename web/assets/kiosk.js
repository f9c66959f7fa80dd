// On a shared device: asks after a while without a touch or a key whether somebody is still there, and if nobody answers starts anew, where the service
// forgets what was answered. Without this file the page starts anew after half an hour.
const bar = document.querySelector('[data-kiosk]');
const quiet = 120_000; // milliseconds before it asks
const grace = 60_000; // and before it starts anew
const fresh = 1_200_000; // after which a page that waits for somebody is loaded anew

if (bar) watch(bar.dataset.kiosk, bar.querySelector('dialog'));
else setTimeout(() => location.reload(), fresh);

function watch(start, dialog) {
  let last = Date.now(); // of the last sign of somebody
  let timer;

  const anew = () => {
    document.body.hidden = true; // at once: the next page may take a moment
    location.replace(start);
  };
  // The time that has passed decides, not the timer: a device that sleeps stops its timers.
  const look = () => {
    clearTimeout(timer);
    const passed = Date.now() - last;
    if (passed >= quiet + grace) return anew();
    if (passed >= quiet && !dialog.open) dialog.showModal();
    timer = setTimeout(look, (dialog.open ? quiet + grace : quiet) - passed + 50);
  };
  const stay = () => {
    last = Date.now();
    look();
  };
  const touched = () => {
    if (Date.now() - last >= quiet) look(); // somebody woke the device: whose page it is nobody knows
    else if (!dialog.open) last = Date.now();
  };
  dialog.addEventListener('close', stay); // by the button or Escape
  dialog.querySelector('button').addEventListener('click', () => dialog.close());
  for (const sign of ['keydown', 'pointerdown', 'scroll']) addEventListener(sign, touched, { passive: true, capture: true });
  for (const sign of ['visibilitychange', 'focus', 'resume']) addEventListener(sign, look, { capture: true });
  addEventListener('pageshow', (event) => {
    if (event.persisted) anew(); // nobody goes back to what the person before has seen
  });
  look();
}
