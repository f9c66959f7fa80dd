// How a resident of the tests answers: one page after the other, whatever the survey asks.
import assert from "node:assert/strict";

/** Answers the question page that is open, the scale with its first point unless `choose` says otherwise, and goes on. */
export async function answerPage(person, choose = {}) {
  const page = person.page;
  const question = new URL(page.url()).pathname.split("/").pop();
  const form = page.locator("main form").first();
  const radios = form.locator("input[type=radio]");
  const boxes = form.locator("input[type=checkbox]");
  if (choose[question] !== undefined) {
    const wanted = choose[question];
    if (typeof wanted === "function") await wanted(page);
    else if (wanted !== "") await form.locator(`input[value="${wanted}"]`).first().check();
  } else if (await radios.count()) {
    await radios.first().check();
  } else if (await boxes.count()) {
    await boxes.first().check();
  } else if (await form.locator('input[name$="-day"]').count()) {
    await form.locator('input[name$="-day"]').fill("5");
    await form.locator('input[name$="-month"]').fill("3");
    await form.locator('input[name$="-year"]').fill("2024");
  } else if (await form.locator("textarea").count()) {
    await form.locator("textarea").fill("Longer opening hours on Saturday, please.\nŴyth o'r gloch, os gwelwch yn dda.");
  } else if ((await form.locator("input[inputmode]").count()) === 1) {
    await form.locator("input[inputmode]").fill("3");
  } else {
    const input = form.locator("input[type=text]").first();
    await input.fill((await input.getAttribute("autocomplete")) === "postal-code" ? "WM1 1AA" : "friendly");
  }
  await person.follow(form.locator("button").first());
  return question;
}

/** Walks from the start page to check-your-answers and returns the ids of the questions that were asked. */
export async function answerAll(person, choose = {}) {
  const asked = [];
  for (let i = 0; i < 60; i++) {
    const path = new URL(person.page.url()).pathname;
    if (path.endsWith("/respond/check")) return asked;
    assert.match(path, /\/respond\/[a-z0-9_]+$/, `the journey left its way: ${path}`);
    asked.push(await answerPage(person, choose));
  }
  throw new Error("no check page after 60 questions");
}

/** Answers the equality block, from its first question to the confirmation. */
export async function answerEquality(person, choose = {}) {
  const asked = [];
  for (let i = 0; i < 40; i++) {
    const path = new URL(person.page.url()).pathname;
    if (path.endsWith("/done")) return asked;
    assert.match(path, /\/equality\/[a-z0-9_]+$/, `the equality questions left their way: ${path}`);
    asked.push(await answerPage(person, choose));
  }
  throw new Error("no confirmation after 40 equality questions");
}

/** The withdrawal code and the reference on the confirmation page. */
export async function confirmation(person) {
  const main = await person.text();
  return {
    code: main.match(/\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}\b/)?.[0],
    reference: main.match(/\b[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/)?.[0],
  };
}
