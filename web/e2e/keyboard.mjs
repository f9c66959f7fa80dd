// Somebody at a keyboard: Tab, arrow, Space, Enter and letters are all they have. Nothing here touches the mouse or the page's script.
import assert from "node:assert/strict";
import { confirmation } from "./journey.mjs";

/** Presses Tab until the element that has the focus fits the selector. */
export async function tabTo(person, selector, most = 60) {
  for (let i = 0; i < most; i++) {
    await person.page.keyboard.press("Tab");
    if (await person.page.evaluate((s) => document.activeElement.matches(s), selector)) return;
  }
  assert.fail(`${selector} cannot be reached with the keyboard on ${person.page.url()}`);
}

/** Presses Enter on what has the focus and inspects the page that it leads to. */
export async function enter(person) {
  await Promise.all([person.page.waitForEvent("framenavigated"), person.page.keyboard.press("Enter")]);
  await person.page.waitForLoadState("load");
  await person.inspect();
}

/** Presses Enter on the first button of the page's own form. */
async function goOn(person) {
  await tabTo(person, "main form button");
  await enter(person);
}

/** Answers the page that is open: the first choice, or something typed. */
async function answerByKeyboard(person) {
  const keyboard = person.page.keyboard;
  await tabTo(person, "main form input:not([type=hidden]), main form textarea");
  const field = await person.page.evaluate(() => ({ type: document.activeElement.type, name: document.activeElement.name, mode: document.activeElement.inputMode }));
  if (field.type === "radio" || field.type === "checkbox") {
    await keyboard.press("Space");
    assert.ok(await person.page.evaluate(() => document.activeElement.checked), `Space chooses on ${person.page.url()}`);
  } else if (field.name.endsWith("-day")) {
    for (const part of ["5", "3", "2024"]) {
      await keyboard.type(part);
      if (part !== "2024") await keyboard.press("Tab");
    }
  } else {
    const postcode = await person.page.evaluate(() => document.activeElement.autocomplete === "postal-code");
    await keyboard.type(postcode ? "WM1 1AA" : field.mode === "numeric" ? "3" : "friendly");
  }
  await goOn(person);
}

/** Answers page after page as long as the address fits the pattern, and returns how many there were. */
async function answerWhile(person, pattern) {
  let pages = 0;
  for (; pattern.test(new URL(person.page.url()).pathname); pages++) {
    assert.ok(pages < 60, `${person.page.url()} does not end`);
    await answerByKeyboard(person);
  }
  return pages;
}

/** Goes the whole way of the survey, consents, and comes back to withdraw consent. */
export async function walkByKeyboard(p, slug) {
  await p.go(`/c/${slug}`);
  await p.page.keyboard.press("Tab");
  assert.equal(await p.page.evaluate(() => document.activeElement.className.includes("skip-link")), true, "the skip link comes first");
  await p.page.keyboard.press("Enter");
  await tabTo(p, "a.govuk-button--start");
  await enter(p);
  await tabTo(p, "main input[type=radio]");
  await p.page.keyboard.press("Space");
  await p.page.keyboard.press("ArrowDown");
  assert.equal(await p.page.locator("main input:checked").count(), 1);
  assert.ok(await p.page.locator("main input[type=radio]").nth(1).isChecked(), "an arrow goes on to the next choice");
  await goOn(p);
  assert.doesNotMatch(p.page.url(), /\/respond\/service$/);
  assert.ok((await answerWhile(p, /\/respond\/(?!check$)/)) >= 5);
  await goOn(p); // send
  assert.match(p.page.url(), /\/equality$/);
  await answerByKeyboard(p);
  assert.match(p.page.url(), /\/equality\/age-check$/);
  await answerByKeyboard(p);
  assert.match(p.page.url(), /\/equality\/consent$/);
  await answerByKeyboard(p); // the first of the two options agrees
  assert.ok((await answerWhile(p, /\/equality\//)) >= 2, "consent was given");
  const { code } = await confirmation(p);
  await tabTo(p, 'main a[href$="/your-response"]');
  await enter(p);
  await tabTo(p, "main input[name=code]");
  await p.page.keyboard.type(code);
  await enter(p);
  await tabTo(p, 'main form[action*="consent"] button');
  await enter(p);
  await p.go("/your-response/held");
  assert.equal(await p.page.locator('main form[action*="consent"] button').count(), 0, "nothing is left to withdraw");
}

/** Counts what is pressed with a mouse or a finger. Returns a function that says how often since it was last asked: 0 without scripts. */
export async function countPresses(person) {
  let presses = 0;
  if (!person.javaScript) return () => presses;
  await person.page.exposeFunction("folkmootPressed", () => presses++);
  await person.page.addInitScript(() => addEventListener("pointerdown", () => window.folkmootPressed(), true));
  return () => {
    const since = presses;
    presses = 0;
    return since;
  };
}
