// Everything works without this file. It keeps forms that say so (data-live) up to date while their choices change: it
// presses the named button in the background and takes over what the answer says about the choices. Focus, scrolling and what
// is typed stay as they are.
const pause = 400; // milliseconds after the last change

for (const form of document.querySelectorAll('form[data-live]')) {
  const region = form.querySelector('[data-live-region]');
  const status = form.appendChild(document.createElement('p'));
  status.setAttribute('role', 'status');
  status.className = 'govuk-visually-hidden';
  let timer;
  let running;

  const renew = async () => {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    const fields = new URLSearchParams(new FormData(form));
    fields.set(form.dataset.live, 'live');
    region.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, { method: 'POST', body: fields, signal });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('form[data-live]');
      if (signal.aborted) return;
      if (!answer.ok || !fresh) throw new Error('no estimate'); // signed out, or the server is busy
      region.replaceChildren(...fresh.querySelector('[data-live-region]').childNodes);
      status.textContent = region.querySelector('p')?.textContent ?? '';
      hints(form, fresh);
      region.removeAttribute('aria-busy');
    } catch (problem) {
      if (signal.aborted) return;
      region.replaceChildren(); // better nothing than what is no longer true; the button is still there
      hints(form, document.createElement('form'));
      region.removeAttribute('aria-busy');
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(renew, pause);
  };
  form.addEventListener('change', (event) => {
    if (event.target.matches('input[type=checkbox], input[type=radio]')) later();
  });
  if (!region.firstElementChild && form.querySelector('input[type=checkbox]:checked')) renew();
}

// hints takes over the hints of the checkboxes.
function hints(form, fresh) {
  const found = new Map();
  for (const box of fresh.querySelectorAll('input[type=checkbox]')) found.set(box.name + '\n' + box.value, box);
  for (const box of form.querySelectorAll('input[type=checkbox]')) {
    const item = box.closest('.govuk-checkboxes__item');
    const twin = found.get(box.name + '\n' + box.value);
    const hint = twin?.closest('.govuk-checkboxes__item').querySelector('.govuk-checkboxes__hint');
    item.querySelector('.govuk-checkboxes__hint')?.remove();
    if (hint) {
      item.append(hint);
      hint.id = `${box.id}-item-hint`;
      box.setAttribute('aria-describedby', hint.id);
    } else {
      box.removeAttribute('aria-describedby');
    }
  }
}
